"""`langbenk resync` and `langbenk reconcile`: a system's view laid ready anew, and what each system really holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import Progress

from hub.bootstrap import Hub
from hub.cli.desk import Municipality, opened
from hub.cli.show import Json, as_json, console, errors, table
from hub.errors import UnusableError
from hub.ops.enrol import Desk, plan_of
from hub.routing.reconcile import Checked

System = Annotated[str, typer.Option("--system", help="A registered system's id.")]
COLUMNS = ["system", "plan", "state", "element", "kind", "what", "fields", "delivery"]


def resync(plan: str, system: System, municipality: Municipality = "", json: Json = False) -> None:
    """Lays one system's whole view of a plan ready anew, decided now; what waits gives way to it."""
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            plan_of(work, desk, plan)
            found = work.directory.systems().get(system)
        if found is None or found.municipality != desk.municipality:
            raise UnusableError("not_found", "no system of that id is registered here", way_out="see `config apply`")
        laid = hub.lay_anew(found, plan, desk.actor)
    told = {"plan": plan, "system": system, "delivery": laid.delivery, "state": laid.state or "nothing"}
    as_json(told) if json else console.print(f"{told['state']}: delivery {laid.delivery or '–'}", highlight=False)


def reconcile(
    system: System = "",
    plan: Annotated[str, typer.Option("--plan", help="Of one plan only.")] = "",
    repair: Annotated[bool, typer.Option("--repair", help="Lay what has drifted ready anew.")] = False,
    municipality: Municipality = "",
    json: Json = False,
) -> None:
    """Asks each system with an API what it holds of each plan, and lists what is otherwise than its view says.

    Elements and fields by code, never content. A system that does not answer is listed. Exit status 1 where something
    has drifted and is not repaired, or could not be asked.
    """
    with opened(municipality) as (hub, desk):
        checked = list(_all(hub, desk, (system or None, plan or None), repair=repair))
    if json:
        as_json([asdict(one) for one in checked])
    else:
        empty = "No system here has an API to be asked by, or none sits at that table."
        table("What systems hold", COLUMNS, [row for one in checked for row in _rows(one)], empty)
    if any(one.state in ("drift", "away", "failed") for one in checked):
        raise typer.Exit(1)


def _all(hub: Hub, desk: Desk, asked: tuple[str | None, str | None], *, repair: bool) -> Iterator[Checked]:
    """One record after the other, with a bar on standard error for a person who waits."""
    targets = hub.reconcile.targets(desk.municipality, *asked)
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        bar = progress.add_task("Asking", total=len(targets))
        for system, plan in targets:
            yield hub.reconcile.check(system, plan, desk.actor, repair=repair)
            progress.advance(bar)


def _rows(one: Checked) -> list[tuple[object, ...]]:
    state = f"{one.state} ({one.code})" if one.code else one.state
    rows: list[tuple[str, ...]] = [(each.element, each.kind, each.what, ", ".join(each.fields)) for each in one.drift]
    rows = rows or [("", "", "", "")]
    return [(one.system, one.plan, state, *row, one.delivery) for row in rows]


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.command()(resync)
    app.command()(reconcile)
