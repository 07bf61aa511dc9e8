"""A hidden child's whole story over HTTP and AMQP: no place of anybody's reaches another, and nothing says it aloud."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from hub.broker import fiks
from hub.broker.front import RECEIVER
from hub.policy.explain import LANGUAGES
from hub.routing.queues import DIRECTED, INTAKE, deliver_queue
from hub.sdk.directed import INFO
from tests.journeys.ear import AGREED, CONTROL, HIDDEN, NURSERY, SCHOOL, Ear, agree, enrol
from tests.journeys.marks import HIDDEN_BORN, Heard
from tests.journeys.placed_story import (
    SENDERS,
    find_places,
    key_of,
    labelled_letter,
    letter,
    of,
    support_plan,
    those_of,
    told,
)
from tests.journeys.post import PLAN, Line
from tests.journeys.systems import HOME, TWO
from tests.journeys.test_discretion import lines, rows
from tests.journeys.town import Town
from tests.journeys.world import World

__all__ = ["lines"]
OWN_CASES = "case of "
"""A sender's own case number is kept as it came, for its own receipts and for whoever may know of it."""
WORDS = ("title", "description", "text", "name", "extent")
EVERYTHING = [*AGREED, "adaptation", "health", "benefit", "address", "residence", "workplace"]


@pytest.fixture
def chosen() -> dict[str, str]:
    return {"trace_sample": "1.0"}


@pytest.fixture
def ear(world: World, town: Town, lines: io.StringIO) -> Ear:  # the fixture of the same name
    spans = InMemorySpanExporter()
    world.hub.telemetry.export(spans)
    world.register(CONTROL)
    return Ear(town, spans, lines, Heard(find=find_places))


def enrolled(ear: Ear, **facts: Any) -> str:
    child = enrol(ear, "hidden", HIDDEN["number"], HIDDEN_BORN.isoformat(), **facts)
    agree(ear, child, EVERYTHING)
    return child


def mailboxes(ear: Ear) -> dict[str, bytes]:
    """All that each system is sent, with everything beside the documents."""
    found = {each.id: ear.town.call(each, "GET", "/v1/mailbox?limit=100").content for each in SENDERS}
    for each in SENDERS:
        ear.town.empty_mailbox(each)
    return found


def strangers(seen: dict[str, bytes]) -> dict[str, set[str]]:
    """By receiver, the places of others that stand in what it was sent."""
    return {each.id: found for each in SENDERS if (found := find_places(seen[each.id]) - those_of(each))}


def released(ear: Ear) -> int:
    """Two address handlers send of an element what names no place, and refuse a message that does."""
    holds = ear.control("GET", f"/v1/holds?plan={ear.plans['hidden']}")
    ear.control("GET", "/v1/holds")
    for hold in holds:
        whole = ear.control("GET", f"/v1/holds/{hold['id']}")
        fields = [name for name in whole["fields"] if name not in WORDS and not name.isdigit()]
        for person in TWO:
            words = {"person": person, "reason": "agreed", "best_interest": "agreed"}
            verb = "release" if fields else "refusal"
            more = {"findings": hold["rules"], "fields": fields} if fields else {}
            ear.control("POST", f"/v1/holds/{hold['id']}/{verb}", words | more)
    return len(holds)


def read(ear: Ear, child: str) -> None:
    """What a guardian, the child, and the control room may read of it, in every language."""
    for language in LANGUAGES:
        for reader in ("guardian", "child"):
            ear.control("GET", f"/v1/persons/{child}/log?for={reader}&language={language}")
    with ear.town.world.hub.store.begin() as work:
        decisions = [row.id for row in work.decisions.of(HOME, ear.plans["hidden"])]
    for id in decisions[:40]:
        ear.control("GET", f"/v1/decisions/{id}?language=nb")
        ear.control("GET", f"/v1/decisions/{id}/replay")
    for path in (f"/v1/plans/{ear.plans['hidden']}", f"/v1/trail/{ear.plans['hidden']}", "/v1/set-aside", "/v1/status",
                 f"/v1/plans/{ear.plans['hidden']}/proposals", f"/v1/persons/{child}"):  # fmt: skip
        ear.control("GET", path)
    for receipt in ear.receipts:
        ear.control("GET", f"/v1/trail/{receipt}")


