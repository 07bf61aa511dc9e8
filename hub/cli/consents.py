"""`langbenk consents`: asked for, given, refused, withdrawn, documented; what waits, and how long. Never free text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from hub.cli.desk import Municipality, opened
from hub.cli.show import Json, as_json, console, table
from hub.model.calendar import OSLO, norwegian_day
from hub.model.consent import Consent, ConsentRequest, Evidence, Matter, Terms
from hub.ops import consents, consents_waiting, register
from hub.ops.consents import Asking, Said
from hub.policy.question import PARTS, Language, render

consents_app = typer.Typer(help="Consent: asked for, given, refused, withdrawn.", no_args_is_help=True)

Who = Annotated[str, typer.Option("--person", help="Who answers: an opaque id, as the request names it.")]
By = Annotated[str, typer.Option("--received-by", help="Who received the answer: an opaque staff id.")]
Told = Annotated[
    list[str] | None,
    typer.Option(
        "--told", help=f"A part of the question that was told ({', '.join(PARTS)}); all of them: `everything`."
    ),
]
Reference = Annotated[str | None, typer.Option("--reference", help="The journal entry or the signed form.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day in Norway.")]


@consents_app.command("list")
def consents_list(
    child: Annotated[str, typer.Option(help="Every record about this child; else what waits for somebody.")] = "",
    municipality: Municipality = "",
    json: Json = False,
) -> None:
    """What waits for an answer, for the journal or to be asked again, and how long; or all consents of one child."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        if not child:
            _show_waiting(consents_waiting.waiting(work, desk), json)
            return
        records = [one for one, _ in register.listed(work, desk, child)]
    if json:
        as_json(records)
        return
    columns = ["consent", "person", "answer", "from", "to", "categories", "until", "stands"]
    table("Consents", columns, map(_row, records), "No consent is recorded.")


@consents_app.command("request")
def consents_request(
    child: Annotated[str, typer.Option()],
    background: Annotated[str, typer.Option(help="Why it is asked, as the person reads it.")],
    sender: Annotated[list[str], typer.Option("--from", help="A service that gives the information.")],
    receiver: Annotated[list[str], typer.Option("--to", help="A service that receives it.")],
    category: Annotated[list[str], typer.Option("--category", help="What it is about.")],
    person: Annotated[str, typer.Option("--person", help="Who asks: an opaque staff id.")],
    purpose: Annotated[list[str] | None, typer.Option("--purpose")] = None,
    valid_to: Day = None,
    deadline: Day = None,
    matter: Annotated[Matter, typer.Option()] = "ordinary",
    municipality: Municipality = "",
    json: Json = False,
) -> None:
    """Asks everybody who must consent; the hub finds who that is. A blank form is refused."""
    purposes = frozenset(purpose or ["coordination"])
    lists = (frozenset(category), frozenset(sender), frozenset(receiver), purposes)
    terms = Terms(background, *lists, valid_to=_instant(valid_to))
    asking = Asking(child, terms, person, deadline=_instant(deadline), matter=matter)
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        request = consents.ask(work, desk, asking)
    _show_request(request, json)


