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
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import httpx
import orjson
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
from hub.model.service import System
from hub.registry import Registry, listed
from hub.routing.receive import Reception
from hub.sdk import Kind, Manifest
from hub.sdk.directed import INFO, REPORT
from tests.journeys.marks import BORN, CHILD, HIDDEN_BORN, MARKS, Heard, marked
from tests.journeys.record import Record, fhir_server
from tests.journeys.systems import HOME, SYSTEMS, nursery_plan, support_plan
from tests.journeys.test_directed import report
from tests.journeys.town import Town
from tests.journeys.world import PATIENCE, World

CONTROL = System(
    "control-room", HOME, "coordinating_unit", "", "client-control", "310000000",
    scopes=frozenset({"langbenk:control"}),
)  # fmt: skip
SCHOOL, NURSERY, HEALTH = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["health"]
CHILD_WELFARE, NAV = SYSTEMS["child_welfare"], SYSTEMS["nav"]
CASE = "no.ssb.barnevern.fagsystem.v1.innrapportering"
KEYS = {
    SCHOOL.id: MARKS["school's key"],
    NURSERY.id: MARKS["nursery's key"],
    HEALTH.id: MARKS["health's key"],
    CHILD_WELFARE.id: MARKS["child welfare's key"],
    NAV.id: MARKS["nav's key"],
}
SERVICES = ["school", "kindergarten", "municipal_health", "child_welfare", "nav_social"]
AGREED = [
    "plan_goal",
    "plan_measure",
    "education",
    "wellbeing",
    "attendance",
    "identity",
    "birth_date",
    "care_situation",
]
log = logging.getLogger("hub")
HIDDEN = {"name": MARKS["hidden child's name"], "number": MARKS["hidden child's number"]}


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


@dataclass
class Ear:
    """Listens to everything the town says. What a system is sent about a child is no talk, and not listened to."""

    town: Town
    spans: InMemorySpanExporter
    lines: io.StringIO
    heard: Heard = field(default_factory=Heard)
    plans: dict[str, str] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)

    def control(self, method: str, path: str, body: Any = None, *, quiet: bool = False) -> Any:
        answer = self.town.call(CONTROL, method, path, json=body)
        if not quiet or answer.status_code >= 400:
            self._note(answer, f"{method} {path.split('?')[0]}")
        return answer.json() if answer.content else None

    def send(self, by: System, body: Any, kind: str = "", media: str = "application/json", **headers: str) -> Any:
        """Sends a document and waits until it is no longer pending; gives the receipt, or the problem."""
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        answer = self.town.post(by, raw, kind, media, headers={k.replace("_", "-"): v for k, v in headers.items()})
        self._note(answer, f"the answer to {kind or by.document}")
        if answer.status_code == 202:
            self.town.settled(by, answer)
            self.receipts.append(answer.json()["id"])
            self._note(self.town.call(by, "GET", answer.headers["Location"]), "a receipt")
        return answer.json()

    def _note(self, answer: httpx.Response, where: str) -> None:
        self.heard.note(where, answer.text)
        self.heard.note(f"headers of {where}", str(answer.headers.raw))

    def listen(self) -> list[str]:
        """All that was said up to now."""
        self.heard.note("a log line", self.lines.getvalue())
        for span in self.spans.get_finished_spans():
            self.heard.note(f"the span {span.name}", span.to_json())
        self.heard.note("the metrics", self.town.call(None, "GET", "/metrics").text)
        return self.heard.leaks()


@pytest.fixture
def ear(world: World, town: Town, lines: io.StringIO, record: Record) -> Ear:
    spans = InMemorySpanExporter()
    world.hub.telemetry.export(spans)
    world.register(CONTROL, replace(HEALTH, delivery="push", settings={"url": record.url}))
    return Ear(town, spans, lines)


# ── the journeys ────────────────────────────────────────────────────────────────────────────────────────────────────


