"""`langbenk services`: who is responsible for what, and what the law asks of each service."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from hub.cli.decision import Spoken
from hub.cli.desk import Municipality, opened
from hub.cli.show import Json, as_json, console, table
from hub.ops.directory import Listed, listed_service, listed_services
from hub.policy.complaints import service_name
from hub.policy.directory import Duty
from hub.policy.explain import Language

Named = Annotated[str, typer.Argument(help="One service, to read all of it; left out, all in a table.")]


def services(service: Named = "", language: Spoken = "nb", municipality: Municipality = "", json: Json = False) -> None:
    """What each service does, who answers for it, and where its routines are; of one, what the law asks and by when."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        found = [listed_service(work, desk, service)] if service else listed_services(work, desk)
    if json:
        as_json([asdict(each) for each in found])
    elif service:
        _show(found[0], language)
    else:
        rows = [_row(each, language) for each in found]
        table("Services", ["service", "what it does", "who answers", "routines"], rows, "")


def add_to(app: typer.Typer) -> None:
    """Puts the command on the command line."""
    app.command()(services)


def _row(one: Listed, language: Language) -> tuple[str | None, ...]:
    return (one.entry.service, one.entry.does[language], one.entry.answers[language], one.routines)


def _show(one: Listed, language: Language) -> None:
    entry, name = one.entry, service_name(one.entry.service, language)
    lines = [entry.does[language], entry.answers[language], entry.coordination[language]]
    lines += [_duty(each, language) for each in entry.duties]
    lines += [one.routines] if one.routines else []
    lines += [f"{one.agreement.reference}: {one.agreement.contact}"] if one.agreement else []
    for line in (name[:1].upper() + name[1:] + (f" ({entry.act})" if entry.act else ""), *lines):
        console.print(line, highlight=False, markup=False)


def _duty(one: Duty, language: Language) -> str:
    within = f" – {one.within[language]}" if one.within else ""
    return f"{one.words[language]}{within} ({one.cite})"
