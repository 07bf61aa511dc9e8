"""A change of structure that nobody may decide: the municipality has a task about it, one at a time (COO-04)."""

from __future__ import annotations

from datetime import datetime

from hub.model.calendar import deadline, norwegian_day
from hub.model.envelope import fresh_id
from hub.model.responsibility import Facts
from hub.model.task import Task
from hub.policy.tasks import COORDINATING_UNIT, kinds
from hub.policy.who_decides import leads

KIND = "decide_coordination"


def unclear(plan: str, facts: Facts, now: datetime) -> list[Task]:
    """The task, where nobody coordinates or it is disputed who does. Nobody is asked about a child that has moved, nor
    where somebody has been appointed from a later day on."""
    child, today = facts.child, norwegian_day(now)
    moved = child.residence not in (None, child.municipality)
    later = any(one.ended_at is None and one.since > today for one in facts.mandates)
    if moved or (later and not facts.responsibility.disputed):
        return []
    if not facts.responsibility.disputed and leads(facts, now) is not None:
        return []
    due = deadline(now, kinds()[KIND].days)
    whose = (child.municipality, KIND, COORDINATING_UNIT, now, due, plan, child.id)
    return [Task(fresh_id(), *whose, once=f"{KIND}:{plan}")]