def written_back(ear: Ear, seen: dict[str, bytes]) -> None:
    """The kindergarten sends back what it was sent, with another word in it."""
    for row in orjson.loads(seen[NURSERY.id])["deliveries"]:
        if row["kind"] == NURSERY.document:
            ear.send(NURSERY, orjson.dumps(row["document"]).replace(b"Rolig", b"Stille"))


def test_no_place_of_a_hidden_child_reaches_another_or_is_said_aloud(ear: Ear) -> None:
    child = enrolled(ear, protection="strictly_confidential")
    told(ear)
    seen = mailboxes(ear)
    assert all(b"Rolig" in seen[each.id] for each in (SCHOOL, NURSERY)), "what tells no place was told"
    assert strangers(seen) == {}
    written_back(ear, seen)
    assert released(ear), "nothing waited"
    again = mailboxes(ear)
    read(ear, child)
    kept = Ear(ear.town, ear.spans, ear.lines, Heard(find=find_places))
    rows(kept)

    assert strangers(again) == {}
    assert "\n".join(ear.listen()) == ""
    assert "\n".join(each for each in kept.heard.leaks() if not each.startswith(OWN_CASES)) == ""


def test_of_any_other_child_the_same_story_tells_those_places(ear: Ear) -> None:
    enrolled(ear)
    told(ear)

    seen = strangers(mailboxes(ear))

    assert {
        "unit",
        "place",
        "phone",
        "email",
        "responsible",
        "author",
        "address",
        "case",
        "label",
        "title",
        "text",
    } <= {what.split(" of ")[0] for found in seen.values() for what in found}


@pytest.mark.services
@pytest.mark.parametrize("hides", [True, False])
def test_over_amqp_no_place_stands_in_any_letter(line: Line, hides: bool) -> None:
    protection = "strictly_confidential" if hides else "none"
    child = line.world.at_table("hidden", consent=False, protection=protection)
    line.world.consent(child, "hidden", "mother", "father", categories=frozenset(EVERYTHING))
    for each in SENDERS:
        line.world.seat("hidden", each, key_of(each))
    case = {"klientKorrelasjonsId": of(SCHOOL, "case")}
    to = {RECEIVER.removeprefix(fiks.CUSTOM): NURSERY.service}
    sent: list[tuple[str, Any]] = [(PLAN, support_plan(SCHOOL)), (INFO.name, letter(SCHOOL))]
    got = []
    for type, made in sent if hides else [*sent, (INFO.name, labelled_letter(SCHOOL))]:
        line.school.send(type, orjson.dumps(made), **case, **to)
        line.turn()
        got.append(line.nursery.get())
    if hides:
        line.school.send(INFO.name, orjson.dumps(labelled_letter(SCHOOL)), **case, **to)
        line.turn()
        assert line.nursery.waits() == 0, "a label that may name a place waits"

    heard = Heard(find=find_places)
    for each in got:
        heard.note("headers", repr(each.headers))
        heard.note("a body", each.body)
    for name in (INTAKE, DIRECTED, *(deliver_queue(each.id) for each in SENDERS)):
        heard.note("a queue", name)
    heard.note("the metrics", line.world.hub.metrics_text())

    assert {each.headers["type"] for each in got} == {NURSERY.document, INFO.name}
    assert {each.headers["avsender-id"] for each in got} == {line.school.hub}
    assert all("avsender-navn" not in each.headers for each in got)
    assert bool(heard.leaks()) is not hides, "\n".join(heard.leaks())
