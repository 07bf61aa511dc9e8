"""`langbenk holds`: what waits for a human, seen without content, and decided by people in the register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import typer

from hub.cli.desk import Municipality, Person, Reason, opened, quiet
from hub.cli.show import Json, as_json, console, table
from hub.errors import UnusableError
from hub.model.official import ROLES, Role
from hub.ops import hold_talk, hold_view, holds
from hub.ops.enrol import Desk
from hub.ops.holds import Judgement
from hub.ops.officials import Barred
from hub.ports import Hold, Work

holds_app = typer.Typer(help="What waits for a human.", no_args_is_help=True)
T = TypeVar("T")
Best = Annotated[str, typer.Option("--best-interest", help="Why it is best for the child; no names.")]
Finding = Annotated[str, typer.Option("--finding", help="Every rule it answers.")]
Field = Annotated[list[str] | None, typer.Option("--field", help="Send only this field, or part; may be repeated.")]
Question = Annotated[str, typer.Option("--question", help="What you ask; no names.")]


@holds_app.command("list")
def holds_list(person: Person, municipality: Municipality = "", json: Json = False) -> None:
    """Open holds as this person may see them: who, to whom, categories, which rule, until when. Never content."""
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            answer = holds.seen_by(work, desk, person)
        found = list(_allowed(answer))
    if json:
        as_json([quiet(hold) for hold in found])
        return
    rows = [
        (hold.id, hold.sender, hold.receiver or "(coordination)", ", ".join(hold.categories), ", ".join(hold.rules),
         hold.role, f"{hold.due_at:%Y-%m-%d %H:%M}" if hold.due_at else "–")
        for hold in found
    ]  # fmt: skip
    table("Holds", ["hold", "from", "towards", "categories", "rules", "with", "goes up"], rows, "No hold waits.")


@holds_app.command("show")
def holds_show(id: str, person: Person, municipality: Municipality = "", json: Json = False) -> None:
    """One hold: what it takes to send it, and what has been done about it."""
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            answer = hold_view.show(work, desk, id, person)
        shown = _allowed(answer)
    told = {**quiet(shown.hold), "needs": sorted(shown.needs), "people": shown.people, "fields": shown.fields}
    if json:
        as_json({**told, "moves": shown.moves, "content": shown.content})
        return
    console.print(told)
    rows = [(f"{each.done_at:%Y-%m-%d %H:%M}", each.action, each.who, str(dict(each.words))) for each in shown.moves]
    table("What was done", ["when (UTC)", "what", "who", "words"], rows, "Nothing yet.")


@holds_app.command("release")
def holds_release(
    id: str, person: Person, reason: Reason, best_interest: Best, finding: Finding, field: Field = None,
    municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """One person's word to send it, or some fields of it. Decided anew; answers no denial. Some need two people."""
    judgement = Judgement(person, reason, finding, best_interest, tuple(field) if field else None)
    hold = _done(municipality, lambda work, desk: holds.release(work, desk, id, judgement))
    waits = f"{person} agrees; another must say the same before {id} is sent."
    _say(hold, json, waits if hold.state == "open" else f"Released {id}.")


@holds_app.command("refuse")
def holds_refuse(
    id: str, person: Person, reason: Reason, best_interest: Best = "", municipality: Municipality = "",
    json: Json = False,
) -> None:  # fmt: skip
    """Leaves it where it is, with the reason; a changed element makes a new hold."""
    judgement = Judgement(person, reason, best_interest=best_interest)
    hold = _done(municipality, lambda work, desk: holds.refuse(work, desk, id, judgement))
    _say(hold, json, f"Refused {id}.")


@holds_app.command("handover")
def holds_handover(
    id: str, person: Person, reason: Reason, to: Annotated[str, typer.Option(help="The role that takes it over.")],
    municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """To people of another role, with a new deadline."""
    role: Role | None = next((known for known in ROLES if known == to), None)
    if role is None:
        raise UnusableError("no_handover", f"no such role; known are {', '.join(sorted(ROLES))}", place="to")
    hold = _done(municipality, lambda work, desk: hold_talk.hand_over(work, desk, id, Judgement(person, reason), role))
    _say(hold, json, f"{id} is with {hold.role} now.")


@holds_app.command("ask")
def holds_ask(id: str, person: Person, question: Question, municipality: Municipality = "", json: Json = False) -> None:
    """Asks whoever sent it; on its queue, in its mailbox and in its receipt."""
    hold = _done(municipality, lambda work, desk: hold_talk.ask_sender(work, desk, id, person, question))
    _say(hold, json, f"Asked the sender of {id}.")


@holds_app.command("consent")
def holds_consent(
    id: str, person: Person, background: Annotated[str, typer.Option(help="What those asked are told of why.")],
    municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """Asks everybody who must consent for just what this hold waits for."""
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            answer = hold_talk.ask_consent(work, desk, id, Judgement(person, background))
        request = _allowed(answer)
    words = f"Asked {len(request.questions)} people: {request.id}; see `langbenk consents show`."
    as_json({"request": request.id, "deadline": request.deadline}) if json else console.print(words)


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.add_typer(holds_app, name="holds")


def _done(municipality: str, act: Callable[[Work, Desk], Hold | Barred]) -> Hold:
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            answer = act(work, desk)
        hold = _allowed(answer)
        hub.release(hold)
    return hold


def _say(hold: Hold, json: bool, words: str) -> None:
    as_json(quiet(hold)) if json else console.print(words)


def _allowed(answer: T | Barred) -> T:
    """What a person may not do is said once the transaction that recorded the attempt is over."""
    if isinstance(answer, Barred):
        raise UnusableError(answer.code, answer.why)
    return answer
