"""OpenTelemetry's SDK: one trace a message from door to door, and metrics as Prometheus' text. No content, no ids."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from threading import Lock

from opentelemetry import metrics, trace
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.view import ExplicitBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from prometheus_client import REGISTRY, generate_latest

from hub.errors import TryAgainError
from hub.model.envelope import DELIVERY_ENDS, PART_ENDS
from hub.ports import Store

BUCKETS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0)
"""Seconds, as floats: an integer bucket prints as `le="60"` and an alert on `le="60.0"` would match nothing."""


class Telemetry:
    """Set up once a process; later ones share it. `sample` is the share of new traces that are kept."""

    _lock = Lock()
    _ready = False
    _store: Store | None = None

    def __init__(self, sample: float = 0.0, processors: Iterable[SpanProcessor] = ()) -> None:
        with Telemetry._lock:
            if not Telemetry._ready:
                _set_up(sample, processors)
                Telemetry._ready = True

    def prometheus(self, store: Store) -> str:
        """The text of `/metrics`. The ledgers are added up as it is asked for."""
        Telemetry._store = store
        return generate_latest(REGISTRY).decode()


def _set_up(sample: float, processors: Iterable[SpanProcessor]) -> None:
    resource = Resource.create({"service.name": "langbenk"})
    tracer = TracerProvider(resource=resource, sampler=ParentBased(TraceIdRatioBased(sample)))
    for processor in processors:
        tracer.add_span_processor(processor)
    trace.set_tracer_provider(tracer)
    view = View(
        instrument_name="langbenk.delivery.duration", aggregation=ExplicitBucketHistogramAggregation(list(BUCKETS))
    )
    meters = MeterProvider(resource=resource, metric_readers=[PrometheusMetricReader()], views=[view])
    metrics.set_meter_provider(meters)
    meter = metrics.get_meter("langbenk")
    meter.create_observable_gauge("langbenk.ledger.rows", [_rows], "{row}", "Both ledgers by state")
    meter.create_observable_gauge("langbenk.outbox.pending", [_pending], "{row}", "Rows on their way")
    meter.create_observable_gauge("langbenk.outbox.oldest.age", [_ages], "s", "Age of the oldest that waits")


def _counts() -> dict[str, dict[str, int]]:
    store = Telemetry._store
    if store is None:
        return {}
    try:
        with store.begin() as work:
            return {"parts": dict(work.tally.parts()), "deliveries": dict(work.tally.deliveries())}
    except TryAgainError:
        return {}


def _rows(_: CallbackOptions) -> Iterable[Observation]:
    for ledger, states in _counts().items():
        for state, count in states.items():
            yield Observation(count, {"langbenk.ledger": ledger, "langbenk.state": state})


def _pending(_: CallbackOptions) -> Iterable[Observation]:
    ends = {"parts": PART_ENDS, "deliveries": DELIVERY_ENDS}
    for ledger, states in _counts().items():
        open_rows = sum(count for state, count in states.items() if state not in ends[ledger] and state != "held")
        yield Observation(open_rows, {"langbenk.ledger": ledger})


def _ages(_: CallbackOptions) -> Iterable[Observation]:
    store = Telemetry._store
    if store is None:
        return
    try:
        with store.begin() as work:
            oldest = work.tally.waiting_since()
    except TryAgainError:
        return
    now = datetime.now(UTC)
    for what, since in oldest.items():
        yield Observation(max(0.0, (now - since).total_seconds()), {"langbenk.what": what})
