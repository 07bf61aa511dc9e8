"""Marked children are pushed through every journey, and nothing that is said aloud holds anything of theirs.

Said aloud is: every log line at every level, span, metric, address, queue name, receipt, problem document, decision
record, audit line, set-aside row, trail, status, the command line, what the processes print, and the database's bytes.
"""

from __future__ import annotations

import io
import logging
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from psycopg import sql
from sqlalchemy import make_url
from typer.testing import CliRunner

from hub import logs
from hub.cli import app
from hub.errors import SetupError, TryAgainError, UnusableError
from hub.model.envelope import Receipt
from hub.registry import Registry, listed
from hub.routing.receive import Reception
from hub.sdk import Kind, Manifest
from hub.sdk.directed import INFO
from tests.journeys.ear import CONTROL, HEALTH, NURSERY, SCHOOL, Ear
from tests.journeys.marked_story import story
from tests.journeys.marks import CHILD, MARKS, Heard
from tests.journeys.record import Record, fhir_server
from tests.journeys.systems import HOME
from tests.journeys.town import Town
from tests.journeys.world import World

log = logging.getLogger("hub")


@pytest.fixture
def chosen() -> dict[str, str]:
    return {"trace_sample": "1.0"}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the hub would log, at the most talkative level there is."""
    root = logging.getLogger()
    before, level, stream = root.handlers, root.level, io.StringIO()
    logs.set_up_logs("DEBUG", stream=stream)
    yield stream
    logs.set_up_logs()
    logging.captureWarnings(False)
    logging.raiseExceptions = True
    root.handlers = before
    root.setLevel(level)


@pytest.fixture
def record() -> Iterator[Record]:
    with fhir_server() as made:
        yield made


@pytest.fixture
def ear(world: World, town: Town, lines: io.StringIO, record: Record) -> Ear:
    spans = InMemorySpanExporter()
    world.hub.telemetry.export(spans)
    world.register(CONTROL, replace(HEALTH, delivery="push", settings={"url": record.url}))
    return Ear(town, spans, lines)


def test_nothing_of_a_marked_child_is_said_aloud(
    ear: Ear, record: Record, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    story(ear, record)
    ear.heard.note("what was printed", "".join(capfd.readouterr()))
    commands(ear, monkeypatch)
    rows(ear)
    leaks = ear.listen()

    assert "\n".join(leaks) == ""
    assert every_outcome(ear) == []


def commands(ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an operator's command line shows of all this, and how it refuses a file it cannot use."""
    settings = ear.town.world.hub.settings
    monkeypatch.setenv("LANGBENK_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("LANGBENK_MASTER_KEY", str(settings.master_key and settings.master_key.get_secret_value()))
    receipt, plan = ear.receipts[0], ear.plans["hidden"]
    for words in (
        ["status"], ["trail", receipt], ["trail", plan], ["trail", MARKS["number"]], ["holds", "list"],
        ["aside", "list"], ["config", "check"], ["adapters"],
    ):  # fmt: skip
        for form in ([], ["--json"]):
            command(ear, [*words, *form])
    decide_on_the_command_line(ear)
    file = Path(ear.town.world.hub.settings.jwks or "").parent / "document"
    for adapter, body in (("school", f'{{"{CHILD.name}": '), ("child-welfare", f"<{MARKS['own words']}>"),
                          ("health", f'{{"resourceType": "{CHILD.name}"}}')):  # fmt: skip
        file.write_text(body, "utf-8")
        command(ear, ["translate", str(file), "--adapter", adapter])


def decide_on_the_command_line(ear: Ear) -> None:
    """A hold and something set aside, each ended with a person's marked words, and shown as JSON."""
    ear.send(NURSERY, {"free_text": True, "parts": [{"categories": ["health"], "text": MARKS["own words"]}]},
             INFO.name, Langbenk_Receiver="ppt", Langbenk_Child_Key=MARKS["nursery's key"])  # fmt: skip
    with ear.town.world.hub.store.begin() as work:
        held, aside = work.holds.open(HOME), [row for row in work.set_aside.list(HOME) if row.state == "open"]
    assert held and aside, "there was nothing to decide"
    said = ["--person", "emp-12", "--reason", MARKS["a judgement's words"], "--json"]
    command(ear, ["holds", "refuse", held[0].id, *said])
    command(ear, ["aside", "show", aside[0].id])
    command(ear, ["aside", "discard", aside[0].id, *said])
    command(ear, ["aside", "show", aside[0].id, "--json"])


def command(ear: Ear, words: list[str]) -> None:
    done = CliRunner().invoke(app, words)
    ear.heard.note(f"langbenk {words[0]}", f"{done.output} {done.exception!r}")


def rows(ear: Ear) -> None:
    """Every row of every table as the database keeps it; and of SQLite the bytes of its files."""
    url = make_url(ear.town.world.hub.settings.database_url)
    if url.get_backend_name() == "sqlite":
        for path in Path(url.database or "").parent.glob(f"{Path(url.database or '').name}*"):
            ear.heard.note(f"the file {path.name}", path.read_bytes())
        with closing(sqlite3.connect(url.database or "")) as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  # our own tables' names
                    ear.heard.note(f"a row of {table}", repr(row))
        return
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            for (row,) in connection.execute(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(table))):
                ear.heard.note(f"a row of {table}", row)


