"""Rows for tests of storage: each child and plan with ids of its own, since databases are shared within a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from hub.model.change import ChildKey
from hub.model.person import Child
from hub.model.plan import Element, Plan
from hub.model.responsibility import Facts
from hub.ports import Delivery, Link, Part
from hub.storage import SqlStore

NOON = datetime(2026, 8, 17, 12, 0, tzinfo=UTC)


def fresh(what: str) -> str:
    return f"{what}-{uuid4().hex}"


@dataclass(frozen=True)
class Enrolled:
    """A child with an empty plan and a link to a school, in a municipality that no other test uses."""

    municipality: str
    child: str
    plan: str
    system: str
    key: str

    def part(self, **changes: Any) -> Part:
        part = Part(fresh("part"), fresh("message"), self.municipality, self.system, "kind", "pending", NOON)
        return part._replace(plan=self.plan, child=self.child, **changes)

    def delivery(self, **changes: Any) -> Delivery:
        delivery = Delivery(fresh("delivery"), self.municipality, self.system, "kind", fresh("part"), "waiting", NOON)
        return delivery._replace(**{"plan": self.plan, "child": self.child, **changes})

    def version(self, number: int, title: str = "Learn to swim") -> Plan:
        goal = Element("goal-1", "goal", "school", frozenset({"education"}), {"title": title}, keys={"school-1": "7"})
        return Plan(self.plan, self.municipality, self.child, number, {goal.id: goal})


def enrol(store: SqlStore, number: str | None = None) -> Enrolled:
    one = Enrolled(fresh("municipality"), fresh("child"), fresh("plan"), fresh("system"), fresh("pupil"))
    with store.begin() as work:
        work.persons.add(Facts(Child(one.child, one.municipality)), number)
        work.plans.add([(Plan(one.plan, one.municipality, one.child), None)])
        work.links.put(Link(one.municipality, one.system, one.plan, one.child, ChildKey("own", one.key), one.child))
    return one
