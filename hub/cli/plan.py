"""`langbenk plan`: how far a plan has come in its life, and the steps of it that an operator takes for an office."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from hub.cli.coordination import ServiceName, taken
from hub.cli.decision import Spoken
from hub.cli.desk import Municipality, Person
from hub.cli.show import Json, as_json, console, table
from hub.model.life import Life
from hub.ops import closing, presence, seats, settling, together, unseen
from hub.ops.casework import Casework
from hub.ops.officials import Barred
from hub.ops.presence_words import in_words, notice

plan_app = typer.Typer(help="The life of a plan.", no_args_is_help=True)
District = Annotated[str, typer.Option("--district", help="Six digits; without it the municipality's own unit.")]
Words = Annotated[str, typer.Option("--words", help="What the family is told; it lies sealed.")]


class Why(StrEnum):
    """Why a plan is closed."""

    no_need = "no_need"
    no_consent = "no_consent"
    of_age = "of_age"
    moved = "moved"
    not_born = "not_born"
    deceased = "deceased"


@plan_app.command("show")
def show(plan: str, person: Person, municipality: Municipality = "", json: Json = False) -> None:
    """Since when it is worked on, who takes part, until when it is approved, and whether it is closed."""
    _step(plan, person, municipality, json, lambda case: case)


@plan_app.command("services")
def services(
    plan: str, person: Person, language: Spoken = "nb", municipality: Municipality = "", json: Json = False
) -> None:
    """Who takes part, who was asked and has not answered, who said no, and who is missing; for whoever coordinates."""
    found = taken(plan, person, municipality, presence.present_and_missing)
    if json:
        as_json([{**asdict(one), "words": in_words(one, language)} for one in found])
        return
    rows = [(one.service, one.state, in_words(one, language)) for one in found]
    table("Services", ["service", "state", "what"], rows, "No service takes part and none is known to be missing.")
    console.print(notice(language), highlight=False)


@plan_app.command("invite")
def invite(
    plan: str, service: ServiceName, person: Person, municipality: Municipality = "", json: Json = False
) -> None:
    """Asks a service to take part; it has five working days."""
    _step(plan, person, municipality, json, closing.while_open(lambda case: seats.invite(case, service)))


@plan_app.command("guide")
def guide(plan: str, person: Person, words: Words, municipality: Municipality = "", json: Json = False) -> None:
    """Writes down guidance given, for the family to read (`langbenk told`)."""
    _step(plan, person, municipality, json, closing.while_open(lambda case: together.guide(case, words)))


@plan_app.command("close")
def close(
    plan: str, person: Person, why: Annotated[Why, typer.Option("--why")], municipality: Municipality = "",
    json: Json = False,
) -> None:  # fmt: skip
    """Closes it: everybody at the table is told once, and what comes later is refused."""
    _step(plan, person, municipality, json, lambda case: closing.close(case, why.value))


@plan_app.command("settle")
def settle(
    plan: str, person: Person, district: District = "", municipality: Municipality = "", json: Json = False
) -> None:
    """Says in which city district the child lives: what waits for the coordinating unit is then that district's."""
    _step(plan, person, municipality, json, lambda case: settling.settle(case, district or None))


@plan_app.command("reopen")
def reopen(plan: str, person: Person, municipality: Municipality = "", json: Json = False) -> None:
    """Opens a closed plan anew for a new need; consent and everybody's part are asked anew."""
    _step(plan, person, municipality, json, closing.reopen)


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.add_typer(plan_app, name="plan")


def _step(plan: str, person: str, municipality: str, json: bool, act: Callable[[Casework], Casework | Barred]) -> None:
    def read(case: Casework) -> tuple[Casework, Life] | Barred:
        done = act(case)
        return done if isinstance(done, Barred) else (done, unseen.as_known(done))

    case, life = taken(plan, person, municipality, read)
    if json:
        as_json({"plan": plan, "leads": case.leader, **asdict(life)})
        return
    closed = f"Closed {life.closing.at:%Y-%m-%d}: {life.closing.why}." if life.closing else ""
    begun = f"Begun {life.begun:%Y-%m-%d}." if life.begun else "Not begun."
    console.print(" ".join(filter(None, (begun, closed, f"To be revised {life.revise_on or 'on no day yet'}."))))
    for log in life.relay_logs:
        console.print(f"Relay log of {log.service} handed over {log.at:%Y-%m-%d}, BTI level {log.level or 'not said'}.")
    rows = [(each.service, each.answer or "waits", each.starts_on) for each in life.seats]
    table("Takes part", ["service", "answer", "starts"], rows, "Nobody has been invited.")