def enrol(ear: Ear, name: str, number: str, born: str, **facts: Any) -> str:
    """Over HTTP, as a municipality does it; both guardians agree to some of it for all, and not to health."""
    guardians = [{"person": f"p-{who}", "relation": who} for who in ("mother", "father")]
    maturity = {"understands": False, "assessor": "emp-3", "assessed_on": "2026-08-10", "question": "sharing"}
    child = {"number": number, "birth_date": born, "guardians": guardians, "hearing": "2026-08-10"}
    child |= {"maturity": maturity, **facts}
    plan = ear.control("POST", "/v1/plans", {"child": child, "coordination": {"coordinator": "kindergarten"}})
    ear.plans[name] = plan["id"]
    for id, key in KEYS.items():
        suffix = "" if name == "marked" else "-2"
        ear.control("PUT", f"/v1/plans/{plan['id']}/links/{id}", {"key": {"value": key + suffix}})
    return str(plan["child"])


def agree(ear: Ear, child: str, categories: list[str], **terms: Any) -> list[str]:
    ids = []
    for giver in ("mother", "father"):
        consent = {"child": child, "person": f"p-{giver}", "giver": giver, "categories": categories, "documented": True}
        ids.append(ear.control("POST", "/v1/consents", consent | {"receivers": SERVICES, **terms})["id"])
    return ids


def log_of(name: str = "marked", **more: Any) -> dict[str, Any]:
    """A school's document in which everything is marked that a person may write."""
    suffix = "" if name == "marked" else "-2"
    words, who = f"{MARKS['own words']} og {MARKS['diagnosis']}", MARKS["guardian"]
    return {
        **support_plan(MARKS["school's key"] + suffix),
        "title": f"Stafettlogg {MARKS['first name']}",
        "participation": words,
        "concerns": [{"id": MARKS["own words"], "topic": MARKS["diagnosis"], "title": words, "status": "active"}],
        "goals": [{"id": "g1", "topic": "wellbeing", "title": words, "text": words, "status": "active"}],
        "measures": [
            {"id": "m1", "topic": "education", "title": words, "text": words, "responsible": who, "status": "active"},
            {"id": f"m-{MARKS['first name']}", "topic": "mental_health", "title": words, "status": "active"},
        ],
        "participants": [
            {"id": "p1", "name": who, "role": "guardian", "unit": MARKS["address"], "phone": MARKS["telephone"],
             "email": MARKS["e-mail"]},
        ],
        "childVoice": [{"id": "v1", "title": words, "words": words, "date": "2026-08-12", "how": "conversation"}],
        MARKS["a key of the document's"]: words,
        **more,
    }  # fmt: skip


def five_sectors(ear: Ear) -> None:
    """Receive, merge, forward, redact and push: each sector's own document, with its counterpart's format."""
    pupil = {"id": MARKS["school's key"], "nationalId": MARKS["number"], "name": CHILD.name, "born": BORN.isoformat()}
    for _ in range(2):
        ear.send(SCHOOL, log_of(pupil=pupil))
    for point in sorted(entry_points(group="hub.counterparts"), key=lambda each: each.name):
        counterpart = point.load()([CHILD])
        system = SYSTEMS[point.name]
        own = counterpart.key("marked").value
        ear.control("PUT", f"/v1/plans/{ear.plans['marked']}/links/{system.id}", {"key": {"value": own}})
        kind, body = counterpart.first_document("marked")
        text = body if body.lstrip().startswith(b"<") else orjson.dumps(marked(orjson.loads(body)))
        key = {"Langbenk-Child-Key": own} if system == NAV else {}
        ear.send(system, text, kind, "application/xml" if text.startswith(b"<") else "application/json", **key)


