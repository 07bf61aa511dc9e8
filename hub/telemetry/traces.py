"""Traces on their way out: only declared spans, attributes and events, and only values that name nobody."""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Status, Tracer

from hub.model.discretion import is_code
from hub.routing.watched import ATTRIBUTES, EVENTS, STEPS

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""The standard variable; without it no trace leaves the process."""

_ALLOWED = frozenset(ATTRIBUTES.values())
_log = logging.getLogger("hub")


class Traces:
    """One provider, which is not global. Whether a message is traced was decided at door 1; here all are kept."""

    def __init__(self, sample: float) -> None:
        self._provider = TracerProvider(
            resource=Resource({"service.name": "langbenk"}), sampler=ALWAYS_ON, shutdown_on_exit=False
        )
        self.tracer: Tracer = self._provider.get_tracer("langbenk")
        if sample and os.environ.get(ENDPOINT) and (exporter := _otlp()):
            self._provider.add_span_processor(BatchSpanProcessor(Discreet(exporter)))

    def export(self, exporter: SpanExporter) -> None:
        self._provider.add_span_processor(SimpleSpanProcessor(Discreet(exporter)))

    def close(self) -> None:
        self._provider.shutdown()


class Discreet(SpanExporter):
    """The last net before an exporter: what is not on the allow-list does not leave."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._inner.export([_allowed(span) for span in spans if span.name in STEPS])

    def shutdown(self) -> None:
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._inner.force_flush(timeout_millis)


def _allowed(span: ReadableSpan) -> ReadableSpan:
    events = [Event(each.name, _kept(each.attributes), each.timestamp) for each in span.events if each.name in EVENTS]
    return ReadableSpan(
        span.name,
        span.context,
        span.parent,
        span.resource,
        _kept(span.attributes),
        events,
        (),
        span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _kept(attributes: Mapping[str, Any] | None) -> dict[str, str]:
    found = (attributes or {}).items()
    return {name: value for name, value in found if name in _ALLOWED and isinstance(value, str) and _plain(value)}


def _plain(value: str) -> bool:
    """A code, or a random id of ours, which may begin with a digit."""
    return is_code(value) or (len(value) == 32 and is_code(f"x{value}"))


def _otlp() -> SpanExporter | None:
    """The exporter of the extra `otlp`, where it is installed."""
    try:
        module = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    except ImportError:
        _log.warning("no_exporter", extra={"reason": "otlp_not_installed"})
        return None
    exporter: SpanExporter = module.OTLPSpanExporter()
    return exporter
