"""What the time makes somebody owe a plan, as tasks: asked for once an occasion, by the look that finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hub.model.calendar import deadline
from hub.model.envelope import fresh_id
from hub.model.plan import Plan
from hub.model.responsibility import Facts
from hub.model.service import Service
from hub.model.task import Task
from hub.policy.owed import Owed, asked_anew, next_anew, next_owed, owed
from hub.policy.tasks import asked_in, kinds, whose
from hub.policy.who_decides import leads
from hub.ports import Work
from hub.routing.unclear import unclear


def open_owed(work: Work, plan: Plan, facts: Facts, now: datetime) -> datetime | None:
    """Opens what is owed and not asked for yet: each occasion once, whether it is answered or not. What was put off is
    asked about anew. Gives when more may come to be owed."""
    found = owed(plan, facts, now)
    tasks = work.tasks.of(plan.municipality, plan.id) if any(kinds()[one.kind].again for one in found) else ()
    _open(work, plan, facts, asked_anew(found, tasks, now), now)
    return soonest(next_owed(plan, facts, now), next_anew(found, tasks, now))


def soonest(*instants: datetime | None) -> datetime | None:
    """The first of those that there are."""
    return min((at for at in instants if at is not None), default=None)


def _open(work: Work, plan: Plan, facts: Facts, found: Sequence[Owed], now: datetime) -> None:
    if not found and not _lapsed(facts, now):
        return
    leader, systems = leads(facts, now), work.directory.systems()
    seated = {link.system for link in work.links.of([plan.id]).get(plan.id, ())}
    made = [_task(plan, one, whose(one.kind, one.to, leader), now) for one in found]
    put = [replace(one, system=asked_in(one.addressee, plan.municipality, systems, seated)) for one in made]
    work.tasks.add([*put, *(unclear(plan.id, facts, now) if _lapsed(facts, now) else [])])


def _lapsed(facts: Facts, now: datetime) -> bool:
    """Whether somebody has coordinated and nobody does any more: a mandate has ended by itself (COO-07)."""
    return facts.life.closing is None and bool(facts.mandates) and leads(facts, now) is None


def _task(plan: Plan, one: Owed, to: Service, now: datetime) -> Task:
    due = deadline(now, kinds()[one.kind].days)
    about = (plan.municipality, one.kind, to, now, due, plan.id, plan.child, one.subject)
    return Task(fresh_id(), *about, once=one.once)