def held_and_released(ear: Ear) -> None:
    """A strictly confidential address: free text waits for a human, who releases one hold and refuses the others."""
    child = enrol(ear, "hidden", HIDDEN["number"], HIDDEN_BORN.isoformat(), protection="strictly_confidential")
    agree(ear, child, AGREED)
    ear.send(SCHOOL, log_of("hidden", notes=[{"id": "n1", "topic": "transition", "title": HIDDEN["name"],
                                              "text": f"bor i {MARKS['address']}"}]))  # fmt: skip
    holds = ear.control("GET", f"/v1/holds?plan={ear.plans['hidden']}")
    assert holds, "nothing was held"
    for place, hold in enumerate(holds):
        told = {"person": "emp-12", "reason": MARKS["a judgement's words"]}
        wrong = {**told, "findings": [MARKS["a key of the document's"]]}
        ear.control("POST", f"/v1/holds/{hold['id']}/release", wrong)
        verb, more = ("refusal", {}) if place else ("release", {"findings": hold["rules"]})
        ear.control("POST", f"/v1/holds/{hold['id']}/{verb}", told | more)


def denied_and_withdrawn(ear: Ear, consents: list[str]) -> None:
    """What waits in a mailbox when a consent is withdrawn does not leave it."""
    ear.send(SCHOOL, log_of(strengths=[{"id": "s1", "title": MARKS["own words"], "text": MARKS["diagnosis"]}]))
    for id in consents:
        ear.control("POST", f"/v1/consents/{id}/withdrawal")
    for each in (NURSERY, CHILD_WELFARE, NAV, SCHOOL):
        ear.town.empty_mailbox(each)


def proposed(ear: Ear) -> None:
    """The school writes on the kindergarten's measure; the coordinator declines, in marked words."""
    measure = {"id": "k1", "topic": "education", "title": MARKS["own words"], "status": "active"}
    ear.send(NURSERY, nursery_plan(MARKS["nursery's key"] + "-2", measures=[measure]))
    found = [each for each in ear.town.empty_mailbox(SCHOOL) if "measures" in each]
    assert found, "the school was told of no measure"
    for document in found:
        document["measures"] = [{**each, "title": MARKS["diagnosis"]} for each in document["measures"]]
        ear.send(SCHOOL, document)
    proposals = ear.control("GET", f"/v1/plans/{ear.plans['hidden']}/proposals")
    assert proposals, "nothing was proposed"
    told = {"person": "emp-12", "reason": MARKS["a judgement's words"]}
    for verb, proposal in zip(("decline", "acceptance"), proposals, strict=False):
        ear.control("POST", f"/v1/proposals/{proposal['id']}/{verb}", told)


def directed(ear: Ear) -> None:
    """A report and info messages; one has no receiver, is set aside, replayed and discarded."""
    document = report(MARKS["number"])
    document["offentligBarn"][0] |= {"personnavn": CHILD.name, "adresse": {"adresselinje1": MARKS["address"]}}
    document["foresatte"][0] |= {"personnavn": MARKS["guardian"], "telefonnummer": MARKS["telephone"]}
    claims = orjson.dumps({"person": "emp-7", "duty": {"ground": "a"}}).decode()
    ear.send(NURSERY, marked(document), REPORT.name, Langbenk_Claims=claims)
    ear.send(NURSERY, marked(document), REPORT.name)
    subject = {"kind": "own", "key": MARKS["nursery's key"]}
    facts = {MARKS["a key of the document's"]: MARKS["diagnosis"]}
    parts = [{"categories": ["education"], "text": MARKS["own words"], "facts": facts}]
    info = {"subject": subject, "title": MARKS["own words"], "free_text": True, "parts": parts}
    for service in ("school", "ppt"):
        ear.send(NURSERY, info, INFO.name, Langbenk_Receiver=service)
    named = {**info, "parts": [{"categories": [MARKS["first name"].lower()], "text": MARKS["own words"]}]}
    ear.send(NURSERY, named, INFO.name, Langbenk_Receiver="school")
    aside = ear.control("GET", "/v1/set-aside")
    assert aside, "nothing was set aside"
    for row in aside:
        ear.control("POST", f"/v1/set-aside/{row['id']}/replay")
        told = {"person": "emp-12", "reason": MARKS["a judgement's words"]}
        ear.control("POST", f"/v1/set-aside/{row['id']}/discard", told)