def every_outcome(ear: Ear) -> list[str]:
    """Which outcomes the story has missed: without them the test would prove less than it says."""
    with ear.town.world.hub.store.begin() as work:
        parts, deliveries = set(work.tally.parts(HOME)), set(work.tally.deliveries(HOME))
        decided = set(work.tally.decisions(HOME, "forward")) | set(work.tally.decisions(HOME, "dispatch"))
    wanted = {"merged", "passed", "refused", "unchanged", "duplicate"} - parts
    wanted |= {"delivered", "denied"} - deliveries
    return sorted(wanted | {"forward", "forward_redacted", "hold", "deny"} - decided)


class Quoting:
    """A vendor's adapter that quotes what it meets, in every error it knows."""

    manifest = Manifest(
        name="quoting", title="Quoting", services=("school",), reads=(Kind("no.quoting.v1.message", directed=True),),
        writes=(Kind("no.quoting.v1.message", directed=True),), carries={},
    )  # fmt: skip

    def read(self, raw: bytes, kind: str) -> Any:
        words = raw.decode()
        log.error("cannot read %s", words, exc_info=ValueError(words))
        logging.getLogger("quoting").error("cannot read %s", words)
        warnings.warn(words, stacklevel=1)
        raise {
            "unusable": UnusableError(words, words, place=words, way_out=words),
            "setup": SetupError(words),
            "again": TryAgainError(words),
            "bug": KeyError(words),
        }[words.split()[0]]

    def write(self, document: Any, kind: str) -> bytes:
        raise KeyError(str(document))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("family", ["unusable", "setup", "bug"])
def test_an_adapter_that_quotes_what_it_reads_is_not_quoted(
    embedded: World, lines: io.StringIO, family: str, capfd: pytest.CaptureFixture[str]
) -> None:
    hub, heard = embedded.hub, Heard()
    hub.__dict__["reception"] = replaced_catalogue(hub)
    embedded.register(replace(SCHOOL, adapter="quoting", document="no.quoting.v1.message"))

    answer = embedded.send(SCHOOL, f"{family} {CHILD.name} {MARKS['number']}".encode(), "no.quoting.v1.message")
    assert isinstance(answer, Receipt)
    heard.note("the receipt", repr(embedded.receipt(SCHOOL, answer)))
    heard.note("a log line", lines.getvalue())
    heard.note("what was printed", "".join(capfd.readouterr()))

    assert [part.state for part in answer.parts] == ["refused"]
    assert heard.leaks() == []


def replaced_catalogue(hub: Any) -> Reception:
    """Door 1 of the same hub, with the quoting adapter installed."""
    registry = Registry([listed("quoting", lambda: Quoting)])
    return Reception(hub.store, hub.keys, hub.clock, registry, lambda *_: None, hub.publish, hub.watch)
