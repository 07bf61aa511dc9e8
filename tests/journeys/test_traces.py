"""One trace a message, from door to door, though its steps are taken in other threads and days apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Event
from time import monotonic

import orjson
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from hub.ops.trail import trail
from hub.routing.watched import ATTRIBUTES, STEPS
from hub.sdk.directed import INFO
from tests.journeys.record import Record, fhir_server
from tests.journeys.systems import HOME, SYSTEMS, measure, support_plan
from tests.journeys.town import Town
from tests.journeys.world import PATIENCE, World

SCHOOL, NURSERY, HEALTH = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["health"]
THEIRS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
PLAN = support_plan("nora@school-1", measures=[measure("m1", "A quiet start to the day")])


@pytest.fixture
def chosen() -> dict[str, str]:
    return {"trace_sample": "1.0"}


@pytest.fixture
def spans(world: World) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    world.hub.telemetry.export(exporter)
    return exporter


def tree(spans: InMemorySpanExporter) -> list[tuple[str, str]]:
    """Each step with the step it follows from; the test fails where they are not of one trace."""
    found = spans.get_finished_spans()
    names = {span.context.span_id: span.name for span in found}
    assert len({span.context.trace_id for span in found}) == 1

    return sorted((span.name, names.get(span.parent.span_id, "them") if span.parent else "") for span in found)


def test_a_message_and_what_it_leads_to_are_one_trace(world: World, spans: InMemorySpanExporter) -> None:
    world.at_table("nora", SCHOOL, NURSERY)

    world.tell(SCHOOL, PLAN)
    world.take(NURSERY)

    assert tree(spans) == [("dispatch", "merge"), ("merge", "receive"), ("receipt", "merge"), ("receive", "")]


def test_it_goes_on_from_the_senders_own_trace(world: World, spans: InMemorySpanExporter) -> None:
    world.at_table("nora", SCHOOL, NURSERY)

    world.tell(SCHOOL, PLAN, traceparent=THEIRS)
    world.take(NURSERY)

    assert ("receive", "them") in tree(spans)
    assert f"{spans.get_finished_spans()[0].context.trace_id:032x}" in THEIRS


def test_a_decision_is_an_event_of_the_step_that_made_it(world: World, spans: InMemorySpanExporter) -> None:
    world.at_table("nora", SCHOOL, NURSERY)

    world.tell(SCHOOL, PLAN)
    (merge,) = [span for span in spans.get_finished_spans() if span.name == "merge"]
    (event,) = merge.events

    assert (event.name, dict(event.attributes or {})) == (
        "decided",
        {"langbenk.sector.target": "kindergarten", "langbenk.decision.outcome": "forward"},
    )


def test_a_directed_message_has_its_trace_too(world: World, spans: InMemorySpanExporter) -> None:
    world.at_table("nora", NURSERY, SCHOOL)
    subject = {"kind": "own", "key": "nora@kindergarten-1"}
    parts = [{"categories": ["education"], "facts": {"starts": "2026-08-17"}}]

    world.tell(NURSERY, {"subject": subject, "free_text": False, "parts": parts}, INFO.name, receiver="school")
    world.take(SCHOOL)

    assert tree(spans) == [("directed", "receive"), ("dispatch", "directed"), ("receipt", "directed"), ("receive", "")]


def test_each_message_of_a_group_has_a_trace_of_its_own(world: World, spans: InMemorySpanExporter) -> None:
    world.at_table("nora", SCHOOL, NURSERY)

    world.tell(SCHOOL, PLAN)
    world.tell(SCHOOL, PLAN)

    assert len({span.context.trace_id for span in spans.get_finished_spans()}) == 2


def test_nothing_but_declared_steps_and_attributes_leaves(world: World, spans: InMemorySpanExporter) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    world.hub.watch.note("not a declared event", outcome="forward")

    world.tell(SCHOOL, PLAN)
    world.take(NURSERY)
    found = spans.get_finished_spans()

    assert {span.name for span in found} <= STEPS
    assert {name for span in found for name in span.attributes or {}} <= set(ATTRIBUTES.values())
    assert not [link for span in found for link in span.links]


def test_the_trail_names_the_trace(world: World, spans: InMemorySpanExporter) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    receipt = world.tell(SCHOOL, PLAN)

    with world.hub.store.begin() as work:
        (received,) = [step for step in trail(work, HOME, receipt.id) if step.what == "received"]

    assert received.detail["trace"] == f"{spans.get_finished_spans()[0].context.trace_id:032x}"


@pytest.fixture
def record() -> Iterator[Record]:
    with fhir_server() as made:
        yield made


def test_over_http_and_through_the_workers_threads_it_is_still_one_trace(
    record: Record, world: World, spans: InMemorySpanExporter, town: Town
) -> None:
    world.register(replace(HEALTH, delivery="push", settings={"url": record.url}))
    world.at_table("nora", SCHOOL, HEALTH)

    answer = town.post(SCHOOL, orjson.dumps(PLAN), headers={"traceparent": THEIRS})
    came = record.came.wait(PATIENCE)
    steps = eventually(spans, lambda found: {span.name for span in found} >= {"deliver", "receipt"})

    assert answer.status_code == 202
    assert came
    assert [name for name in ("receive", "merge", "dispatch", "deliver", "receipt") if name not in steps] == []
    assert record.posted[0]["traceparent"].split("-")[1] == THEIRS.split("-")[1]
    assert "baggage" not in record.posted[0]


def eventually(spans: InMemorySpanExporter, enough: Callable[[Sequence[ReadableSpan]], bool]) -> list[str]:
    """The names of the steps, once the last of them has ended."""
    until, pause = monotonic() + PATIENCE, Event()
    while not enough(spans.get_finished_spans()):
        assert monotonic() < until, "the steps do not end"
        pause.wait(0.02)
    return [name for name, _ in tree(spans)]
