"""`langbenk plan say|words|take-back|ask|experience|read`: what the family says, asks for and reads."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import typer

from hub.cli.coordination import ServiceName, taken
from hub.cli.desk import Municipality, Person, opened
from hub.cli.log import For
from hub.cli.log import Spoken as Language
from hub.cli.plan import plan_app
from hub.cli.show import Json, as_json, console, table
from hub.errors import UnusableError
from hub.model.plan import Element, Kind
from hub.model.schema import KINDS
from hub.ops import family_asks, own_words
from hub.ops.casework import Casework
from hub.ops.citizen_plan import read_plan
from hub.ops.citizen_plan_words import Part, parts_of, why_not_shown
from hub.ops.closing import while_open
from hub.ops.experiences import tell_experience
from hub.ops.family_said import Said, Words, said_by
from hub.ops.officials import Barred

SaidBy = Annotated[str, typer.Option("--said-by", help="Who of the family: the child's or a guardian's opaque id.")]
Reference = Annotated[str, typer.Option("--reference", help="What shows it: a journal entry or a letter.")]
Written = Annotated[bool, typer.Option("--written", help="It was written; spoken unless it is said.")]
Title = Annotated[str, typer.Option("--title", help="What a goal is called.")]
Spoken = Annotated[str, typer.Option("--words", help="What is said; it lies sealed.")]
Categories = Annotated[list[str], typer.Option("--category", "-c", help="What it reveals; once for each.")]
CommentsOn = Annotated[str, typer.Option("--comments-on", help="The element that a comment is about.")]
Instead = Annotated[str, typer.Option("--element", help="What the family said before, that it now says otherwise.")]
About = Annotated[str, typer.Option("--element", help="What is to change; a new one of a kind unless it is said.")]
Kinds = Annotated[str, typer.Option("--kind", help="Of what kind a new one is: frame, participant, cooperation …")]
Reveals = Annotated[list[str] | None, typer.Option("--category", "-c", help="What a new one reveals; once for each.")]
Fields = Annotated[list[str] | None, typer.Option("--set", help="FIELD=VALUE; once for each. No value takes it out.")]
Answers = Annotated[list[str], typer.Option("--answer", help="STATEMENT=disagree|neither|agree; once for each.")]
Remove = Annotated[bool, typer.Option("--remove", help="It is to be taken out of the plan.")]


class Own(StrEnum):
    """What the family says for itself."""

    goal = "goal"
    voice = "voice"
    note = "note"


@plan_app.command("say")
def say(
    plan: str, kind: Own, person: Person, said_by: SaidBy, reference: Reference, category: Categories,
    title: Title = "", words: Spoken = "", comments_on: CommentsOn = "", element: Instead = "",
    written: Written = False, municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """Writes down a goal, words or a comment of the family's own; with --element what it says now in place of that."""
    told = Words(kind.value, frozenset(category), title or None, words or None, comments_on=comments_on or None)

    def act(case: Casework) -> Element | Barred:
        said = _said(case, said_by, reference, written)
        return own_words.say_anew(case, element, said, told) if element else own_words.say(case, said, told)

    _shown([taken(plan, person, municipality, while_open(act))], json)


@plan_app.command("take-back")
def take_back(
    plan: str, element: str, person: Person, said_by: SaidBy, reference: Reference, written: Written = False,
    municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """The family takes back what it has said."""

    def act(case: Casework) -> Element | Barred:
        return own_words.take_back(case, element, _said(case, said_by, reference, written))

    _shown([taken(plan, person, municipality, while_open(act))], json)


@plan_app.command("words")
def words(plan: str, person: Person, municipality: Municipality = "", json: Json = False) -> None:
    """What there is of the family's own words, without what they say."""
    _shown(list(taken(plan, person, municipality, own_words.own_words)), json)


@plan_app.command("ask")
def ask(
    plan: str, person: Person, said_by: SaidBy, reference: Reference, words: Spoken, kind: Kinds = "",
    element: About = "", fields: Fields = None, category: Reveals = None, remove: Remove = False,
    written: Written = False, municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """Asks whoever coordinates to change what the family cannot change itself."""
    content = {name: value or None for name, _, value in (each.partition("=") for each in fields or ())}
    named = must_be_kind(kind) if kind else None
    what = family_asks.Asked(words, element or None, named, content, remove, frozenset(category or ()))
    act = while_open(lambda case: family_asks.ask(case, _said(case, said_by, reference, written), what))
    made = taken(plan, person, municipality, act)
    if json:
        as_json({"id": made.id, "kind": made.element["kind"], "state": made.state})
        return
    console.print(f"Proposal {made.id} waits for whoever coordinates.", highlight=False)


@plan_app.command("experience")
def experience(
    plan: str, person: Person, said_by: SaidBy, service: ServiceName, answer: Answers,
    municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """Counts what the family thinks of how a service works with it; nobody reads the answers of one family."""
    answers = {question: word for question, _, word in (each.partition("=") for each in answer)}
    taken(plan, person, municipality, lambda case: tell_experience(case, said_by, service, answers))
    if json:
        as_json({"counted": answers})
        return
    console.print("Counted, without who said it.")


@plan_app.command("read")
def read(
    child: str, reader: For, language: Language = "nb", municipality: Municipality = "", json: Json = False
) -> None:
    """The plan as the child or a guardian reads it: own goals and words first."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        found = read_plan(work, desk, child, reader, timedelta(hours=hub.settings.register_hours))
    if json:
        as_json({"shut": found.shut, "sections": [] if found.shut else parts_of(found, language)})
        return
    if found.shut:
        console.print(why_not_shown(found, language), highlight=False, markup=False)
        return
    for part in parts_of(found, language):
        _print(part)


def add_to(app: typer.Typer) -> None:
    """Nothing more: they are commands of `langbenk plan`."""


def _print(part: Part) -> None:
    """A heading, and what stands beneath it."""
    console.print(part.heading, style="bold", highlight=False, markup=False)
    for item in part.items:
        said = "; ".join(f"{name}: {value}" for name, value in item.fields)
        line = " – ".join(filter(None, (item.title, said, item.whose)))
        console.print(f"  • {line}", highlight=False, markup=False)
        for each in item.comments:
            told = ", ".join(value for _, value in each.fields)
            console.print(f"    ↳ {told} ({each.whose})", highlight=False, markup=False)
    for sentence in part.sentences:
        console.print(f"  {sentence}", highlight=False, markup=False)


def must_be_kind(word: str) -> Kind:
    """One of the kinds a plan has."""
    found = next((each for each in KINDS if each == word), None)
    if found is None:
        way_out = f"name one of {', '.join(KINDS)}"
        raise UnusableError("unknown_word", "a plan has no such kind", place="kind", way_out=way_out)
    return found


def _said(case: Casework, person: str, reference: str, written: bool) -> Said:
    return Said(person, "written" if written else "oral", case.now, reference)


def _shown(found: list[Element], json: bool) -> None:
    if json:
        as_json(
            [{"element": one.id, "kind": one.kind, "by": said_by(one), "categories": one.categories} for one in found]
        )
        return
    rows = [(each.id, each.kind, said_by(each), ", ".join(sorted(each.categories))) for each in found]
    table("The family's own words", ["element", "kind", "by", "reveals"], rows, "The family has said nothing yet.")
