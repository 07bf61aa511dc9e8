"""What nobody has decided or answered in time goes up, with a new deadline; it never goes away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from hub.model.calendar import deadline
from hub.model.envelope import fresh_id
from hub.model.responsibility import Facts
from hub.model.service import Service
from hub.model.task import Task
from hub.policy.tasks import COORDINATING_UNIT, above_task, coordinating, kinds, whose
from hub.policy.who_decides import above, answers_for, leads, question
from hub.ports import AuditEntry, Clock, Hold, Move, Store, Work

SILENCE = "silence"
"""The answer of a service that has given none, where its silence opens a task of another kind."""


class Overdue:
    """A turn of the sweep."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def turn(self, limit: int = 1_000) -> int:
        """Gives how many holds and tasks went up. Whoever is uppermost keeps one and is reminded by the next
        deadline."""
        with self._store.begin() as work:
            late = work.holds.overdue(self._clock.now(), limit)
            for hold in late:
                self._go_up(work, hold)
            tasks = work.tasks.overdue(self._clock.now(), limit)
            facts = work.persons.facts(sorted({each.child for each in tasks if each.child}))
            for task in tasks:
                self._task_goes_up(work, task, facts)
        return len(late) + len(tasks)

    def _go_up(self, work: Work, hold: Hold) -> None:
        now, role = self._clock.now(), above(hold.role)
        due = deadline(now, question(hold.rules, hold.hops).days)
        work.holds.decide([replace(hold, role=role, due_at=due)])
        detail = {"from": hold.role, "to": role, "due": due.isoformat()}
        number = len(work.moves.of(hold.municipality, hold.id)) + 1
        work.moves.add([Move(hold.id, number, hold.municipality, hold.child, now, "escalated", "hub", detail=detail)])
        work.audit.add([AuditEntry(hold.municipality, now, "hub", "hold.escalated", hold.id, detail)])

    def _task_goes_up(self, work: Work, task: Task, facts: Mapping[str, Facts]) -> None:
        now, kind = self._clock.now(), kinds()[task.kind]
        if kind.becomes is not None:
            self._silent(work, task, kind.becomes, now)
            return
        to, due = above_task(task.kind, task.escalated_to), deadline(now, kind.days)
        if to == "asked":
            to = task.addressee
        if to == "coordinator":
            known = facts.get(task.child or "")
            to = coordinating(_coordinator_of(task, known, now) if known else None)
        if to == task.addressee and not kind.secret:  # it coordinates itself: whoever stands above it follows
            to = COORDINATING_UNIT
        work.tasks.put([replace(task, escalated_to=to, due_at=due)])
        detail = {"kind": task.kind, "from": task.escalated_to or task.addressee, "to": to, "due": due.isoformat()}
        work.audit.add([AuditEntry(task.municipality, now, "hub", "task.escalated", task.id, detail)])

    def _silent(self, work: Work, task: Task, kind: str, now: datetime) -> None:
        """No answer is an answer here: what it opens is put to others in its place."""
        work.tasks.put([replace(task, state="answered", answer=SILENCE, answered_by="hub", answered_at=now, once=None)])
        due = deadline(now, kinds()[kind].days)
        opened = Task(
            fresh_id(),
            task.municipality,
            kind,
            whose(kind, None, None),
            now,
            due,
            task.plan,
            task.child,
            task.addressee,
            once=f"{kind}:{task.plan}",
        )
        work.tasks.add([opened])
        detail = {"kind": task.kind, "opened": kind, "due": due.isoformat()}
        work.audit.add([AuditEntry(task.municipality, now, "hub", "task.unanswered", task.id, detail)])


def _coordinator_of(task: Task, facts: Facts, now: datetime) -> Service | None:
    """Whoever coordinates, if it may know whose task it is, or has asked that service to take part itself."""
    leader = leads(facts, now)
    if task.kind == "take_part" and task.asked_by == leader:
        return leader
    return answers_for(facts, task.addressee, now)
