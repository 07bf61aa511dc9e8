"""`langbenk coordination`: who coordinates a plan, by what right, and what the municipality decides on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from hub.cli.desk import Municipality, Person, opened
from hub.cli.show import Json, as_json, console, table
from hub.errors import UnusableError
from hub.ops import appointments, coordination, refusals, suggestions
from hub.ops.appointments import Appointment
from hub.ops.casework import Casework, take_up
from hub.ops.closing import while_open
from hub.ops.coordination import Decided
from hub.ops.hands import hand_of
from hub.ops.officials import Barred
from hub.ops.suggestions import in_words, notice
from hub.policy.complaints import spoken_refusal
from hub.policy.explain import Language

coordination_app = typer.Typer(help="Who coordinates a plan.", no_args_is_help=True)
T = TypeVar("T")
LINES = ["post", "service", "since", "until", "authority", "ended", "why"]

Reason = Annotated[str, typer.Option("--reason", help="In a few words; it lies sealed. No names, no health details.")]
Authority = Annotated[str, typer.Option("--authority", help="Where the decision or agreement is kept: a reference.")]
Since = Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Today unless it is said.")]
Until = Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="It ends before this day.")]
WishedOn = Annotated[datetime | None, typer.Option("--wished-on", formats=["%Y-%m-%d"], help="When the family asked.")]
Employee = Annotated[str, typer.Option("--employee", help="Who is appointed: an opaque staff id.")]
ServiceName = Annotated[str, typer.Argument(help="A service, as `hub/policy/services.yaml` names it.")]


class Spoken(StrEnum):
    """The languages the family is told in."""

    nb = "nb"
    nn = "nn"
    en = "en"


class Office(StrEnum):
    """What one can be appointed to."""

    child_coordinator = "child_coordinator"
    coordinator = "coordinator"
    main_responsible = "main_responsible"


class Wished(StrEnum):
    """What a family may ask for."""

    child_coordinator = "child_coordinator"
    plan = "plan"


class Held(StrEnum):
    """What one can lay down."""

    child_coordinator = "child_coordinator"
    coordinator = "coordinator"
    main_responsible = "main_responsible"
    appointed = "appointed"


class Ended(StrEnum):
    """Why it is laid down."""

    family = "family"
    resigned = "resigned"


Wanted = Annotated[Wished, typer.Option("--wish", help="What was asked for.")]


@coordination_app.command("show")
def show(plan: str, person: Person, municipality: Municipality = "", json: Json = False) -> None:
    """Who coordinates, and every appointment there has been."""
    _told(taken(plan, person, municipality, lambda case: case), json)


@coordination_app.command("claim")
def claim(plan: str, person: Person, municipality: Municipality = "", json: Json = False) -> None:
    """Takes on, for the person's own service, the coordination that nobody has."""
    _step(plan, person, municipality, json, coordination.claim)


@coordination_app.command("ask")
def ask(plan: str, service: ServiceName, person: Person, municipality: Municipality = "", json: Json = False) -> None:
    """Asks a service to coordinate; it has five working days."""
    _step(plan, person, municipality, json, lambda case: coordination.ask_service(case, service))


@coordination_app.command("decline")
def decline(plan: str, person: Person, reason: Reason, municipality: Municipality = "", json: Json = False) -> None:
    """Lays down, or says no to, the coordination for the person's own service."""
    _step(plan, person, municipality, json, lambda case: coordination.decline(case, reason))


@coordination_app.command("dispute")
def dispute(plan: str, person: Person, reason: Reason, municipality: Municipality = "", json: Json = False) -> None:
    """Says that it is disputed; structure waits until the municipality has decided."""
    _step(plan, person, municipality, json, lambda case: coordination.dispute(case, reason))


