"""Enrolment: who has a plan, who sits at its table under which key, and what the registers say of the child."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from hub.errors import UnusableError
from hub.model.change import ChildKey
from hub.model.envelope import fresh_id
from hub.model.person import DATED, Child, Written
from hub.model.plan import Element, Plan
from hub.model.responsibility import Facts
from hub.ops.mandates import Mark, in_step
from hub.ops.sound import sound
from hub.policy import next_change, reveals
from hub.ports import AuditEntry, Clock, Link, Work
from hub.sync import stamped


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose hand writes: the municipality all is kept under, the system that asked, and the time."""

    municipality: str
    actor: str
    clock: Clock

    def note(self, work: Work, action: str, subject: str, **detail: object) -> None:
        """A line in the audit chain: ids and codes only."""
        work.audit.add([AuditEntry(self.municipality, self.clock.now(), self.actor, action, subject, detail)])


@dataclass(frozen=True, slots=True)
class Participant:
    """Someone at the table when the plan is made. The row reveals a client relation, so it carries categories."""

    service: str
    categories: frozenset[str]
    role: str = "member"
    name: str | None = None
    unit: str | None = None


def make_plan(
    work: Work, desk: Desk, facts: Facts, number: str | None, participants: Sequence[Participant] = ()
) -> Plan:
    """A plan for a child that has none. With participants it starts at version 1, otherwise at the empty version 0."""
    if number is not None:
        _no_plan_yet(work, desk, number)
    now = desk.clock.now()
    begun = in_step(Facts(facts.child), sound(_dated(None, facts, now), now), Mark(desk.actor, now))
    work.persons.add(begun, number)
    elements = [_seat(participant) for participant in participants]
    plan = Plan(fresh_id(), desk.municipality, facts.child.id, 0)
    work.plans.add([(plan, None)])
    if elements:
        plan = replace(plan, version=1, elements={element.id: element for element in elements})
        work.plans.add([(plan, None)])
    work.looks.done(plan.id, 0, next_change(begun, now))  # nobody has said anything yet
    desk.note(work, "plan.made", plan.id, participants=len(elements))
    return plan


def link(work: Work, desk: Desk, plan_id: str, system: str, key: ChildKey, about: str | None = None) -> Link:
    """Sits a system at the plan's table under the key that system itself supplied."""
    plan = plan_of(work, desk, plan_id)
    registered = work.directory.systems().get(system)
    if registered is None or registered.municipality != desk.municipality:
        raise UnusableError("not_found", "no system of that id is registered here", place="system")
    if facts_of(work, desk, plan.child).life.closing is not None:
        way_out = "open it anew where there is a new need"
        raise UnusableError("plan_closed", "nobody is told of a plan that is closed", place="plan", way_out=way_out)
    made = Link(desk.municipality, system, plan.id, plan.child, key, about or plan.child)
    work.links.put(made)
    work.looks.ask([plan.id])
    desk.note(work, "link.put", plan.id, system=system, key=key.kind)
    return made


def change_facts(
    work: Work, desk: Desk, child: str, change: Callable[[Facts], Facts], *, version: int | None = None
) -> Facts:
    """Changes what is known of a child under its lock; a caller who saw another `version` is told so (`stale`)."""
    facts = facts_of(work, desk, child, change=True)
    if version is not None and version != facts.version:
        raise UnusableError("stale", "the facts have changed since they were read", way_out="read them again")
    now = desk.clock.now()
    changed = in_step(facts, sound(_dated(facts.child, change(facts), now), now, facts), Mark(desk.actor, now))
    work.persons.change(changed)
    desk.note(work, "facts.changed", child, version=facts.version + 1, changed=_changed(facts, changed))
    return facts_of(work, desk, child)


def history(work: Work, desk: Desk, child: str) -> Sequence[AuditEntry]:
    """Every change of what is known of a child: when, by whom, which facts; from the audit chain, oldest first."""
    facts_of(work, desk, child)
    return work.audit.of(desk.municipality, child)


def plan_of(work: Work, desk: Desk, id: str) -> Plan:
    """The newest version, or `not_found`: the same answer for another municipality's plan and for none."""
    plan = work.plans.newest(desk.municipality, id)
    if plan is None:
        raise UnusableError("not_found", "there is no such plan in this municipality", place="plan")
    return plan


def facts_of(work: Work, desk: Desk, child: str, *, lock: bool = False, change: bool = False) -> Facts:
    """What is known of a child of this municipality, or `not_found`."""
    facts = work.persons.facts([child], lock=lock, change=change).get(child)
    if facts is None or facts.child.municipality != desk.municipality:
        raise UnusableError("not_found", "there is no such person in this municipality", place="person")
    return facts


def _no_plan_yet(work: Work, desk: Desk, number: str) -> None:
    child = work.persons.by_number(desk.municipality, number)
    if child is not None:
        plan = work.plans.of_child(desk.municipality, child)
        way_out = f"read it: GET /v1/plans/{plan}" if plan else None
        raise UnusableError("plan_exists", "this child has a plan already", place="child.number", way_out=way_out)


def _dated(before: Child | None, facts: Facts, now: datetime) -> Facts:
    """With the time at which each dated fact became as it is."""
    known = before or Child(facts.child.id, facts.child.municipality)
    fresh = [name for name in DATED if getattr(known, name) != getattr(facts.child, name)]
    if not fresh:
        return facts
    kept = tuple(one for one in facts.child.written if one.fact not in fresh)
    written = (*kept, *(Written(name, now) for name in fresh))
    return replace(facts, child=replace(facts.child, written=written))


def _changed(before: Facts, after: Facts) -> list[str]:
    """The names of the facts that are no longer what they were."""
    told: list[tuple[Any, Any]] = [
        (before.child, after.child),
        (before.responsibility, after.responsibility),
    ]
    names = [
        each.name
        for old, new in told
        for each in fields(old)
        if each.name != "written" and getattr(old, each.name) != getattr(new, each.name)
    ]
    return names + (["necessities"] if before.necessities != after.necessities else [])


def _seat(participant: Participant) -> Element:
    content = {
        name: value for name in ("service", "role", "name", "unit") if (value := getattr(participant, name)) is not None
    }
    categories = participant.categories | reveals(participant.service)
    return stamped(Element(fresh_id(), "participant", participant.service, categories, content))
