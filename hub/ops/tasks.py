"""Tasks: opened once, answered by whom they are put to with an answer of the list, never simply gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hub.errors import UnusableError
from hub.model.calendar import deadline
from hub.model.envelope import fresh_id
from hub.model.plan import Plan
from hub.model.responsibility import Facts
from hub.model.service import Service
from hub.model.task import Task
from hub.ops.districts import among
from hub.ops.enrol import Desk
from hub.ops.feedback import tell_reporter
from hub.ops.hands import Hand, holds_task, sees_task
from hub.ops.heads import days_for
from hub.ops.officials import Barred
from hub.policy.owed import again_at
from hub.policy.tasks import asked_in, is_coordinators, kinds, whose
from hub.policy.who_decides import answers_for, leads
from hub.ports import Work


@dataclass(frozen=True, slots=True)
class Put:
    """What is put to somebody. `once` keeps a second of its like from being made while it is open.

    `to` is the service asked, where the kind does not say it itself; of what is put to whoever coordinates, the
    coordinator where it has asked about it itself, and so knows of whom it is.
    """

    kind: str
    to: Service | None = None
    system: str | None = None
    subject: str | None = None
    due_at: datetime | None = None
    starts_at: datetime | None = None
    reason: str | None = None
    once: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A word of the task's list, with a reason where that word needs one."""

    answer: str
    reason: str | None = None


def open_task(work: Work, desk: Desk, put: Put, plan: Plan | None = None, by: Hand | None = None) -> Task:
    """One more task, about a plan or about none. Its time begins when it starts, not when it is made."""
    now = desk.clock.now()
    facts = work.persons.facts([plan.child]).get(plan.child) if plan else None
    to = whose(put.kind, put.to, _leader(put, facts, by, now) if facts else None)
    task = Task(
        fresh_id(),
        desk.municipality,
        put.kind,
        to,
        now,
        put.due_at or deadline(max(now, put.starts_at or now), days_for(work, desk, to, put.kind)),
        plan.id if plan else None,
        plan.child if plan else None,
        put.subject,
        put.system or system_of(work, desk, to, plan),
        by.service if by else None,
        put.starts_at,
        reason=put.reason,
        once=put.once,
    )
    work.tasks.add([task])
    desk.note(work, "task.opened", task.id, kind=task.kind, to=to, plan=task.plan, by=by.person if by else "hub")
    return task


def _leader(put: Put, facts: Facts, by: Hand | None, now: datetime) -> Service | None:
    """Whoever coordinates; nobody, where a task of that one's would tell of a service that it may not know of."""
    leader = leads(facts, now)
    asked_itself = put.to == leader or not is_coordinators(put.kind)
    return leader if asked_itself or by is None else answers_for(facts, by.service, now)


def system_of(work: Work, desk: Desk, service: Service, plan: Plan | None) -> str | None:
    """The one system a service is asked in, where there is just one."""
    seated = {link.system for link in work.links.of([plan.id]).get(plan.id, ())} if plan else set()
    return asked_in(service, desk.municipality, work.directory.systems(), seated)


def tasks_of(work: Work, desk: Desk, hand: Hand | Barred, plan: str | None = None) -> Sequence[Task] | Barred:
    """Open tasks as this hand may see them: to an office all about the children it answers for, to others what is put
    to them."""
    if isinstance(hand, Barred):
        return hand
    found = among(work, desk, hand, work.tasks.open(desk.municipality, plan))
    return [each for each in found if sees_task(hand, each)]


def task_of(work: Work, desk: Desk, hand: Hand, id: str) -> Task:
    """One task that this hand may see, locked; its maker sees it too, to learn how it was answered (P-08)."""
    task = work.tasks.find(desk.municipality, id, lock=True)
    mine = task is not None and (sees_task(hand, task) or task.asked_by == hand.service)
    if task is None or not mine or not among(work, desk, hand, [task]):
        raise UnusableError("not_found", "there is no such task in this municipality", place="task")
    return task