@coordination_app.command("decide")
def decide(
    plan: str, service: ServiceName, person: Person, authority: Authority, since: Since = None, reason: Reason = "",
    municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """The municipality's decision (COO-04); what has waited is released, or put to whoever coordinates now."""
    told = Decided(service, authority, _day(since), reason)
    _step(plan, person, municipality, json, lambda case: coordination.decide_coordination(case, told))


@coordination_app.command("appoint")
def appoint(
    plan: str, service: ServiceName, person: Person, authority: Authority, post: Office = Office.child_coordinator,
    employee: Employee = "", since: Since = None, until: Until = None, wished_on: WishedOn = None,
    municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """Appoints a municipal provider; a child coordinator where the family wishes it, until 18."""
    days = {"since": _day(since), "until": _day(until), "wished_on": _day(wished_on)}
    told = Appointment(post.value, service, authority, employee=employee or None, **days)
    _step(plan, person, municipality, json, lambda case: appointments.appoint(case, told))


@coordination_app.command("end")
def end(
    plan: str, post: Held, person: Person, why: Annotated[Ended, typer.Option("--why")],
    municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """Ends an appointment: the family no longer wants it, or the service lays it down."""
    _step(plan, person, municipality, json, lambda case: appointments.end_mandate(case, post.value, why.value))


@coordination_app.command("wish")
def wish(plan: str, person: Person, municipality: Municipality = "", json: Json = False) -> None:
    """Records that the family wishes a child coordinator: the coordinating unit has a task."""
    _step(plan, person, municipality, json, appointments.wish)


@coordination_app.command("refuse")
def refuse(
    plan: str, person: Person, authority: Authority, reason: Reason, wish: Wanted = Wished.child_coordinator,
    language: Spoken = Spoken.nb, municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """Refuses what the family asked for, with a reason, and says what it is told of complaining."""
    taken(plan, person, municipality, lambda case: refusals.refuse(case, wish.value, authority, reason))
    told_refusals(plan, person, language, municipality, json)


@coordination_app.command("refusals")
def told_refusals(
    plan: str, person: Person, language: Spoken = Spoken.nb, municipality: Municipality = "", json: Json = False
) -> None:
    """Every refusal with its reason, and how and until when to complain."""
    found = taken(plan, person, municipality, refusals.refusals_of)
    spoken: Language = language.value
    if json:
        as_json([{**asdict(one), "how_to_complain": spoken_refusal(one.ways, spoken)} for one in found])
        return
    rows = [(f"{one.at:%Y-%m-%d}", one.authority, one.reason, _last_days(one)) for one in found]
    table("Refusals", ["day", "authority", "why", "complain by"], rows, "Nothing was refused.")
    for words in dict.fromkeys(spoken_refusal(one.ways, spoken) for one in found):
        console.print(words, highlight=False)


def _last_days(one: refusals.Refusing) -> str:
    """Each last day to complain, the first first."""
    return ", ".join(sorted({way.complain_by.isoformat() for way in one.ways}))


@coordination_app.command("statements")
def statements(plan: str, person: Person, municipality: Municipality = "", json: Json = False) -> None:
    """What the parties to a dispute have said, for the office that decides."""
    found = taken(plan, person, municipality, coordination.statements_of)
    if json:
        as_json([{"at": one.at, "service": one.service, "person": one.who, "words": one.words} for one in found])
        return
    rows = [(f"{one.at:%Y-%m-%d}", one.service, one.words) for one in found]
    table("Statements", ["day", "service", "words"], rows, "Nobody has said anything.")


@coordination_app.command("suggest")
def suggest(
    plan: str, person: Person, language: Spoken = Spoken.nb, municipality: Municipality = "", json: Json = False
) -> None:
    """Who might coordinate, the one most speaks for first, and why. It appoints nobody: the municipality decides."""
    found = taken(plan, person, municipality, suggestions.who_might_coordinate)
    spoken: Language = language.value
    if json:
        as_json([{**asdict(one), "reasons": one.reasons, "words": in_words(one, spoken)} for one in found])
        return
    rows = [(number, one.service, in_words(one, spoken)) for number, one in enumerate(found, 1)]
    table("Who might coordinate", ["", "service", "why"], rows, "No service of the municipality takes part yet.")
    console.print(notice(spoken), highlight=False)


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.add_typer(coordination_app, name="coordination")


def _step(plan: str, person: str, municipality: str, json: bool, act: Callable[[Casework], Casework | Barred]) -> None:
    """One step, while the plan is not closed, and who coordinates after it."""
    _told(taken(plan, person, municipality, while_open(act)), json)


def _told(case: Casework, json: bool) -> None:
    told, of = case.facts.responsibility, {"plan": case.plan.id, "child": case.plan.child}
    if json:
        lines = [asdict(one) for one in case.facts.mandates]
        as_json({**of, "leads": case.leader, "disputed": told.disputed, "history": lines})
        return
    rows = [
        (one.post, one.service, one.since, one.until, one.authority, one.ended_at and f"{one.ended_at:%Y-%m-%d}",
         one.ended_why)
        for one in case.facts.mandates
    ]  # fmt: skip
    disputed = " It is disputed: the municipality must decide." if told.disputed else ""
    console.print(f"Coordinates: {case.leader or 'nobody'}.{disputed}", highlight=False)
    table("Appointments", LINES, rows, "Nobody has been appointed here.")


def taken(plan: str, person: str, municipality: str, act: Callable[[Casework], T | Barred]) -> T:
    """What one person does with a plan, and the look at it that follows."""
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            case = take_up(work, desk, hand_of(work, desk, person), plan)
            done = case if isinstance(case, Barred) else act(case)
        if isinstance(case, Casework) and not isinstance(done, Barred):
            hub.facts_changed(case.plan.child)
    if isinstance(done, Barred):
        raise UnusableError(done.code, done.why, way_out=done.way_out)
    return done


def _day(told: datetime | None) -> date | None:
    return told.replace(tzinfo=UTC).date() if told else None
