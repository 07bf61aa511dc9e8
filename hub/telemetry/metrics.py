"""Every metric by name, unit and labels, through OpenTelemetry's SDK into Prometheus' text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import accumulate

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import HistogramMetricFamily

from hub.routing import watch, watched
from hub.routing.numbers import BUCKETS, Numbers, Spread, Values
from hub.routing.watched import declared
from hub.telemetry.gauges import Gauges

Read = Callable[[Gauges], Iterable[tuple[float, Values]]]
COUNTERS = {
    watch.ACCEPTED: ("{message}", "Messages taken in, by the sender's service and kind"),
    watch.TURNED_AWAY: ("{message}", "Letters that could be laid to no system, by reason"),
    watch.DECISIONS: ("{decision}", "Decisions by the receiver's service, outcome and stage"),
    watch.DELIVERIES: ("{delivery}", "Deliveries that were answered, by the receiver's service and how they ended"),
}
DURATION = "langbenk_delivery_duration"


class Metrics:
    """One meter provider and one Prometheus registry, neither of them global."""

    def __init__(self, numbers: Numbers, gauges: Gauges, adapters: Mapping[str, bool]) -> None:
        self._registry, self._gauges = CollectorRegistry(), gauges
        reader = PrometheusMetricReader(disable_target_info=True, scope_info_enabled=False, registry=self._registry)
        meter = MeterProvider(metric_readers=[reader], shutdown_on_exit=False).get_meter("langbenk")
        self._registry.register(Durations(numbers, gauges))
        for name, (unit, about) in COUNTERS.items():
            callback = _callback(numbers.labels[name], partial(_counted, numbers, name))
            meter.create_observable_counter(name, [callback], unit, about)
        for name, (unit, about, labels, read) in GAUGES.items():
            meter.create_observable_gauge(name, [_callback(labels, partial(read, gauges))], unit, about)
        up = _callback((watched.ADAPTER,), partial(_adapters, adapters))
        meter.create_observable_gauge("langbenk.adapter.up", [up], "1", "Whether an installed adapter can be used")

    def text(self) -> str:
        return generate_latest(self._registry).decode()


class Durations:
    """A collector of the registry's: what was timed, and a zero for each registered service that has had nothing yet,
    so that a rule over the series can tell "nothing slow" from "nothing measured"."""

    def __init__(self, numbers: Numbers, gauges: Gauges) -> None:
        self._numbers, self._gauges = numbers, gauges

    def collect(self) -> Iterator[HistogramMetricFamily]:
        labels = [name.replace(".", "_") for name in watch.TIMED]
        family = HistogramMetricFamily(
            DURATION, "From the decision to the receiver's receipt", labels=labels, unit="seconds"
        )
        seen = self._gauges.seen
        services = sorted({each.service for each in seen.systems.values() if each.adapter}) if seen else []
        spreads: dict[Values, Spread] = {(service, "delivered"): Spread() for service in services}
        for values, spread in (spreads | self._numbers.spreads()).items():
            bounds = [*map(str, BUCKETS), "+Inf"]
            buckets = list(zip(bounds, map(float, accumulate(spread.counts)), strict=True))
            family.add_metric(values, buckets, spread.total)
        yield family


def _callback(
    labels: Values, read: Callable[[], Iterable[tuple[float, Values]]]
) -> Callable[[CallbackOptions], Iterable[Observation]]:
    return lambda _: [Observation(value, dict(zip(labels, values, strict=True))) for value, values in read()]


def _counted(numbers: Numbers, name: str) -> Iterator[tuple[float, Values]]:
    return ((count, values) for values, count in numbers.counts(name).items())


def _adapters(adapters: Mapping[str, bool]) -> Iterator[tuple[float, Values]]:
    return ((float(usable), (name,)) for name, usable in adapters.items())


def _states(gauges: Gauges) -> Iterator[tuple[float, Values]]:
    for ledger, states in gauges.added.states.items() if gauges.added else ():
        yield from ((count, (ledger, declared(watched.STATE, state))) for state, count in states.items())


def _unaccounted(gauges: Gauges) -> Iterator[tuple[float, Values]]:
    if gauges.added:
        yield float(gauges.added.unaccounted), ()


def _audit(gauges: Gauges) -> Iterator[tuple[float, Values]]:
    if gauges.audit_whole is not None:
        yield float(gauges.audit_whole), ()


def _late(gauges: Gauges) -> Iterator[tuple[float, Values]]:
    if gauges.seen:
        yield float(gauges.seen.late.count if gauges.seen.late else 0), ()


def _waiting(what: str, label: str | None, age: bool, gauges: Gauges) -> Iterator[tuple[float, Values]]:
    """How many wait, or how long the oldest has, by the label's value; for a whole that has no label, zero too."""
    seen = gauges.seen
    if seen is None:
        return
    found: dict[Values, float] = {} if label else {(): 0.0}
    for (kind, by), wait in seen.waits.items():
        if kind == what:
            service = seen.systems[by].service if label == watched.TARGET and by in seen.systems else by
            values = (declared(label, service),) if label else ()
            before = found.get(values, 0.0)
            found[values] = max(before, seen.age(wait)) if age else before + wait.count
    yield from ((value, values) for values, value in found.items())


