"""A hub whose turns are taken by hand, one at a time, on a clock that stands."""

from __future__ import annotations

from dataclasses import dataclass

from hub.bootstrap import Hub
from hub.model.envelope import Receipt
from hub.model.service import System
from hub.ports import Broker, Delivery, Part, View
from hub.routing.pipeline import DeliverTurn, work_turn
from hub.routing.queues import INTAKE
from tests.conftest import StandingClock
from tests.faults.pushed import Api
from tests.faults.village import PUSHED, arrival
from tests.journeys.systems import HOME


@dataclass
class Place:
    """One hub whose turns are taken by hand."""

    hub: Hub
    broker: Broker
    clock: StandingClock
    api: Api
    pushed: System
    plans: dict[str, str]

    def __post_init__(self) -> None:
        self.line: DeliverTurn = self.hub.deliver_turn(self.pushed)

    def say(self, *names: str, turn: int = 1) -> None:
        answers = self.hub.reception.accept([arrival(name, turn) for name in names])
        assert all(isinstance(each, Receipt) for each in answers)

    def update(self) -> int:
        return work_turn(self.broker, INTAKE, self.hub.updates.run, 64, 0)

    def deliver(self) -> int:
        return self.line.turn(self.broker, self.pushed, 64, 0)

    def sweep(self) -> int:
        return self.hub.sweep.turn(self.broker)

    def parts(self) -> list[Part]:
        with self.hub.store.begin() as work:
            return [part for plan in self.plans.values() for part in work.ledger.of(HOME, plan)]

    def rows(self, name: str, system: System = PUSHED) -> list[Delivery]:
        with self.hub.store.begin() as work:
            return [row for row in work.deliveries.of(HOME, self.plans[name]) if row.system == system.id]

    def view(self, name: str) -> View:
        with self.hub.store.begin() as work:
            return work.views.of([self.plans[name]])[self.plans[name], PUSHED.id]
