"""`langbenk log`, `langbenk told`: what was told of a child, and to its family, as either may read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

import typer

from hub.cli.desk import Municipality, opened
from hub.cli.show import Json, as_json, console, table
from hub.model.calendar import OSLO
from hub.ops.citizen_lines import family_log, heading, how_to_complain
from hub.ops.citizen_log import CitizenLog, Reader
from hub.ops.citizen_words import Page, line_of, read_log, why_shut
from hub.policy.explain import Language, texts

For = Annotated[Reader, typer.Option("--for", help="Who reads it: guardian or child.")]
Spoken = Annotated[Language, typer.Option("--language", "-l", help="nb, nn or en.")]


def log(child: str, reader: For, language: Spoken = "nb", municipality: Municipality = "", json: Json = False) -> None:
    """What was told of a child, from whom to whom, when, why and on what basis; newest first, without content."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        known_for = timedelta(hours=hub.settings.register_hours)
        found = page = read_log(work, desk, child, reader, Page(known_for=known_for))
        while page.next:
            page = read_log(work, desk, child, reader, Page(page.next, known_for=known_for))
            found = replace(page, entries=(*found.entries, *page.entries))
    if json:
        as_json(found)
        return
    _print(found, language)


def told(child: str, reader: For, language: Spoken = "nb", municipality: Municipality = "", json: Json = False) -> None:
    """What the family was told in words: guidance, decisions, and refusals with the way to complain."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        found = family_log(work, desk, child, reader, timedelta(hours=hub.settings.register_hours))
    if json:
        as_json(found)
        return
    if found.shut:
        console.print(why_shut(found, language), highlight=False, markup=False)
        return
    words = texts(language)
    rows = [
        (f"{one.at.astimezone(OSLO):%Y-%m-%d}", heading(one, language), one.words, how_to_complain(one, language))
        for one in found.lines
    ]
    columns = [words["log"][name] for name in ("when", "what", "why", "complain")]
    table(words["log"]["title"], columns, rows, words["family"]["empty"])


def _print(found: CitizenLog, language: Language) -> None:
    told = texts(language)["log"]
    if found.shut:
        console.print(why_shut(found, language), highlight=False, markup=False)
        return
    lines = [(entry, line_of(entry, language)) for entry in found.entries]
    rows = [(f"{e.at.astimezone(OSLO):%Y-%m-%d %H:%M}", line.what, line.why, line.complaint) for e, line in lines]
    table(told["title"], [told[name] for name in ("when", "what", "why", "complain")], rows, told["empty"])


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.command()(log)
    app.command()(told)