def refused(ear: Ear) -> None:
    """Bad input at every door, each with something marked where it breaks."""
    key, odd, words = MARKS["school's key"], MARKS["a key of the document's"], MARKS["diagnosis"]
    ear.send(SCHOOL, f'{{"pupil": {{"name": "{CHILD.name}", "{odd}"'.encode())
    ear.send(SCHOOL, f'{{"{odd}": 1, "{odd}": 2}}'.encode())
    ear.send(SCHOOL, CHILD.name.encode("latin-1"))
    ear.send(SCHOOL, b" " * 11_000_000 + CHILD.name.encode())
    ear.send(SCHOOL, support_plan(key, measures=[{"id": odd, "title": {odd: words}}]))
    ear.send(SCHOOL, support_plan(key, measures=[{"id": odd, "title": words, "status": words, "service": words}]))
    ear.send(SCHOOL, support_plan(key, period={"from": BORN.isoformat(), "to": CHILD.name}))
    ear.send(SCHOOL, {"schema": SCHOOL.document, "pupil": {odd: CHILD.name}})
    ear.send(SCHOOL, {**support_plan(""), "pupil": {"id": "nobody", "nationalId": MARKS["a wrong number"]}})
    ear.send(SCHOOL, support_plan(f"{key}-unknown", title=words))
    ear.send(SCHOOL, log_of(), f"no.langbenk.{MARKS['number']}.v1.plan")
    ear.send(SCHOOL, log_of(), "no.langbenk.no.v1.such-plan")
    ear.send(SCHOOL, CHILD.name.encode(), media=f"text/{odd}")
    ear.send(SCHOOL, log_of(), Idempotency_Key=MARKS["number"])
    ear.send(SCHOOL, log_of(), Langbenk_Correlation_Id=MARKS["number"])
    ear.send(SCHOOL, log_of(), Langbenk_Claims=f'{{"person": "{MARKS["number"]}", "{odd}": "{odd}"}}')
    for _ in range(2):
        ear.send(SCHOOL, log_of(), Idempotency_Key="the-same")
    ear.send(SCHOOL, log_of(title=words), Idempotency_Key="the-same")
    ear.send(NAV, {"version": odd, "hendelser": [{"type": words, "hendelsestidspunkt": words}]},
             "no.nav.digisos.digisos.soker.v1", Langbenk_Child_Key=MARKS["nav's key"])  # fmt: skip
    ear.send(NAV, {"hendelser": CHILD.name}, "no.nav.digisos.digisos.soker.v1", Langbenk_Child_Key=MARKS["number"])
    for xml in (
        f"<Barnevern><Sak>{CHILD.name}</Barnevern>",
        f'<Barnevern><{odd} Fodselsnummer="{MARKS["number"]}">{words}</{odd}></Barnevern>',
        f'<Barnevern {odd}="{words}"/>',
        f'<!DOCTYPE b [<!ENTITY x "{CHILD.name}">]><Barnevern>&x;</Barnevern>',
        f'<{odd} xmlns="urn:{odd}">{words}</{odd}>',
    ):
        ear.send(CHILD_WELFARE, xml.encode(), CASE, "application/xml")
        ear.send(CHILD_WELFARE, {"xsdVersion": "4.0.1", "xmlBody": xml, odd: words}, CASE)
    for resource in (
        {"resourceType": "Patient", odd: words, "name": [{"family": {odd: words}}]},
        {"resourceType": "Patient", "birthDate": CHILD.name, "gender": words},
        {"resourceType": odd, "id": words},
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Goal", odd: words}}]},
        {"resourceType": "CarePlan", "status": words, "intent": words, "subject": {"reference": f"Patient/{odd}"}},
    ):
        ear.send(HEALTH, resource, HEALTH.document)
    ear.send(NURSERY, {"users": [{"sourcedId": odd, "givenName": CHILD.name}]}, "no.langbenk.kindergarten.v1.oneroster")
    ear.send(NURSERY, report(MARKS["a wrong number"]), REPORT.name)
    ear.send(NURSERY, {"offentligBarn": [{odd: CHILD.name}]}, REPORT.name)
    ear.send(NURSERY, {"parts": [{"categories": [words], "facts": {odd: words}}]}, INFO.name)
    ear.send(NURSERY, {"parts": [], "free_text": False}, INFO.name, Langbenk_Receiver=odd)


