"""OpenTelemetry's SDK stays here: traces with an allow-list at their way out, and metrics as Prometheus' text.

Each hub has providers of its own and none is global: what a library or an adapter traces on its own goes nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from opentelemetry.sdk.trace.export import SpanExporter

from hub.ops.late import PATIENCE
from hub.ports import Clock, Store
from hub.routing.watch import Watch
from hub.telemetry.gauges import Gauges
from hub.telemetry.metrics import Metrics
from hub.telemetry.traces import Traces

__all__ = ["Telemetry"]


class Telemetry:
    """What one hub tells of itself. `adapters` says of each whether it can be used; `sample` is the share of messages
    whose trace is kept, from 0 to 1. A report or a danger that takes longer than `patience` is an alarm."""

    def __init__(
        self, clock: Clock, adapters: Mapping[str, bool], sample: float = 0.0, patience: timedelta = PATIENCE
    ) -> None:
        self._traces = Traces(sample)
        self.watch = Watch(self._traces.tracer, sample)
        self._gauges = Gauges(clock, patience)
        self._metrics = Metrics(self.watch.numbers, self._gauges, adapters)

    def export(self, exporter: SpanExporter) -> None:
        """Spans go there too, one by one as they end."""
        self._traces.export(exporter)

    def audit_checked(self, whole: bool) -> None:
        """Somebody has read the audit chains from end to end."""
        self._gauges.audit_whole = whole

    def prometheus(self, store: Store) -> str:
        """The text of `/metrics`. Where the database is away, what only it knows is left out."""
        self._gauges.read(store)
        return self._metrics.text()

    def close(self) -> None:
        """Sends what still waits to be exported."""
        self._traces.close()
