"""Worker processes: loops that take turns until they are told to stop, and wait longer while the world is away."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from threading import Event, Thread
from typing import Literal

from hub.bootstrap import Hub
from hub.errors import TryAgainError
from hub.model.service import System
from hub.ports import Broker
from hub.routing.pipeline import work_turn
from hub.routing.queues import DIRECTED, INTAKE, deliver_queue

Role = Literal["intake", "deliver", "front", "sweep"]
ROLES: tuple[Role, ...] = ("intake", "deliver", "front", "sweep")
WAIT = 0.5
_log = logging.getLogger("hub")

Turn = Callable[[], int]


class Worker:
    """Threads of one process, one a loop; `deliver` runs one for each system that is pushed to or speaks AMQP."""

    def __init__(self, hub: Hub, roles: Iterable[Role] = ROLES) -> None:
        self._hub, self._roles = hub, tuple(roles)
        self._stop = Event()
        self._threads: list[Thread] = []
        self._served: set[str] = set()

    def start(self) -> None:
        """Starts every loop; systems registered later are found within a few seconds."""
        if "intake" in self._roles:
            self._spawn("intake", self._intake)
            self._spawn("directed", self._directed)
        if "front" in self._roles and self._speaks_amqp():
            self._spawn("front", self._front)
        if "deliver" in self._roles:
            self._spawn("receivers", self._receivers)
        if "sweep" in self._roles:
            self._spawn("sweep", self._sweep)

    def told_to_stop(self) -> None:
        """From a signal: only asks."""
        self._stop.set()

    def stop(self) -> None:
        """Lets each loop finish its turn."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=30)

    def wait(self) -> None:
        """Until `stop` is called from elsewhere, for example by a signal."""
        self._stop.wait()

    def _speaks_amqp(self) -> bool:
        return self._hub.settings.broker_url.startswith("amqp") and bool(self._hub.settings.account)

    def _spawn(self, name: str, make_turn: Callable[[], Turn]) -> None:
        thread = Thread(target=self._loop, args=(name, make_turn), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _loop(self, name: str, make_turn: Callable[[], Turn]) -> None:
        """ "Unavailable" is logged once, and "back" once."""
        turn: Turn | None = None
        away = 0
        while not self._stop.is_set():
            try:
                turn = turn or make_turn()
                turn()
                if away:
                    _log.warning("back", extra={"stage": name})
                away = 0
            except TryAgainError as error:
                if not away:
                    _log.warning("unavailable", extra={"stage": name, "error": type(error).__name__})
                away, turn = away + 1, None
                self._stop.wait(min(0.1 * 2**away, 10.0))
            except Exception as bug:
                self._hub.watch.fault(name, bug)
                turn = None
                self._stop.wait(1.0)

    def _intake(self) -> Turn:
        broker, batch = self._hub.make_broker(), self._hub.settings.batch
        return lambda: work_turn(broker, INTAKE, self._hub.updates.run, batch, WAIT)

    def _directed(self) -> Turn:
        broker, batch = self._hub.make_broker(), self._hub.settings.batch
        return lambda: work_turn(broker, DIRECTED, self._hub.directed.run, batch, WAIT)

    def _front(self) -> Turn:
        front, batch = self._hub.front(), self._hub.settings.batch
        return lambda: front.turn(batch, WAIT)

    def _deliver(self, system: System) -> Turn:
        broker, batch = self._hub.make_broker(), self._hub.settings.batch
        turn = self._hub.deliver_turn(system)
        return lambda: turn.turn(broker, system, batch, WAIT)

    def _receivers(self) -> Turn:
        """Finds systems that need a loop of their own."""

        def look() -> int:
            with self._hub.store.begin() as work:
                systems = work.directory.systems()
            for system in systems.values():
                if system.delivery != "mailbox" and system.id not in self._served:
                    self._served.add(system.id)
                    self._spawn(f"deliver.{system.id}", lambda system=system: self._deliver(system))  # type: ignore[misc]
            self._stop.wait(2.0)
            return 0

        return look

    def _sweep(self) -> Turn:
        broker: Broker = self._hub.make_broker()
        every = self._hub.settings.sweep_seconds

        def turn() -> int:
            self._stop.wait(every)
            if self._stop.is_set():
                return 0
            queues = [INTAKE, DIRECTED, *(deliver_queue(id) for id in self._served)]
            self._hub.sweep.tidy()
            self._hub.sweep.expire()
            return self._hub.sweep.collect_dead(broker, queues) + self._hub.sweep.turn(broker)

        return turn
