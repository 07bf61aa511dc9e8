"""Doors 2 and 3 on paper: the hub's own forward and dispatch, with their tables in dictionaries and no database.

What is pure is walked whole: look, lay ready, decide again, cut, put, write, count versions. What is not here is what
only transactions can show: two workers at once, a crash, the merge of what senders say. Journeys go through those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import orjson

from hub.model.change import ChildKey
from hub.model.plan import Element, Plan
from hub.model.responsibility import Facts
from hub.model.service import System
from hub.policy import still_known
from hub.policy.services import services
from hub.ports import Delivery, Link, Part, View
from hub.registry import load_registry
from hub.routing.catalogue import Catalogue
from hub.routing.deliver import Dispatch
from hub.routing.forward import News, Table, forward
from hub.routing.order import LIFETIME, newest_first_served
from hub.routing.prepared import Prepared, Room
from hub.routing.waits import Asked
from hub.routing.watch import Watch

PLAN, HOME, OFFICE = "plan-1", "4601", "coordinating_unit"


@cache
def catalogue() -> Catalogue:
    return load_registry()


@cache
def system_of(service: str) -> System:
    """The system by which a service says something."""
    return System(f"{service}-1", HOME, service, "", "client", "310000000")


@dataclass
class Paper:
    """One plan, one receiver, and everything the receiver ever gets."""

    receiver: System
    facts: Facts
    now: datetime
    plan: Plan = field(default_factory=lambda: Plan(PLAN, HOME, "c1"))
    views: dict[tuple[str, str], View] = field(default_factory=dict)
    waiting: dict[str, Delivery] = field(default_factory=dict)
    shown: list[Delivery] = field(default_factory=list)
    """What the receiver was shown and has not acknowledged."""
    asked: Asked = field(default_factory=dict)
    stream: list[tuple[Any, ...]] = field(default_factory=list)
    opened: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Every element that was ever opened to the receiver, with the rules of the last time."""
    answers: list[Any] = field(default_factory=list)
    """What every decision answered."""
    parts: int = 0
    senders: dict[str, str] = field(default_factory=dict)
    """Who sent each part."""

    def say(self, changed: Sequence[Element], correlation: str | None = None, by: str = "") -> None:
        """A service has said this, and it is merged: door 2. What the receiver says itself comes from the office."""
        elements = {**self.plan.elements, **{each.id: each for each in changed}}
        self.plan = replace(self.plan, version=self.plan.version + 1, elements=elements)
        self._forward(changed, correlation, by)

    def look_again(self) -> None:
        """A fact has changed, or time has passed."""
        if self.parts:
            self._forward(())

    def fetch(self, acknowledged: bool) -> None:
        """Door 3: the fetch is the dispatch."""
        kept, older = newest_first_served([*self.shown, *self.waiting.values()])
        done = Prepared({self.receiver.id: self.receiver}, self.now, LIFETIME)
        done.unsure |= {(row.plan, row.system) for row in older if row.state == "sending"}
        self.waiting.clear()
        self.shown = []
        for row in kept:
            self._dispatch()._one(row, self._room(), done)
        self._take_in(done)
        if acknowledged:
            self.shown = []
            self.views = {key: view._replace(seen=view.sent) for key, view in self.views.items()}

    def _forward(self, changed: Sequence[Element], correlation: str | None = None, by: str = "") -> None:
        self.parts += 1
        sender = OFFICE if by in ("", self.receiver.service) else by
        part = Part(
            f"part-{self.parts}", "message", HOME, system_of(sender).id, "kind", "merged", self.now,
            plan=PLAN, child="c1", correlation_id=correlation,
        )  # fmt: skip
        self.senders[part.id] = part.system
        views = {system: view for (_, system), view in self.views.items()}
        facts, systems = still_known(self.facts, self.now), {self.receiver.id: self.receiver}
        table = Table(self.now, facts, self._links(), systems, views, self.asked, self.waiting, {})
        out = forward(self.plan, News(changed), part, table, catalogue())
        self.views = {(PLAN, system): view for system, view in table.views.items()}
        self._note([row.record for row in out.decisions])

    def _take_in(self, done: Prepared) -> None:
        rows = {row.id: row for row in [*done.rows, *done.added]}
        self.shown = [row for row in rows.values() if row.state == "sending"]
        self._note([row.record for row in done.decisions])
        for parcel in done.parcels:
            left = parcel.expires_at - self.now if parcel.expires_at else None
            self.stream.append((parcel.kind, parcel.version, parcel.correlation_id, left, parcel.body))
        self.stream.append(("fetched", len(done.parcels)))

    def _note(self, records: Sequence[bytes]) -> None:
        for record in records:
            self.answers.append(orjson.loads(record)["elements"])
            for each in self.answers[-1]:
                if each["answer"] == "open":
                    self.opened.update(dict.fromkeys(each["ids"], tuple(each["rules"])))

    def _links(self) -> list[Link]:
        return [Link(HOME, self.receiver.id, PLAN, "c1", ChildKey("own", "key-1"), "c1")]

    def _room(self) -> Room:
        senders = {each.id: each for each in map(system_of, services())} | {self.receiver.id: self.receiver}
        return Room(
            {PLAN: self.plan}, {"c1": self.facts}, self.views, {PLAN: self._links()}, senders, {}, {}, self.asked, [],
            self.senders,
        )  # fmt: skip

    def _dispatch(self) -> Dispatch:
        return Dispatch(None, self, catalogue(), WATCH, known_for=timedelta(hours=24))  # type: ignore[arg-type]  # no store


WATCH = Watch()