def refused_in_the_control_room(ear: Ear) -> None:
    """Values where they do not belong, in the body of every control call; and tokens and addresses nobody knows."""
    odd, words, plan = MARKS["a key of the document's"], MARKS["diagnosis"], ear.plans["marked"]
    for method, path, body in (
        ("POST", "/v1/plans", {"child": {"number": MARKS["a wrong number"], "birth_date": BORN.isoformat()}}),
        ("POST", "/v1/plans", {"child": {"number": CHILD.name, "birth_date": CHILD.name, odd: words}}),
        ("POST", "/v1/plans", {"child": {"number": MARKS["number"], "birth_date": BORN.isoformat()}}),
        ("PUT", f"/v1/plans/{plan}/links/school-1", {"key": {"kind": "fnr", "value": MARKS["a wrong number"]}}),
        ("PUT", f"/v1/plans/{plan}/links/nobody-1", {"key": {"value": MARKS["school's key"]}, odd: words}),
        ("POST", "/v1/consents", {"child": MARKS["number"], "person": CHILD.name, "giver": words, odd: words}),
        ("PUT", f"/v1/plans/{plan}/coordination", {"coordinator": words, odd: words}),
        ("POST", "/v1/holds/none/release", {"person": CHILD.name, "reason": words, odd: words}),
        ("POST", "/v1/mailbox/acknowledgements", [{"id": CHILD.name, "status": words, "code": words}]),
        ("PUT", "/v1/systems", {"systems": [{"id": words, "service": words, odd: words}]}),
    ):
        ear.control(method, path, body)
    told = {"code": MARKS["number"], "status": "rejected", "id": "0" * 32}
    ear._note(ear.town.call(NURSERY, "POST", "/v1/mailbox/acknowledgements", json=[told]), "an acknowledgement")
    ear._note(ear.town.call(None, "GET", f"/v1/persons/{odd}"), "a stranger's answer")
    ear._note(ear.town.call(CONTROL, "GET", f"/v1/trail/{odd}"), "a trail of nothing")
    ear._note(ear.town.call(CONTROL, "GET", f"/v1/{odd}?name={odd}"), "an address of nothing")


def looked_at(ear: Ear) -> None:
    """What the control room may read of all this."""
    for plan in ear.plans.values():
        for path in (f"/v1/plans/{plan}", f"/v1/trail/{plan}", f"/v1/plans/{plan}/proposals", f"/v1/holds?plan={plan}"):
            ear.control("GET", path)
    for receipt in ear.receipts:
        ear.control("GET", f"/v1/trail/{receipt}")
    for path in ("/v1/holds", "/v1/set-aside", "/v1/status"):
        ear.control("GET", path)


def story(ear: Ear, record: Record) -> None:
    """Every journey there is, one after the other."""
    child = enrol(ear, "marked", MARKS["number"], BORN.isoformat())
    consents = agree(ear, child, AGREED)
    five_sectors(ear)
    assert record.came.wait(PATIENCE), "nothing was pushed"
    held_and_released(ear)
    proposed(ear)
    directed(ear)
    denied_and_withdrawn(ear, consents)
    refused(ear)
    refused_in_the_control_room(ear)
    looked_at(ear)
    for path in record.asked:
        ear.heard.note("an address that was called", path)


# ── what is said ────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── what a vendor's code may say ────────────────────────────────────────────────────────────────────────────────────


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
