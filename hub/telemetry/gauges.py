"""What only the database knows: one transaction at most a scrape, and the ledgers added up whole more seldom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from hub.errors import TryAgainError
from hub.model.service import System
from hub.ops.late import PATIENCE
from hub.ports import Clock, Store, Wait, Work
from hub.routing.watched import LABELS, STATE

FRESH = 2.0
"""Seconds: however often it is scraped, the database is asked no oftener."""

LEDGERS, TIMES = 60.0, 50
"""Seconds between two additions of both ledgers, each of which reads all of them; and at least so many times as long as
the last one took."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What waited when it was looked: (what, by what) as in `Tally.waits`, with the systems that stood then."""

    waits: Mapping[tuple[str, str], Wait]
    systems: Mapping[str, System]
    at: datetime
    late: Wait | None = None
    """Reports and dangers that have not come through."""

    def age(self, wait: Wait) -> float:
        return max(0.0, (self.at - wait.since).total_seconds())


@dataclass(frozen=True, slots=True)
class Added:
    """Both ledgers by state, and how many accepted messages they cannot account for."""

    states: Mapping[str, Mapping[str, int]]
    unaccounted: int


class Gauges:
    """Thread-safe. `seen` and `added` are `None` while the database is away: a stale figure would soothe falsely."""

    def __init__(self, clock: Clock, patience: timedelta = PATIENCE, *, tick: Callable[[], float] = monotonic) -> None:
        self._clock, self._patience, self._tick = clock, patience, tick
        self._lock = Lock()
        self._seen_at = self._add_at = float("-inf")
        self.seen: Seen | None = None
        self.added: Added | None = None
        self.audit_whole: bool | None = None

    def read(self, store: Store) -> None:
        with self._lock:
            now = self._tick()
            if now - self._seen_at < FRESH:
                return
            try:
                with store.begin() as work:
                    at, waits, systems = self._clock.now(), work.tally.waits(), work.directory.systems()
                    self.seen = Seen(waits, systems, at, work.tally.late(at - self._patience))
                    if now >= self._add_at:
                        self.added = _added(work)
                        self._add_at = now + max(LEDGERS, TIMES * (self._tick() - now))
                self._seen_at = now
            except TryAgainError:
                self.seen = self.added = None
                self._add_at = float("-inf")


def _added(work: Work) -> Added:
    states = {"parts": dict(work.tally.parts()), "deliveries": dict(work.tally.deliveries())}
    strange = [count for each in states.values() for state, count in each.items() if state not in LABELS[STATE]]
    return Added(states, sum(strange) + work.tally.unaccounted())
