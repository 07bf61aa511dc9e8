"""A small world for journeys: a real hub, systems at a table, and turns taken one at a time without waiting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

import orjson

from hub.bootstrap import Hub
from hub.errors import UnusableError
from hub.model.change import ChildKey
from hub.model.envelope import Arrival, Parcel, Receipt
from hub.model.life import Life
from hub.model.person import Child, Guardian, Maturity
from hub.model.plan import Plan
from hub.model.responsibility import Facts, Responsibility
from hub.model.service import System
from hub.ops import holds, proposals, register, set_aside
from hub.ops.enrol import Desk, change_facts, link, make_plan
from hub.ops.holds import Judgement
from hub.ops.officials import Barred
from hub.ports import AsideRow, Broker, Delivery, Hold, Proposal
from hub.routing.pipeline import DeliverTurn, work_turn
from hub.routing.queues import DIRECTED, INTAKE
from hub.sdk import Posted
from tests.conftest import StandingClock
from tests.journeys.judges import Judges
from tests.journeys.systems import HOME, agreed

PATIENCE = 30.0


@dataclass
class World(Judges):
    """One hub and one municipality; `clock` is the hub's own."""

    hub: Hub
    broker: Broker
    plans: dict[str, str] = field(default_factory=dict)
    turns: dict[str, DeliverTurn] = field(default_factory=dict)
    alive: bool = True
    """Whether whoever commits a fact lives to look at the plan again."""

    def __repr__(self) -> str:
        return "World()"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """As hypothesis writes down what failed: not everybody it has met."""
        printer.text(repr(self))

    @property
    def clock(self) -> StandingClock:
        """The hub's own, where it stands still."""
        assert isinstance(self.hub.clock, StandingClock), "this world's clock runs by itself"
        return self.hub.clock

    @property
    def desk(self) -> Desk:
        return Desk(HOME, "test", self.hub.clock)

    def at_table(self, name: str, *seated: System, consent: bool = True, **told: Any) -> str:
        """A child whose plan these systems sit at, each under the key `<name>@<system>`; both parents agree to all."""
        child = self.child(name, **told)
        for each in seated:
            self.seat(name, each, f"{name}@{each.id}")
        if consent:
            self.consent(child, name, "mother", "father")
        return child

    def register(self, *systems: System) -> None:
        with self.hub.store.begin() as work:
            work.directory.put(systems)

    def child(self, name: str, *, age: int = 8, understands: bool | None = False, **told: Any) -> str:
        """Makes a child of that age with a plan and the municipality's health service as coordinator."""
        today = self.hub.clock.now().date()
        coordination = told.pop("responsibility", Responsibility(child_coordinator="municipal_health"))
        number = told.pop("number", None)
        life = told.pop("life", Life(begun=self.hub.clock.now()))
        usual = {
            "birth_date": date(today.year - age, 1, 2),
            "guardians": (Guardian(f"{name}-mother", "mother"), Guardian(f"{name}-father", "father")),
            "maturity": None if understands is None else Maturity(understands, "nurse-1", today, "sharing"),
            "hearing": today,
            "as_of": self.hub.clock.now(),
        }
        child = Child(id=f"child-{name}-{uuid4().hex[:6]}", municipality=HOME, **{**usual, **told})
        with self.hub.store.begin() as work:
            plan = make_plan(work, self.desk, Facts(child, responsibility=coordination, life=life), number)
        self.plans[name] = plan.id
        return child.id

    def seat(self, name: str, seated: System, key: str, kind: str = "own", about: str | None = None) -> None:
        with self.hub.store.begin() as work:
            link(work, self.desk, self.plans[name], seated.id, ChildKey(kind, key), about)

    def consent(self, child: str, name: str, *givers: str, **terms: Any) -> list[str]:
        """One record for each giver; receivers default to every service at the table, categories to everything."""
        ids = []
        for giver in givers:
            record = agreed(child, child if giver == "child" else f"{name}-{giver}", giver, **terms)
            with self.hub.store.begin() as work:
                register.record(work, self.desk, record)
            ids.append(record.id)
        self._look(self.hub.facts_changed, child)
        return ids

    def withdraw(self, *ids: str) -> None:
        with self.hub.store.begin() as work:
            for id in ids:
                register.withdraw(work, self.desk, id, self.hub.clock.now())

    def _look(self, look: Callable[[Any], None], about: Any) -> None:
        if self.alive:
            look(about)

    def sweep(self) -> None:
        """A worker that lives takes the looks that are owed, and everything that follows."""
        self.hub.refresh.catch_up(self.broker, timedelta())
        self.work()

    def facts(self, child: str, **changed: Any) -> None:
        """What registers say of the child; `responsibility` is who coordinates."""
        lead = {name: changed.pop(name) for name in ("responsibility",) if name in changed}
        with self.hub.store.begin() as work:
            change_facts(work, self.desk, child, lambda now: replace(now, child=replace(now.child, **changed), **lead))
        self._look(self.hub.facts_changed, child)

    def holds(self, name: str) -> list[Hold]:
        with self.hub.store.begin() as work:
            return list(holds.list_holds(work, self.desk, self.plans[name]))

    def proposals(self, name: str) -> list[Proposal]:
        with self.hub.store.begin() as work:
            found = proposals.list_proposals(work, self.desk, self.plans[name])
        return [each for each in found if each.state == "open"]

    def answer(self, proposal: Proposal, *, accepted: bool, by: str = "authority-1") -> Proposal | Barred:
        """By default of the municipality's authority, which may whether anybody coordinates or not."""
        judgement = Judgement(by, "agreed in the meeting")
        with self.hub.store.begin() as work:
            answer = proposals.decide_proposal(work, self.desk, proposal.id, judgement, accepted=accepted)
        if isinstance(answer, Proposal):
            self._look(self.hub.settle, answer)
        self.work()
        return answer

    def plan(self, name: str) -> Plan:
        with self.hub.store.begin() as work:
            return work.plans.current([self.plans[name]])[self.plans[name]]

    def titles(self, name: str, kind: str) -> set[str]:
        """What the plan's living elements of a kind are called."""
        living = [each for each in self.plan(name).elements.values() if each.kind == kind and not each.deleted]
        return {str(each.content["title"]) for each in living}

    def aside(self) -> list[AsideRow]:
        with self.hub.store.begin() as work:
            return list(set_aside.list_aside(work, self.desk))

    def deliveries(self, name: str, receiver: System) -> list[Delivery]:
        """Every row of the second ledger for that plan and receiver, oldest first."""
        with self.hub.store.begin() as work:
            rows = work.deliveries.of(HOME, self.plans[name])
        return [row for row in rows if row.system == receiver.id]

    def send(self, sender: System, document: Any, kind: str = "", **more: Any) -> Receipt | UnusableError:
        body = document if isinstance(document, bytes) else orjson.dumps(document)
        arrival = Arrival(
            sender.id, sender.municipality, more.pop("id", uuid4().hex), kind or sender.document, body, **more
        )
        return self.hub.reception.accept([arrival])[0]

    def work(self) -> None:
        """Lets the workers take turns until nothing moves; a broker may take a moment to hand a ticket over."""
        until = monotonic() + PATIENCE
        while self.turn() or self.owed():
            assert monotonic() < until, "the workers do not come to rest"

    def close(self) -> None:
        for turn in self.turns.values():
            turn.close()
        self.broker.close()
        self.hub.close()

    def turn(self) -> int:
        """One turn of each worker. Where a ticket is on its way from the broker, it is waited for."""
        wait = 0.05 if self.owed() else 0
        moved = work_turn(self.broker, INTAKE, self.hub.updates.run, 64, wait)
        moved += work_turn(self.broker, DIRECTED, self.hub.directed.run, 64, 0)
        with self.hub.store.begin() as work:
            systems = work.directory.systems()
        for each in systems.values():
            if each.delivery != "mailbox":
                if each.id not in self.turns:
                    self.turns[each.id] = self.hub.deliver_turn(each)
                moved += self.turns[each.id].turn(self.broker, each, 64, 0)
        return moved

    def owed(self) -> int:
        """Rows that a worker is due to take now."""
        soon = self.hub.clock.now() + timedelta(milliseconds=1)
        with self.hub.store.begin() as work:
            rows = [row for row in work.deliveries.unfinished(soon, 100) if row.state == "waiting"]
            return len(work.ledger.unfinished(soon, 100)) + len(rows)

    def tell(self, sender: System, document: Any, kind: str = "", **more: Any) -> Receipt:
        """Sends, works, and gives the receipt as it then stands."""
        answer = self.send(sender, document, kind, **more)
        assert isinstance(answer, Receipt), answer
        self.work()
        return self.receipt(sender, answer)

    def receipt(self, sender: System, answer: Receipt) -> Receipt:
        with self.hub.store.begin() as work:
            found = work.inbox.receipt(sender.municipality, sender.id, answer.id)
        assert found is not None
        return found

    def fetch(self, receiver: System, limit: int = 50) -> list[Parcel]:
        return list(self.hub.mailbox.fetch(receiver, limit))

    def take(self, receiver: System) -> list[Any]:
        """Empties the mailbox: the documents, acknowledged."""
        parcels = self.fetch(receiver)
        self.hub.mailbox.acknowledge(receiver, {each.id: Posted("delivered") for each in parcels})
        return [orjson.loads(each.body) for each in parcels]

    def ledgers(self, municipality: str = HOME) -> tuple[Mapping[str, int], Mapping[str, int]]:
        with self.hub.store.begin() as work:
            return dict(work.tally.parts(municipality)), dict(work.tally.deliveries(municipality))

    def decisions(self, name: str, stage: str) -> list[str]:
        """The outcomes of a stage, oldest first."""
        with self.hub.store.begin() as work:
            rows = work.decisions.of(HOME, self.plans[name])
        return [row.outcome for row in rows if row.stage == stage]
