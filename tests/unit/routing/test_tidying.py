"""How often a sweep looks through what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from hub.routing.pipeline import Kept, Sweep
from tests.conftest import StandingClock

MOST = 1_000


class Attic:
    """A store with so many documents to be thrown away; counts how often it is looked through."""

    def __init__(self, documents: int) -> None:
        self.documents, self.looked = documents, 0

    @contextmanager
    def begin(self) -> Iterator[Any]:
        nothing = SimpleNamespace(forget=lambda *_: 0)
        yield SimpleNamespace(view_versions=nothing, answers=nothing, ledger=self)

    def clean(self, _: object, limit: int) -> int:
        self.looked += 1
        gone = min(limit, self.documents)
        self.documents -= gone
        return gone


def sweep(attic: Any, clock: StandingClock) -> Sweep:
    return Sweep(attic, clock, timedelta(seconds=5), Kept(timedelta(days=30)))


def test_what_grows_for_years_is_not_looked_through_every_few_seconds(clock: StandingClock) -> None:
    attic = Attic(0)
    sweeping = sweep(attic, clock)
    for _ in range(120):
        sweeping.tidy()
        clock.go_on(seconds=5)

    assert attic.looked == 1


def test_much_to_throw_away_is_thrown_away_without_a_pause(clock: StandingClock) -> None:
    attic = Attic(5 * MOST + 1)
    sweeping = sweep(attic, clock)
    gone = [sweeping.tidy(MOST) for _ in range(7)]

    assert gone == [MOST] * 5 + [1, 0]
    assert attic.looked == 6
