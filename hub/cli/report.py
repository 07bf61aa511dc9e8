"""`langbenk report`: what a municipality must see of its own cases, in numbers; which they are, for its own office."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from hub.cli.desk import Municipality, opened
from hub.cli.show import Json, as_json, console, table
from hub.errors import UnusableError
from hub.ops.hands import hand_of
from hub.ops.officials import Barred
from hub.ops.uncoordinated import Uncoordinated, must_be_the_office
from hub.ops.uncoordinated import without_coordinator as counted

report_app = typer.Typer(help="What a municipality must see of its own cases.", no_args_is_help=True)
Reader = Annotated[str, typer.Option("--person", help="Who reads which cases they are; without it the numbers alone.")]
COLUMNS = ["plan", "since", "why", "begun", "task", "with", "due"]


@report_app.command("without-coordinator")
def without_coordinator(person: Reader = "", municipality: Municipality = "", json: Json = False) -> None:
    """How many open cases have no coordinator, why, since when, and what is being done about each."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        barred = must_be_the_office(hand_of(work, desk, person)) if person else None
        found = barred or counted(work, desk)
    if isinstance(found, Barred):
        raise UnusableError(found.code, found.why, way_out=found.way_out)
    if json:
        as_json(found if person else replace(found, cases=()))
        return
    numbers = ", ".join(f"{why} {number}" for why, number in found.without.items())
    console.print(f"Open cases: {found.open_cases}. Without a coordinator: {numbers}. No task: {found.without_task}.")
    if person:
        rows = [row for one in found.cases for row in _rows(one)]
        table("Without a coordinator", COLUMNS, rows, "Every open case has a coordinator.")


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.add_typer(report_app, name="report")


def _rows(one: Uncoordinated) -> list[tuple[object, ...]]:
    """One for each task, or one that says there is none."""
    told = (one.plan, f"{one.since:%Y-%m-%d}", one.why, "yes" if one.begun else "no")
    tasks = [(each.kind, each.escalated_to or each.addressee, f"{each.due_at:%Y-%m-%d}") for each in one.tasks]
    return [(*told, *task) for task in tasks or [("none", "", "")]]
