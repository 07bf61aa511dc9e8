"""`langbenk report`: what a municipality must see of its own cases, in numbers; which they are, for its own office."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated

import typer

from hub.cli.desk import Municipality, opened
from hub.cli.show import Json, as_json, console, table
from hub.errors import UnusableError
from hub.ops.experiences import experience_report
from hub.ops.figures import Table
from hub.ops.hands import hand_of
from hub.ops.indicators import indicators as indicators_of
from hub.ops.officials import Barred
from hub.ops.published import NOT_SHOWN, as_csv, document
from hub.ops.uncoordinated import Uncoordinated, must_be_the_office
from hub.ops.uncoordinated import without_coordinator as counted
from hub.ops.yearly import Report, year_report
from hub.policy.explain import Language

report_app = typer.Typer(help="What a municipality must see of its own cases.", no_args_is_help=True)
Reader = Annotated[str, typer.Option("--person", help="Who reads which cases they are; without it the numbers alone.")]
Spoken = Annotated[Language, typer.Option("--language", "-l", help="nb, nn or en.")]
Year = Annotated[int, typer.Argument(help="A year that is over.")]
Csv = Annotated[bool, typer.Option("--csv", help="One figure a line, for a spreadsheet.")]
TOOK = ("median days", "nine in ten", "longest", "% in time")
COLUMNS = ["plan", "since", "why", "begun", "task", "with", "due"]


@report_app.command("without-coordinator")
def without_coordinator(person: Reader = "", municipality: Municipality = "", json: Json = False) -> None:
    """How many open cases have no coordinator, why, since when, and what is being done about each."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        hand = hand_of(work, desk, person) if person else None
        barred = None if hand is None else must_be_the_office(hand)
        found = barred or counted(work, desk, None if isinstance(hand, Barred) else hand)
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


@report_app.command("year")
def year(
    year: Year, municipality: Municipality = "",
    language: Spoken = "nb", csv: Csv = False, json: Json = False,
) -> None:  # fmt: skip
    """The year in anonymous figures: what waited, how it ended, how long it took, what was refused by which rule."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        found = year_report(work, desk, year)
    _publish(found, language, csv, json)


@report_app.command("indicators")
def indicators(
    year: Year, municipality: Municipality = "", language: Spoken = "nb", csv: Csv = False, json: Json = False
) -> None:
    """Anonymous indicators for a preventive plan: plans, who coordinates, how long it took, gaps, hand-overs."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        found = indicators_of(work, desk, year)
    _publish(found, language, csv, json)


@report_app.command("experiences")
def experiences(
    year: Year, municipality: Municipality = "", language: Spoken = "nb", csv: Csv = False, json: Json = False
) -> None:
    """What families think of how services work together: anonymous figures of their forms."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        found = experience_report(work, desk, year)
    _publish(found, language, csv, json)


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.add_typer(report_app, name="report")


def _rows(one: Uncoordinated) -> list[tuple[object, ...]]:
    """One for each task, or one that says there is none."""
    told = (one.plan, f"{one.since:%Y-%m-%d}", one.why, "yes" if one.begun else "no")
    tasks = [(each.kind, each.escalated_to or each.addressee, f"{each.due_at:%Y-%m-%d}") for each in one.tasks]
    return [(*told, *task) for task in tasks or [("none", "", "")]]


def _publish(report: Report, language: Language, csv: bool, json: bool) -> None:
    if csv:
        sys.stdout.write(as_csv(report))
    elif json:
        as_json(document(report))
    else:
        for each in report.tables:
            _print(each, language)
        console.print(
            f"{NOT_SHOWN} is about fewer than {report.fewest} children, or would tell of them.", highlight=False
        )


def _print(one: Table, language: Language) -> None:
    """A row for each value, with how long it took where that is told."""
    columns = [one.shape.rows, *one.columns, *(TOOK if one.shape.timed else ())]
    rows = [
        (row, *(_or_hidden(one.figures[row, column]) for column in one.columns), *_days(one, row)) for row in one.rows
    ]
    table(getattr(one.shape, language), columns, rows if len(rows) > 1 else [], f"{getattr(one.shape, language)}: 0")


def _days(one: Table, row: str) -> tuple[object, ...]:
    took = one.took.get(row)
    if took is None:
        return (NOT_SHOWN,) * len(TOOK) if one.shape.timed else ()
    return took.median, took.ninth, took.longest, _or_hidden(took.in_time)


def _or_hidden(number: int | None) -> object:
    return NOT_SHOWN if number is None else number
