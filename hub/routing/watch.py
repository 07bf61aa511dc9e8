"""What is watched on the journey: a span for each step, a count for each outcome, a fault by its class; no content."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import metrics, trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_log = logging.getLogger("hub")
_carrier = TraceContextTextMapPropagator()


class Watch:
    """Spans, counters and faults of one process, through the OpenTelemetry API; without an SDK it costs nothing."""

    def __init__(self) -> None:
        self._tracer = trace.get_tracer("langbenk")
        meter = metrics.get_meter("langbenk")
        self._accepted = meter.create_counter("langbenk.messages.accepted", "{message}")
        self._turned_away = meter.create_counter("langbenk.messages.turned_away", "{message}")
        self._decisions = meter.create_counter("langbenk.decisions", "{decision}")
        self._deliveries = meter.create_counter("langbenk.deliveries", "{delivery}")
        self._latency = meter.create_histogram("langbenk.delivery.duration", "s")

    @contextmanager
    def step(self, name: str, traceparent: str | None) -> Iterator[None]:
        """One span in the trace the message came with."""
        context = _carrier.extract({"traceparent": traceparent}) if traceparent else None
        with self._tracer.start_as_current_span(name, context=context, record_exception=False):
            yield

    def traceparent(self) -> str | None:
        """The present span's name for the next step, across the broker and the database."""
        carrier: dict[str, str] = {}
        _carrier.inject(carrier)
        return carrier.get("traceparent")

    def fault(self, stage: str, error: BaseException) -> None:
        """A fault of ours: class and stage only, since a message may hold content."""
        _log.error("fault", extra={"stage": stage, "error": type(error).__name__})

    def accepted(self, sector: str, kind: str, count: int = 1) -> None:
        self._accepted.add(count, {"langbenk.sector.source": sector, "langbenk.event.type": kind})

    def turned_away(self, reason: str) -> None:
        """Something failed before it could be laid to a system: counted by reason, without a ledger line."""
        self._turned_away.add(1, {"langbenk.reason": reason})

    def decided(self, target: str, outcome: str, stage: str) -> None:
        self._decisions.add(
            1, {"langbenk.sector.target": target, "langbenk.decision.outcome": outcome, "langbenk.stage": stage}
        )

    def ended(self, target: str, outcome: str, seconds: float | None = None) -> None:
        attributes = {"langbenk.sector.target": target, "langbenk.delivery.outcome": outcome}
        self._deliveries.add(1, attributes)
        if seconds is not None:
            self._latency.record(seconds, attributes)