def answer_task(work: Work, desk: Desk, hand: Hand, id: str, reply: Reply) -> Task | Barred:
    """Answers a task with a word of its kind's list. The same answer of the same person again changes nothing."""
    task = task_of(work, desk, hand, id)
    kind = kinds()[task.kind]
    if kind.by is not None:
        way_out = f"it is answered by POST /v1/plans/{{id}}/… ({kind.by})"
        raise UnusableError("not_here", "this task is answered by what it asks for", place="task", way_out=way_out)
    return settle_task(work, desk, hand, task, reply)


def settle_task(work: Work, desk: Desk, hand: Hand, task: Task, reply: Reply) -> Task | Barred:
    """The answer itself, once it is known that it may be given here."""
    if task.state == "answered" and (task.answer, task.answered_by) == (reply.answer, hand.person):
        return task
    if not holds_task(hand, task):
        desk.note(work, "task.barred", task.id, person=hand.person, code="not_authorised")
        return Barred("not_authorised", "the task is put to another service")
    must_fit(task, reply)
    return end_task(work, desk, task, reply, hand.person)


def must_fit(task: Task, reply: Reply) -> None:
    """An open task, an answer of its list, and a reason where that answer needs one."""
    kind = kinds()[task.kind]
    if task.state != "open":
        raise UnusableError("already_decided", f"it is {task.state}", way_out="read it again")
    if reply.answer not in kind.answers:
        known = ", ".join(kind.answers)
        raise UnusableError("unknown_word", "not an answer of this task", place="answer", way_out=f"answer {known}")
    if reply.answer in kind.why and not reply.reason:
        raise UnusableError("no_reason", "this answer needs a reason", place="reason", way_out="say why, without names")


def end_task(work: Work, desk: Desk, task: Task, reply: Reply, person: str) -> Task:
    """Writes the answer. What there may be one of may then be asked again, but for what names its own occasion."""
    ended = replace(
        task,
        state="answered",
        answer=reply.answer,
        answered_by=person,
        answered_at=desk.clock.now(),
        reason=reply.reason or task.reason,
        once=task.once if task.once and task.once.startswith("occasion:") else None,
    )
    work.tasks.put([ended])
    if ended.plan and (at := again_at(ended)) is not None:
        work.looks.sooner({ended.plan: at})
    desk.note(work, "task.answered", task.id, kind=task.kind, answer=reply.answer, person=person)
    if kinds()[task.kind].tells:
        tell_reporter(work, desk, ended)
    return ended


def end_all(work: Work, desk: Desk, plan: str, done: Mapping[str, str], person: str) -> list[Task]:
    """Answers every open task of these kinds about a plan, with the answer `done` has for its kind."""
    found = [each for each in work.tasks.open(desk.municipality, plan) if each.kind in done]
    return [end_task(work, desk, each, Reply(done[each.kind]), person) for each in found]


def withdraw_all(work: Work, desk: Desk, plan: str, *keep: str) -> None:
    """Nobody need answer these any more; those of the kinds to keep stay."""
    found = [each for each in work.tasks.open(desk.municipality, plan) if each.kind not in keep]
    work.tasks.put([replace(each, state="withdrawn", once=None) for each in found])
    if found:
        desk.note(work, "tasks.withdrawn", plan, tasks=[each.id for each in found])


def pass_on(work: Work, desk: Desk, plan: Plan, facts: Facts) -> None:
    """The coordinator's tasks follow the coordination to whoever has it now, if that one may know who opened them."""
    now = desk.clock.now()
    found = [each for each in work.tasks.open(desk.municipality, plan.id) if is_coordinators(each.kind)]
    moved = [
        replace(each, addressee=to, system=system_of(work, desk, to, plan))
        for each in found
        if (to := whose(each.kind, None, answers_for(facts, each.asked_by, now))) != each.addressee
    ]
    work.tasks.put(moved)
