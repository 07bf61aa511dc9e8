"""`langbenk holds`: what waits for a human, listed without content, released or refused."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.cli.desk import Municipality, Person, Reason, opened, quiet
from hub.cli.show import Json, as_json, console, table
from hub.ops import holds
from hub.ops.holds import Judgement

holds_app = typer.Typer(help="What waits for a human.", no_args_is_help=True)


@holds_app.command("list")
def holds_list(municipality: Municipality = "", json: Json = False) -> None:
    """Open holds: who, to whom, categories, which rule, since when. Never content (RED-03)."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        found = list(holds.list_holds(work, desk))
    if json:
        as_json([quiet(hold) for hold in found])
        return
    rows = [
        (hold.id, hold.plan, hold.receiver or "(coordination)", ", ".join(hold.categories), ", ".join(hold.rules),
         f"{hold.created_at:%Y-%m-%d %H:%M}")
        for hold in found
    ]  # fmt: skip
    table("Holds", ["hold", "plan", "towards", "categories", "rules", "since"], rows, "No hold waits.")


@holds_app.command("release")
def holds_release(
    id: str, person: Person, reason: Reason, finding: Annotated[str, typer.Option(help="The rule it answers.")],
    municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """Sends what was held, decided anew; answers this element, content and receiver only, never a denial."""
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            hold = holds.release(work, desk, id, Judgement(person, reason, finding))
        hub.release(hold)
    as_json(quiet(hold)) if json else console.print(f"Released {id}.")


@holds_app.command("refuse")
def holds_refuse(id: str, person: Person, reason: Reason, municipality: Municipality = "", json: Json = False) -> None:
    """Leaves it where it is, with the reason; a changed element makes a new hold."""
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            hold = holds.refuse(work, desk, id, Judgement(person, reason))
        hub.release(hold)
    as_json(quiet(hold)) if json else console.print(f"Refused {id}.")


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.add_typer(holds_app, name="holds")
