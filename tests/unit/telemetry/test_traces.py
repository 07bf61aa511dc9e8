"""Which messages are traced, and what a span may tell on its way out."""

from __future__ import annotations

from uuid import uuid4

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Status, StatusCode

from hub.model.envelope import Arrival
from hub.routing.watch import Watch
from hub.telemetry import Telemetry
from hub.telemetry.traces import Discreet
from tests.conftest import StandingClock


def test_a_message_that_is_not_sampled_carries_no_trace_on() -> None:
    arrival = Arrival("school-1", "9999", uuid4().hex, "x", b"", traceparent=f"00-{'a' * 32}-{'b' * 16}-01")
    with Watch().door([arrival]) as traced:
        assert [each.traceparent for each in traced] == [None]


@pytest.mark.parametrize("theirs", ["Marte Markert", "00-" + "0" * 32 + "-" + "b" * 16 + "-01", "", "00-a-b-01"])
def test_a_trace_that_is_none_is_not_believed(clock: StandingClock, theirs: str) -> None:
    telemetry = Telemetry(clock, {}, 1.0)
    with telemetry.watch.door([Arrival("school-1", "9999", "m", "x", b"", traceparent=theirs)]) as traced:
        assert theirs not in (traced[0].traceparent or "") or not theirs
        assert traced[0].traceparent is not None


def test_about_the_share_that_is_asked_for_is_traced(clock: StandingClock) -> None:
    telemetry = Telemetry(clock, {}, 0.25)
    arrivals = [Arrival("school-1", "9999", str(number), "x", b"") for number in range(2_000)]
    with telemetry.watch.door(arrivals) as traced:
        kept = sum(each.traceparent is not None for each in traced)

    assert 350 < kept < 650


def test_a_failed_step_tells_its_class_and_no_more(clock: StandingClock) -> None:
    telemetry, exporter = Telemetry(clock, {}, 1.0), InMemorySpanExporter()
    telemetry.export(exporter)
    with (
        pytest.raises(ValueError, match="Marte"),
        telemetry.watch.step("merge", f"00-{'a' * 32}-{'b' * 16}-01", part=uuid4().hex),
    ):
        raise ValueError("Marte Markert")
    (span,) = exporter.get_finished_spans()

    assert (span.attributes or {})["error.type"] == "ValueError"
    assert span.status.status_code is StatusCode.ERROR
    assert "Marte" not in span.to_json()


def test_what_a_library_traces_through_our_provider_is_cut_to_the_list() -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(Discreet(exporter)))
    tracer = provider.get_tracer("acme")
    with tracer.start_as_current_span("GET /persons/Marte"):
        pass
    with tracer.start_as_current_span("merge") as span:
        span.set_attributes({"http.url": "/Marte", "langbenk.state": "Marte Markert", "langbenk.part": uuid4().hex})
        span.add_event("said", {"name": "Marte"})
        span.add_event("decided", {"name": "Marte", "langbenk.decision.outcome": "deny"})
        span.set_status(Status(StatusCode.ERROR, "no Marte"))
    (left,) = exporter.get_finished_spans()

    assert "Marte" not in left.to_json()
    assert list(left.attributes or {}) == ["langbenk.part"]
    assert [dict(event.attributes or {}) for event in left.events] == [{"langbenk.decision.outcome": "deny"}]