def _wait(what: str, label: str | None, *, age: bool = False) -> tuple[Values, Read]:
    return ((label,) if label else ()), partial(_waiting, what, label, age)


GAUGES: dict[str, tuple[str, str, Values, Read]] = {
    "langbenk.ledger.rows": ("{row}", "Both ledgers by state", (watched.LEDGER, watched.STATE), _states),
    "langbenk.ledger.unaccounted": ("{message}", "Accepted, and in no state the hub knows", (), _unaccounted),
    "langbenk.audit.chain.verified": ("1", "The audit chains, when last read from end to end", (), _audit),
    "langbenk.outbox.pending": ("{row}", "Parts that no worker has taken yet", *_wait("parts", None)),
    "langbenk.outbox.oldest.age": ("s", "Age of the oldest of them", *_wait("parts", None, age=True)),
    "langbenk.delivery.pending": ("{delivery}", "Without a receipt, by receiver", *_wait("deliveries", watched.TARGET)),
    "langbenk.delivery.oldest.pending.age": (
        "s",
        "Age of the oldest of them",
        *_wait("deliveries", watched.TARGET, age=True),
    ),
    "langbenk.urgent.late": ("{message}", "Reports and dangers that have not come through in time", (), _late),
    "langbenk.hold.open": ("{hold}", "Waiting for a human, by first rule", *_wait("holds", watched.RULE)),
    "langbenk.hold.oldest.age": ("s", "Age of the oldest of them", *_wait("holds", watched.RULE, age=True)),
    "langbenk.hold.overdue": ("{hold}", "Not decided by its own deadline", *_wait("overdue_holds", watched.RULE)),
    "langbenk.task.overdue": ("{task}", "Not answered by its own deadline", *_wait("overdue_tasks", None)),
    "langbenk.report.overdue": (
        "{task}",
        "Child welfare's own about reports, overdue",
        *_wait("overdue_reports", None),
    ),
    "langbenk.question.open": ("{question}", "Asked of senders, without an answer", *_wait("questions", None)),
    "langbenk.question.oldest.age": ("s", "Age of the oldest of them", *_wait("questions", None, age=True)),
    "langbenk.facts.oldest.age": ("s", "Since a register confirmed a child's facts", *_wait("facts", None, age=True)),
    "langbenk.deadletter.open": ("{row}", "Set aside, by cause", *_wait("set_aside", watched.CAUSE)),
    "langbenk.deadletter.oldest.age": ("s", "Age of the oldest of them", *_wait("set_aside", watched.CAUSE, age=True)),
}
"""Name, unit, what it says, labels, and how it is read."""
