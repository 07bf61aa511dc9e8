"""What is watched on the journey: a span for each step, a count for each outcome, a fault by its class; no content.

A trace begins at door 1, for the share of messages that is sampled; its name travels in part, ticket and delivery, and
the later steps follow it. A message that is not sampled carries no trace, so that its steps cost next to nothing.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from random import getrandbits

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from hub.model.envelope import Arrival
from hub.routing import watched
from hub.routing.numbers import Numbers
from hub.routing.watched import ATTRIBUTES, Step

_log, _content = logging.getLogger("hub"), logging.getLogger("hub.content")
_carrier = TraceContextTextMapPropagator()
_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_UNTRACED: AbstractContextManager[None] = nullcontext()

ACCEPTED, TURNED_AWAY = "langbenk.messages.accepted", "langbenk.messages.turned_away"
DECISIONS, DELIVERIES = "langbenk.decisions", "langbenk.deliveries"
COUNTED = {
    ACCEPTED: (watched.SOURCE, watched.KIND),
    TURNED_AWAY: (watched.REASON,),
    DECISIONS: (watched.TARGET, watched.OUTCOME, watched.STAGE),
    DELIVERIES: (watched.TARGET, watched.ENDED),
}
"""Each counter with its labels."""
TIMED = (watched.TARGET, watched.ENDED)


class Watch:
    """Spans, counts and faults of one process. `sample` is the share of messages whose trace is kept."""

    def __init__(self, tracer: trace.Tracer | None = None, sample: float = 0.0) -> None:
        self._tracer = tracer or trace.NoOpTracer()
        self._bound = round(sample * 2**64)
        self.numbers = Numbers(COUNTED)

    @contextmanager
    def door(self, arrivals: Sequence[Arrival]) -> Iterator[list[Arrival]]:
        """The group, each message with the trace it goes on in. A sampled one's span lasts until the commit."""
        spans: list[trace.Span] = []
        try:
            yield [self._begun(arrival, spans) for arrival in arrivals]
        except Exception as error:
            for span in spans:
                _failed(span, error)
            raise
        finally:
            for span in spans:
                span.end()

    def step(self, name: Step, traceparent: str | None, **told: str | None) -> AbstractContextManager[str | None]:
        """One span in the message's trace, and its name for the steps that follow; nothing where none is kept."""
        return self._traced(name, traceparent, told) if traceparent is not None else _UNTRACED

    def note(self, name: str, **told: str) -> None:
        """An event in the present span."""
        trace.get_current_span().add_event(name, _attributes(told))

    def fault(self, stage: str, error: BaseException) -> None:
        """A fault of ours: class, stage and place in the code, since its words may hold content."""
        _log.error("fault", extra={"stage": stage, "error": type(error).__name__, "where": _where(error)})
        _content.error("fault", exc_info=error)

    def accepted(self, messages: Iterable[tuple[str, str]]) -> None:
        """Each by its sender's service and its kind."""
        self.numbers.add(ACCEPTED, Counter(messages))

    def turned_away(self, reason: str) -> None:
        """Something failed before it could be laid to a system: counted by reason, without a ledger line."""
        self.numbers.add(TURNED_AWAY, {(reason,): 1})

    def decided(self, stage: str, decisions: Iterable[tuple[str, str]]) -> None:
        """Each by its receiver's service and its outcome. Call it after the commit."""
        self.numbers.add(DECISIONS, Counter((target, outcome, stage) for target, outcome in decisions))

    def answered(self, deliveries: Sequence[tuple[str, str, float]]) -> None:
        """Each by its receiver's service, how it ended, and the seconds to its receipt. Call it after the commit."""
        self.numbers.add(DELIVERIES, Counter((target, state) for target, state, _ in deliveries))
        self.numbers.time(TIMED, (((target, state), seconds) for target, state, seconds in deliveries))

    def _begun(self, arrival: Arrival, spans: list[trace.Span]) -> Arrival:
        """Whether a trace is kept follows from its number alone, as in OpenTelemetry's own sampler by ratio."""
        theirs = arrival.traceparent
        if theirs is not None and _TRACEPARENT.fullmatch(theirs) is None:
            theirs = None
        if not self._bound or (int(theirs[19:35], 16) if theirs else getrandbits(64)) >= self._bound:
            return arrival if arrival.traceparent is None else replace(arrival, traceparent=None)
        context = _carrier.extract({"traceparent": theirs}) if theirs else None
        span = self._tracer.start_span("receive", context=context, kind=trace.SpanKind.CONSUMER)
        spans.append(span)
        return replace(arrival, traceparent=_name(span))

    @contextmanager
    def _traced(self, name: str, traceparent: str | None, told: dict[str, str | None]) -> Iterator[str | None]:
        context = _carrier.extract({"traceparent": traceparent or ""})
        span = self._tracer.start_span(name, context=context, attributes=_attributes(told))
        with trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            try:
                yield _name(span)
            except Exception as error:
                _failed(span, error)
                raise


def _attributes(told: dict[str, str | None] | dict[str, str]) -> dict[str, str]:
    return {ATTRIBUTES[word]: value for word, value in told.items() if value is not None}


def _failed(span: trace.Span, error: Exception) -> None:
    span.set_attribute(ATTRIBUTES["error"], type(error).__name__)
    span.set_status(trace.StatusCode.ERROR)


def _name(span: trace.Span) -> str:
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def _where(error: BaseException) -> str | None:
    """File and line of the fault; neither arguments nor locals."""
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    if not frames:
        return None
    return f"{'/'.join(frames[-1].filename.split('/')[-3:])}:{frames[-1].lineno}"
