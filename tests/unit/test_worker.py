"""Worker loops when the world is away for long."""

from __future__ import annotations

from threading import Event
from time import monotonic
from types import SimpleNamespace
from typing import Any

from hub.errors import TryAgainError
from hub.worker import Worker

NIGHT = 3_000
"""Tries in a row that fail: eight hours at one each ten seconds."""


class Hasty(Event):
    """Nobody waits out a night in a test."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set() if timeout is not None else super().wait()


class Registers:
    """A hub whose registers are away for a night, and then answer."""

    def __init__(self) -> None:
        self.tries, self.answered = 0, Event()
        self.settings = SimpleNamespace(population_seconds=60.0, broker_url="memory://")

    def follow_registers(self) -> int:
        self.tries += 1
        if self.tries <= NIGHT:
            raise TryAgainError("away")
        self.answered.set()
        return 0


def test_a_loop_goes_on_after_a_night_in_which_nothing_answered() -> None:
    hub: Any = Registers()
    worker = Worker(hub, roles=())
    worker._stop = Hasty()
    worker._spawn("registers", worker._follow_registers)

    assert hub.answered.wait(20), f"the loop ended after {hub.tries} tries"
    worker.stop()


def test_many_slow_receivers_do_not_make_it_stop_later_than_one() -> None:
    answer, hub = Event(), Registers()
    slow: Any = SimpleNamespace(settings=hub.settings, follow_registers=answer.wait)
    worker = Worker(slow, roles=(), grace=0.2)
    for number in range(20):
        worker._spawn(f"slow-{number}", worker._follow_registers)
    began = monotonic()
    worker.stop()
    took = monotonic() - began
    answer.set()

    assert took < 1.0
