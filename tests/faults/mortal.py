"""A worker process that dies by appointment: a real hub and real loops, with its ways to the world made mortal."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from functools import cached_property
from threading import Event
from typing import Any

from hub.bootstrap import Hub
from hub.model.service import System
from hub.ports import Broker, Door, Proposal, Store
from hub.registry import Registry, listed, load_registry
from hub.routing.pipeline import Courier
from hub.settings import Settings, load_settings
from hub.storage import open_store
from hub.worker import Worker
from tests.faults.death import Appointment, Death, MortalBroker, MortalCourier, MortalDoor, MortalStore
from tests.faults.pushed import PushedSchool
from tests.faults.village import agree, judge

REGISTRY = Registry([*load_registry().adapters(), listed("pushed-school", lambda: PushedSchool)])
"""Every installed adapter, and a vendor's beside them. Loaded once: each worker is a fork of a process that has it."""

DEEDS: Mapping[str, Callable[[Hub], None]] = {"desk": agree, "judge": judge}
"""What people do in a role that no worker has, once in each life."""


class MortalHub(Hub):
    """Assembled as any hub, but for the wrappings."""

    def __init__(self, settings: Settings, death: Death) -> None:
        super().__init__(settings, registry=REGISTRY)
        self._death = death

    @cached_property
    def store(self) -> Store:
        return MortalStore(open_store(self.settings.database_url, self.keys, self.clock), self._death)

    def facts_changed(self, child: str) -> None:
        with self._death.around("look"):
            super().facts_changed(child)

    def settle(self, proposal: Proposal) -> None:
        with self._death.around("look"):
            super().settle(proposal)

    def make_broker(self) -> Broker:
        return MortalBroker(super().make_broker(), self._death)

    def make_door(self) -> Door:
        return MortalDoor(super().make_door(), self._death)

    def make_courier(self, system: System) -> Courier:
        courier = super().make_courier(system)
        return courier if system.delivery == "amqp" else MortalCourier(courier, self._death)


def live(settings: Mapping[str, Any], appointment: Appointment) -> None:
    """One life of a worker: until its death, or until it is told to stop."""
    hub = MortalHub(load_settings({}, **settings), Death(appointment))
    if deed := DEEDS.get(appointment.role):
        stay = Event()
        signal.signal(signal.SIGTERM, lambda *_: stay.set())
        deed(hub)
        stay.wait()
        hub.close()
        return
    worker = Worker(hub, (appointment.role,))  # type: ignore[arg-type]  # one of the roles of `EVENTS`
    signal.signal(signal.SIGTERM, lambda *_: worker.told_to_stop())
    worker.start()
    worker.wait()
    worker.stop()
    hub.close()
