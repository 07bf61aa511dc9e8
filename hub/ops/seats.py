"""Who takes part (*deltakelse*, FOR-2022-06-22-1110 § 9 nr. 2): services asked, their answers, and when each starts.

An invitation carries no content. One who must take part cannot decline without a reason and the coordinator (COO-10);
any other may, and need not say why.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from hub.errors import UnusableError
from hub.model.life import Seat
from hub.model.service import FAMILY, Service
from hub.model.task import Task
from hub.ops.casework import Casework
from hub.ops.officials import Barred
from hub.ops.tasks import Put, Reply, end_task, must_fit
from hub.ops.unseen import as_known, known_to, questions, sits_unseen
from hub.policy.owed import next_day
from hub.policy.services import services

NEVER = frozenset({"coordinating_unit", "guardian", FAMILY, "police"})
"""Who is at no table: the office that sees to it that there is one, the family whose plan it is, the police."""


def sits(service: str) -> bool:
    """Whether it is a service that may take part in a plan at all."""
    return service in services() and service not in NEVER and services()[service].owner != "role"


def at_table(case: Casework) -> frozenset[Service]:
    """Services whose systems sit at the table or that have written in the plan, and whoever coordinates."""
    systems = case.work.directory.systems()
    linked = [systems.get(each.system) for each in case.work.links.of([case.plan.id]).get(case.plan.id, ())]
    sit = {each.service for each in linked if each is not None}
    written = {each.owner for each in case.plan.elements.values() if not each.deleted}
    return frozenset(sit | written | ({case.leader} if case.leader else set()))


def invite(case: Casework, service: str, starts_on: date | None = None) -> Casework | Barred:
    """The coordinator asks a service to take part, perhaps from a later day on: its five working days begin then."""
    if why := case.must_coordinate():
        return why
    if not sits(service):
        raise UnusableError("unknown_word", "not a service that takes part in plans", place="service")
    before = as_known(case).seat(service)
    if before is not None and before.answer in (None, "accept"):
        return case
    begins = next_day([starts_on], case.now)
    once = _once(case, service)
    if not sits_unseen(case, service):
        case = _with(case, _asked(case, service, starts_on if begins else None))
    case.put(Put("take_part", service, subject=service, starts_at=begins, once=once))
    case.note("plan.invited", service=service)
    return case


def start(case: Casework, service: str, on: date | None) -> Casework | Barred:
    """Staggers the starts: until its day a service is told nothing of the plan. Without a day it starts now.

    Who has been asked, or sits at the table; nobody is said to take part who has not been asked to.
    """
    if why := case.must_coordinate():
        return why
    begins = next_day([on], case.now)
    asked = case.facts.life.seat(service) is not None or service in at_table(case)
    if not asked or not known_to(case)(service):
        raise UnusableError(
            "not_asked", "it has not been asked to take part", place="service", way_out="invite it first"
        )
    if sits_unseen(case, service):
        case.work.tasks.put([replace(questions(case, service)[-1], starts_at=begins)])
    else:
        unasked = replace(_asked(case, service), answer="accept", answered_at=case.now)
        seat = case.facts.life.seat(service) or unasked
        case = _with(case, replace(seat, starts_on=on if begins else None))
    case.note("plan.start_set", service=service, on=on.isoformat() if on else None)
    return case


def answer(case: Casework, word: Literal["accept", "decline"], reason: str | None = None) -> Casework | Barred:
    """A service's own answer. The no of one who must take part waits for the coordinator, with its reason (COO-10).

    Who takes part, and is asked anew by somebody who may not know that, answers the question and goes on taking part.
    """
    seat = case.facts.life.seat(case.hand.service)
    if seat is None:
        raise UnusableError("not_asked", "this service has not been asked to take part", way_out="ask the coordinator")
    asked = [one for one in _open(case, "take_part") if one.addressee == seat.service]
    if seat.answer == word and not asked:
        return case
    reply = Reply(word, reason)
    for task in asked:
        must_fit(task, reply)
    must = case.judge(f"plan_{word}").outcome == "hold"
    if must and not reason:
        raise UnusableError("no_reason", "a no needs a reason", place="reason", way_out="say why, without names")
    for task in asked:
        end_task(case.work, case.desk, task, reply, case.hand.person)
    if not (asked and seat.answer == "accept"):
        case = _with(case, replace(seat, answer=word, answered_at=case.now))
    if must:
        asker = case.leader if any(one.asked_by == case.leader for one in asked) else None
        once = f"weigh_decline:{case.plan.id}:{seat.service}:{asker or ''}"
        case.put(Put("weigh_decline", asker, subject=seat.service, reason=reason, once=once))
    case.note("plan.answered", service=seat.service, answer=word)
    return case


def weigh(case: Casework, service: str, word: Literal["excuse", "keep"], reason: str) -> Casework | Barred:
    """The coordinator's word on the no of one who must take part: excused, or asked again."""
    if why := case.must_coordinate():
        return why
    found = [one for one in _open(case, "weigh_decline") if one.subject == service and _is_its(case, one)]
    seat = case.facts.life.seat(service)
    if seat is None or not found:
        raise UnusableError("not_found", "no such answer waits to be weighed", place="service")
    for task in found:
        end_task(case.work, case.desk, task, Reply(word, reason), case.hand.person)
    if not sits_unseen(case, service):
        excused = replace(seat, answer="excused", answered_at=case.now)
        case = _with(case, excused if word == "excuse" else replace(seat, answer=None, answered_at=None))
    if word == "keep":
        case.put(Put("take_part", service, subject=service, reason=reason, once=_once(case, service)))
    return case


def _once(case: Casework, service: str) -> str:
    """One open question; who may not know of another asks one of its own."""
    plain = f"take_part:{case.plan.id}:{service}"
    return f"{plain}:{case.hand.service}" if sits_unseen(case, service) else plain


def _asked(case: Casework, service: str, starts_on: date | None = None) -> Seat:
    return Seat(service, case.now, case.hand.person, starts_on=starts_on, asker=case.hand.service)


def _with(case: Casework, seat: Seat) -> Casework:
    others = [each for each in case.facts.life.seats if each.service != seat.service]
    return case.live(lambda life: replace(life, seats=(*others, seat)))


def _is_its(case: Casework, task: Task) -> bool:
    """Whether the task is put to whoever acts: of one put to the unit the coordinator may not know (RED-02)."""
    return case.hand.of_the_unit or case.hand.service in (task.addressee, task.escalated_to)


def _open(case: Casework, kind: str) -> list[Task]:
    found = case.work.tasks.open(case.desk.municipality, case.plan.id)
    return [each for each in found if each.kind == kind]