@consents_app.command("show")
def consents_show(
    id: str,
    language: Language = "nb",
    municipality: Municipality = "",
    json: Json = False,
) -> None:
    """A request, and the question as the person reads it."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        request = consents.request_of(work, desk, id)
    text = render(request, language)
    if json:
        as_json({**asdict(request), "text": text})
        return
    console.print("\n".join(text.values()), highlight=False, markup=False)


@consents_app.command("give")
def consents_give(
    id: str,
    person: Who,
    received_by: By,
    told: Told = None,
    oral: Annotated[bool, typer.Option("--oral", help="Said, not signed.")] = False,
    undocumented: Annotated[bool, typer.Option(help="The journal does not show it yet: it holds until then.")] = False,
    reference: Reference = None,
    municipality: Municipality = "",
    json: Json = False,
) -> None:
    """A yes to a request, with what shows it. What was not told leaves it held."""
    evidence = None if undocumented else _evidence(received_by, told, reference)
    _answer(municipality, id, Said(person, "yes", "oral" if oral else "written", evidence), json)


@consents_app.command("refuse")
def consents_refuse(id: str, person: Who, municipality: Municipality = "", json: Json = False) -> None:
    """A no to a request; nobody must say why, and nothing more is needed."""
    _answer(municipality, id, Said(person, "no"), json)


@consents_app.command("withdraw")
def consents_withdraw(
    id: str,
    person: Annotated[str | None, typer.Option("--person", help="Who withdraws: an opaque id.")] = None,
    municipality: Municipality = "",
    json: Json = False,
) -> None:
    """Withdraws a consent from now on, also for what waits to be sent."""
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            withdrawn = register.withdraw(work, desk, id, desk.clock.now(), person)
        hub.facts_changed(withdrawn.child)
    as_json(withdrawn) if json else console.print(f"Withdrawn {id}.")


@consents_app.command("document")
def consents_document(
    id: str,
    received_by: By,
    told: Told = None,
    reference: Reference = None,
    municipality: Municipality = "",
    json: Json = False,
) -> None:
    """What the journal says of a consent: who received it and what was told."""
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            kept = register.document(work, desk, id, _evidence(received_by, told, reference))
        hub.facts_changed(kept.child)
    as_json(kept) if json else console.print(f"Documented {id}{'' if kept.informed else ', but not informed'}.")


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.add_typer(consents_app, name="consents")


def _answer(municipality: str, id: str, said: Said, json: bool) -> None:
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            given = consents.answer(work, desk, id, said)
        hub.facts_changed(given.child)
    as_json(given) if json else console.print(f"Recorded {given.id}: {_stands(given)}.")


def _show_waiting(found: Sequence[consents_waiting.Waiting], json: bool) -> None:
    if json:
        as_json(found)
        return
    rows = [
        (one.what, one.id, one.child, one.person, _day(one.since), one.days, _day(one.deadline), ", ".join(one.rules))
        for one in found
    ]
    columns = ["for", "id", "child", "person", "since", "working days", "deadline", "why"]
    table("Waiting", columns, rows, "Nothing waits.")


def _show_request(request: ConsentRequest, json: bool) -> None:
    if json:
        as_json(request)
        return
    rows = [(one.person, one.giver, one.state) for one in request.questions]
    table(f"Request {request.id}, by {_day(request.deadline)}", ["person", "as", "answer"], rows, "Nobody is asked.")
    if request.needs:
        console.print(f"It waits all the same for: {', '.join(request.needs)}", highlight=False)


def _evidence(received_by: str, told: list[str] | None, reference: str | None) -> Evidence:
    parts = frozenset(PARTS if told == ["everything"] else told or ())
    if not parts <= set(PARTS):
        raise typer.BadParameter(f"some of {', '.join(PARTS)}, or everything", param_hint="--told")
    return Evidence(received_by, datetime.now(UTC), parts, reference)


def _row(one: Consent) -> tuple[Any, ...]:
    lists = (_words(one.senders) or "anybody", _words(one.receivers), _words(one.categories))
    return one.id, one.person, one.answer, *lists, _day(one.valid_to), _stands(one)


def _stands(one: Consent) -> str:
    """What a record is worth today, the hindrance first."""
    hindrances = (
        ("withdrawn", one.withdrawn_at is not None),
        ("without authority", one.authority is False),
        ("authority not judged", one.authority is None),
        ("not documented", one.form == "oral" and not one.documented),
        ("not shown to be informed", not one.informed),
        ("not voluntary", not one.voluntary),
    )
    return next(
        (word for word, hinders in hindrances if hinders),
        {"yes": "given", "no": "refused"}.get(one.answer, "no answer"),
    )


def _words(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))


def _instant(day: datetime | None) -> datetime | None:
    """The beginning of the day in Norway."""
    return None if day is None else day.replace(tzinfo=OSLO).astimezone(UTC)


def _day(instant: datetime | None) -> str:
    return "" if instant is None else f"{norwegian_day(instant):%Y-%m-%d}"
