"""Deaths by appointment: a process that kills itself with SIGKILL at a seeded event, and writes down which."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Lock

from hub.errors import TryAgainError
from hub.model.envelope import Parcel
from hub.model.service import System
from hub.ports import Broker, Door, Letter, Store, Ticket, Work
from hub.routing.pipeline import Courier
from hub.sdk import Posted

DATABASE = ("before begin", "before commit", "after commit")
QUEUE = ("before publish", "after publish", "before settle")
LINE = ("before send", "after send")
EVENTS: Mapping[str, Sequence[str]] = {
    "intake": (*DATABASE, *QUEUE),
    "deliver": (*DATABASE, "before settle", *LINE),
    "front": (*DATABASE, *QUEUE, *LINE),
    "sweep": (*DATABASE, "before publish", "after publish"),
    "desk": (*DATABASE, "before look"),
    "judge": (*DATABASE, "before look"),
}
"""Where a worker of each role may die. After a send is before its receipt: one that delivers dies there first.

Before a look is after the fact was committed: a desk and a judge die there first."""


@dataclass(frozen=True)
class Appointment:
    """A worker of this role dies at the `number`-th time that `event` is reached; never, where `number` is nought."""

    role: str
    event: str
    number: int
    chronicle: Path


class Death:
    """Keeps one appointment."""

    def __init__(self, appointment: Appointment) -> None:
        self._appointment = appointment
        self._seen: Counter[str] = Counter()
        self._lock = Lock()

    def at(self, event: str) -> None:
        """Does not come back if the hour has struck; no `finally` and no other thread gets another word in."""
        with self._lock:
            self._seen[event] += 1
            if (event, self._seen[event]) != (self._appointment.event, self._appointment.number):
                return
            with self._appointment.chronicle.open("a") as book:
                book.write(f"{self._appointment.role}: {event}\n")
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def around(self, deed: str) -> Iterator[None]:
        self.at(f"before {deed}")
        yield
        self.at(f"after {deed}")


def appoint(role: str, seed: str, lives: int, chronicle: Path) -> list[Appointment]:
    """A death for each of a role's lives but the last; the same for the same seed."""
    dice = Random(f"{seed} {role}")
    events = [dice.choice(EVENTS[role]) for _ in range(lives - 1)]
    if role == "deliver":
        events[0] = "after send"
    if role in ("desk", "judge"):
        events[0] = "before look"
    deaths = [Appointment(role, event, dice.randint(1, 6), chronicle) for event in events]
    return [*deaths, Appointment(role, "", 0, chronicle)]


class MortalStore:
    """Keeps the port `Store`."""

    def __init__(self, store: Store, death: Death) -> None:
        self._store, self._death = store, death
        self.claim, self.migrate, self.rewrap = store.claim, store.migrate, store.rewrap
        self.ping, self.close = store.ping, store.close

    def begin(self) -> AbstractContextManager[Work]:
        return self._begin()

    @contextmanager
    def _begin(self) -> Iterator[Work]:
        self._death.at("before begin")
        with self._store.begin() as work:
            yield work
            self._death.at("before commit")
        self._death.at("after commit")


class MortalBroker:
    """Keeps the port `Broker`."""

    def __init__(self, broker: Broker, death: Death) -> None:
        self._broker, self._death = broker, death
        self.take, self.close = broker.take, broker.close

    def publish(self, tickets: Sequence[Ticket]) -> None:
        with self._death.around("publish"):
            self._broker.publish(tickets)

    def settle(self, tickets: Sequence[Ticket], *, again: bool = False) -> None:
        with self._death.around("settle"):
            self._broker.settle(tickets, again=again)


class MortalDoor:
    """Keeps the port `Door`; of several letters it may leave some unsent."""

    def __init__(self, door: Door, death: Death) -> None:
        self._door, self._death = door, death
        self.admit, self.take, self.settle, self.close = door.admit, door.take, door.settle, door.close

    def send(self, letters: Sequence[Letter]) -> Sequence[str]:
        lost: list[str] = []
        for letter in letters:
            with self._death.around("send"):
                lost += self._door.send([letter])
        return lost


class MortalCourier:
    """Keeps the protocol `Courier`; between two parcels too."""

    def __init__(self, courier: Courier, death: Death) -> None:
        self._courier, self._death = courier, death
        self.close = courier.close

    def send(self, system: System, parcels: Sequence[Parcel]) -> Mapping[str, Posted | TryAgainError]:
        answers: dict[str, Posted | TryAgainError] = {}
        for parcel in parcels:
            with self._death.around("send"):
                answers.update(self._courier.send(system, [parcel]))
        return answers
