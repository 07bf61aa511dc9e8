"""`langbenk audit export|verify`: what a supervisor is handed on a statutory request, and whether it is whole."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.desk import Municipality, opened
from hub.cli.show import Json, as_json, console
from hub.errors import UnusableError
from hub.model.calendar import OSLO
from hub.ops.audit_export import Request
from hub.ops.audit_export import export as exported
from hub.ops.audit_file import verify as verified
from hub.ops.officials import Barred

audit_app = typer.Typer(help="What was decided and done, for a supervisor.", no_args_is_help=True)
Person = Annotated[str, typer.Option("--person", help="Who hands it over: one who decides for the municipality.")]
Authority = Annotated[str, typer.Option("--authority", help="Who demands it: county_governor, data_protection …")]
Basis = Annotated[str, typer.Option("--basis", help="On which provision, by code: municipal_act, gdpr …")]
Reference = Annotated[str, typer.Option("--reference", help="The authority's own case number.")]
Since = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")]
Until = Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")]
Out = Annotated[Path, typer.Option("--out", help="A file that is not there yet.")]
Of = Annotated[str, typer.Option(help="About this one only; its opaque id.")]


@audit_app.command("export")
def export(
    person: Person, authority: Authority, basis: Basis, reference: Reference, since: Since, until: Until, out: Out,
    child: Of = "", plan: Of = "", case: Of = "", municipality: Municipality = "", json: Json = False,
) -> None:  # fmt: skip
    """Writes decisions with their reasons, and the audit chain they stand in. That it was done is on record."""
    first, last = _midnight(since.date()), _midnight(until.date() + timedelta(days=1))
    asked = Request(authority, basis, reference, first, last, child, plan, case)
    if out.exists():
        raise UnusableError("invalid_request", "there is such a file", place="out", way_out="name another")
    part = out.with_name(out.name + ".part")
    try:
        with opened(municipality) as (hub, desk), hub.store.begin() as work, part.open("wb") as file:
            part.chmod(0o600)
            made = exported(work, desk, person, asked, file)
        if isinstance(made, Barred):
            raise UnusableError(made.code, made.why, way_out=made.way_out)
        part.rename(out)  # only once the line about it is committed
    finally:
        part.unlink(missing_ok=True)
    if json:
        as_json({"digest": made.digest, "files": made.told["files"]})
        return
    counts = ", ".join(f"{each['lines']} {name}" for name, each in made.told["files"].items())
    console.print(f"{counts}. Digest, to be told apart from the file: {made.digest}", highlight=False)


@audit_app.command("verify")
def verify(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)], json: Json = False) -> None:
    """Whether an export is whole, without the hub and without a key. Exit status 1 where something is otherwise."""
    with file.open("rb") as handed:
        found = verified(handed)
    if json:
        as_json({"digest": found.manifest.digest, "faults": found.faults, "manifest": found.manifest.told})
    else:
        for fault in found.faults:
            console.print(fault, highlight=False, markup=False)
        whole = "It holds together." if not found.faults else f"{len(found.faults)} faults."
        console.print(f"{whole} Digest, to be held against the hub's own: {found.manifest.digest}", highlight=False)
    if found.faults:
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.add_typer(audit_app, name="audit")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), OSLO)
