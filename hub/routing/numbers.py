"""What a process has counted and timed, in plain Python and a batch at a time: an SDK's counter costs too much here."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from hub.routing.watched import declared

BUCKETS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0)
"""Seconds, as floats: an integer bucket prints as `le="60"` and an alert on `le="60.0"` would match nothing."""

Values = tuple[str, ...]
"""Label values, in the order of the metric's labels."""


@dataclass(slots=True)
class Spread:
    """How often something took how long; the last bucket is for all that took longer."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.total += seconds


class Numbers:
    """Thread-safe. `labels` name each metric's labels; a value that is not declared counts as `other`."""

    def __init__(self, labels: Mapping[str, Values]) -> None:
        self.labels = labels
        self._lock = Lock()
        self._counts: dict[str, Counter[Values]] = {name: Counter() for name in labels}
        self._spreads: dict[Values, Spread] = {}

    def add(self, metric: str, counted: Mapping[Values, int]) -> None:
        labels = self.labels[metric]
        with self._lock:
            for values, count in counted.items():
                self._counts[metric][_declared(labels, values)] += count

    def time(self, labels: Values, timed: Iterable[tuple[Values, float]]) -> None:
        with self._lock:
            for values, seconds in timed:
                spread = self._spreads.get(values)
                if spread is None:
                    spread = self._spreads.setdefault(_declared(labels, values), Spread())
                spread.add(seconds)

    def counts(self, metric: str) -> dict[Values, int]:
        with self._lock:
            return dict(self._counts[metric])

    def spreads(self) -> dict[Values, Spread]:
        with self._lock:
            return {values: Spread([*spread.counts], spread.total) for values, spread in self._spreads.items()}


def _declared(labels: Values, values: Values) -> Values:
    return tuple(declared(label, value) for label, value in zip(labels, values, strict=True))
