"""Worker processes: loops that take turns until they are told to stop, and wait longer while the world is away."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from time import monotonic
from typing import Literal

from hub.bootstrap import Hub
from hub.errors import TryAgainError
from hub.model.service import System
from hub.ops.consents import expire
from hub.ports import Broker
from hub.routing.pipeline import work_turn
from hub.routing.queues import DIRECTED, INTAKE, deliver_queue

Role = Literal["intake", "deliver", "front", "sweep"]
ROLES: tuple[Role, ...] = ("intake", "deliver", "front", "sweep")
WAIT = 0.5
GRACE = 30.0
"""Seconds for all loops together: a platform waits a minute and then kills."""

_log = logging.getLogger("hub")

Turn = Callable[[], int]
Make = Callable[[ExitStack], Turn]
"""Makes a turn with connections of its own, which are closed with the stack it is given."""


class Worker:
    """Threads of one process, one a loop; `deliver` runs one for each system that is pushed to or speaks AMQP."""

    def __init__(self, hub: Hub, roles: Iterable[Role] = ROLES, grace: float = GRACE) -> None:
        self._hub, self._roles, self._grace = hub, tuple(roles), grace
        self._stop = Event()
        self._threads: list[Thread] = []
        self._served: set[str] = set()
        self._registered: Mapping[str, System] = {}

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
            self._spawn("audit", self._audit)
            self._spawn("registers", self._follow_registers)

    def told_to_stop(self) -> None:
        """From a signal: only asks."""
        self._stop.set()

    def stop(self) -> None:
        """Lets the loops finish their turns; what takes longer, since a receiver is slow, comes again by itself."""
        self._stop.set()
        until = monotonic() + self._grace
        for thread in self._threads:
            thread.join(max(0.0, until - monotonic()))

    def wait(self) -> None:
        """Until `stop` is called from elsewhere, for example by a signal."""
        self._stop.wait()

    def _speaks_amqp(self) -> bool:
        return self._hub.settings.broker_url.startswith("amqp") and bool(self._hub.settings.account)

    def _spawn(self, name: str, make_turn: Make) -> None:
        thread = Thread(target=self._loop, args=(name, make_turn), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _loop(self, name: str, make_turn: Make) -> None:
        """Each failure ends the loop's connections: what a lost turn had taken goes to another at once."""
        away = 0
        while not self._stop.is_set():
            try:
                with ExitStack() as stack:
                    turn = make_turn(stack)
                    while not self._stop.is_set():
                        turn()
                        away = self._back(name, away)
            except TryAgainError as error:
                if not away:
                    _log.warning("unavailable", extra={"stage": name, "error": type(error).__name__})
                away += 1
                self._stop.wait(_pause(away))
            except Exception as bug:
                self._hub.watch.fault(name, bug)
                self._stop.wait(1.0)

    def _back(self, name: str, away: int) -> int:
        """ "Unavailable" was logged once, and so is "back"."""
        if away:
            _log.warning("back", extra={"stage": name})
        return 0

    def _intake(self, stack: ExitStack) -> Turn:
        broker, batch = self._broker(stack), self._hub.settings.batch
        return lambda: work_turn(broker, INTAKE, self._hub.updates.run, batch, WAIT)

    def _directed(self, stack: ExitStack) -> Turn:
        broker, batch = self._broker(stack), self._hub.settings.batch
        return lambda: work_turn(broker, DIRECTED, self._hub.directed.run, batch, WAIT)

    def _front(self, stack: ExitStack) -> Turn:
        front, batch = self._hub.front(), self._hub.settings.batch
        stack.callback(front.close)
        return lambda: front.turn(batch, WAIT)

    def _deliver(self, stack: ExitStack, system: System) -> Turn:
        broker, batch = self._broker(stack), self._hub.settings.batch
        turn = self._hub.deliver_turn(system)
        stack.callback(turn.close)
        return lambda: turn.turn(broker, self._registered.get(system.id, system), batch, WAIT)

    def _receivers(self, _: ExitStack) -> Turn:
        """Finds systems that need a loop of their own."""

        def look() -> int:
            self._registered = self._systems()
            for system in self._registered.values():
                if system.delivery != "mailbox" and system.id not in self._served:
                    self._served.add(system.id)
                    self._spawn(f"deliver.{system.id}", partial(self._deliver, system=system))
            self._stop.wait(2.0)
            return 0

        return look

    def _sweep(self, stack: ExitStack) -> Turn:
        hub, broker, every = self._hub, self._broker(stack), self._hub.settings.sweep_seconds

        def turn() -> int:
            self._stop.wait(every)
            if self._stop.is_set():
                return 0
            queues = [INTAKE, DIRECTED, *(deliver_queue(system.id) for system in self._woken())]
            chores: tuple[Turn, ...] = (
                hub.sweep.tidy,
                hub.sweep.expire,
                partial(hub.refresh.catch_up, broker, timedelta(seconds=every)),
                self._expire_questions,
                hub.overdue.turn,
                hub.in_time.turn,
                partial(hub.sweep.collect_dead, broker, queues),
                partial(hub.sweep.turn, broker),
            )
            return sum(self._done(each) for each in chores)

        return turn

    def _done(self, chore: Turn) -> int:
        """One that fails on something costs the others nothing: what was lost must be found whatever else is wrong."""
        try:
            return chore()
        except TryAgainError:
            raise
        except Exception as bug:  # a fault of ours in one chore; it is kept by its class only
            self._hub.watch.fault("sweep", bug)
            return 0

    def _expire_questions(self) -> int:
        with self._hub.store.begin() as work:
            return expire(work, self._hub.clock)

    def _audit(self, _: ExitStack) -> Turn:
        """Reads the audit chains from end to end, now and then: a line that was changed must not stay unseen."""

        def turn() -> int:
            with self._hub.store.begin() as work:
                whole = work.audit.verify()
            self._hub.telemetry.audit_checked(whole)
            if not whole:
                _log.critical("audit_broken", extra={"stage": "audit"})
            self._stop.wait(self._hub.settings.audit_hours * 3600)
            return 0

        return turn

    def _follow_registers(self, _: ExitStack) -> Turn:
        """While a register is away its facts grow old, and hold; when it is back it is asked about all of them."""

        def turn() -> int:
            changed = self._hub.follow_registers()
            self._stop.wait(self._hub.settings.population_seconds)
            return changed

        return turn

    def _systems(self) -> Mapping[str, System]:
        with self._hub.store.begin() as work:
            return work.directory.systems()

    def _woken(self) -> list[System]:
        """Systems that do not fetch for themselves: each has a queue of its own."""
        return [each for each in self._systems().values() if each.delivery != "mailbox"]

    def _broker(self, stack: ExitStack) -> Broker:
        broker = self._hub.make_broker()
        stack.callback(broker.close)
        return broker


def _pause(away: int) -> float:
    """Seconds until the next try. Counted no further than the longest: a night's doublings are no number any more."""
    return float(min(0.1 * 2 ** min(away, 10), 10.0))
