"""Whoever coordinates is told, once for each occasion, that a consent must be asked for anew: part of each look."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hub.model.calendar import deadline
from hub.model.envelope import fresh_id
from hub.model.plan import Plan
from hub.model.responsibility import Facts
from hub.model.task import Task
from hub.policy.ask_again import RENEW, ask_again
from hub.policy.tasks import kinds, whose
from hub.policy.who_decides import leads
from hub.ports import AuditEntry, Work


def renew(work: Work, plan: Plan, facts: Facts, now: datetime) -> None:
    """Opens a task for an occasion that had none, and withdraws the hub's own open ones whose occasion is over."""
    before = [each for each in work.tasks.of(plan.municipality, plan.id) if each.kind == RENEW]
    if not before and not any(one.answer == "yes" for one in facts.consents):
        return
    occasions = {each.occasion for each in ask_again(facts, now)}
    over = [each for each in before if each.state == "open" and not (each.asked_by or each.subject in occasions)]
    work.tasks.put([replace(each, state="withdrawn", once=None) for each in over])
    for occasion in sorted(occasions - {each.subject for each in before}):
        _open(work, plan, facts, occasion, now)


def _open(work: Work, plan: Plan, facts: Facts, occasion: str, now: datetime) -> None:
    to, due = whose(RENEW, None, leads(facts, now)), deadline(now, kinds()[RENEW].days)
    once = f"{RENEW}:{plan.id}:{occasion}"
    task = Task(fresh_id(), plan.municipality, RENEW, to, now, due, plan.id, plan.child, occasion, once=once)
    work.tasks.add([task])
    detail = {"kind": RENEW, "to": to, "plan": plan.id, "by": "hub", "occasion": occasion}
    work.audit.add([AuditEntry(plan.municipality, now, "hub", "task.opened", task.id, detail)])
