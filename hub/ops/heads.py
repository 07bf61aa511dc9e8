"""What the head of a service (*styrer*, *enhetsleder*) configures for its staff; never a report, which is their own.

The head says whom of the staff the hub tells of a task, and within how many working days the service means to answer:
the law's deadline is the longest there is. The duty to report to child welfare is each employee's own (bhl § 46, oppll
§ 24-3, hpl § 33, bvl § 13-2 …): no routine may delay a report, send it by another hand or tell anybody of it (DUT-03,
DUT-04).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hub.errors import UnusableError
from hub.model.official import Answering, Routine
from hub.model.service import Service
from hub.model.task import Task
from hub.ops.enrol import Desk
from hub.ops.hands import Hand
from hub.ops.officials import Barred
from hub.policy.directory import directory
from hub.policy.tasks import kinds
from hub.ports import Work
from hub.sdk.directed import REPORT

OWN_DUTY = frozenset({"report", "danger", "order", REPORT.name})
"""What an employee sends by his or her own duty; no kind of task."""
GENERAL = "barnevernsloven § 13-2"


def configure(work: Work, desk: Desk, hand: Hand, service: Service, answering: Sequence[Answering]) -> Routine | Barred:
    """Replaces the service's routines for its tasks, by its head or its own system; its public link stays."""
    if why := barred_from(work, desk, hand, service):
        return why
    for number, each in enumerate(answering):
        _check(each, service, f"answering[{number}]")
    if len({each.kind for each in answering}) != len(answering):
        raise UnusableError("invalid_request", "a kind of task has one routine", place="answering")
    made = replace(routine_of(work, desk, service), answering=tuple(answering))
    work.directory.describe([made])
    desk.note(work, "routine.configured", service, person=hand.person, kinds=[each.kind for each in answering])
    return made


def barred_from(work: Work, desk: Desk, hand: Hand, service: Service) -> Barred | None:
    """Why this hand may not configure them: they are for the service's head in the municipality's register, or for its
    own system, whose head is its own affair."""
    if hand.service == service and (hand.heads or hand.system is not None):
        return None
    desk.note(work, "routine.barred", service, person=hand.person)
    return Barred("not_authorised", "the head of a service configures its routines", "ask the service's own head")


def routine_of(work: Work, desk: Desk, service: Service) -> Routine:
    """As the service has it; without any, one that says nothing."""
    found = (each for each in work.directory.routines(desk.municipality) if each.service == service)
    return next(found, Routine(desk.municipality, service))


def days_for(work: Work, desk: Desk, service: Service, kind: str) -> int:
    """Within how many working days a task is to be answered: by the law, or sooner by the service's own routine."""
    own = next((each.days for each in routine_of(work, desk, service).answering if each.kind == kind), None)
    return min(kinds()[kind].days, own or kinds()[kind].days)


def told_of(work: Work, desk: Desk, hand: Hand, tasks: Sequence[Task]) -> Mapping[str, tuple[str, ...]]:
    """Whom of its staff the service tells of each task, by opaque id; for that service's own people and system."""
    own = {each.kind: each.told for each in routine_of(work, desk, hand.service).answering}
    return {each.id: own[each.kind] for each in tasks if each.addressee == hand.service and each.kind in own}


def _check(told: Answering, service: Service, place: str) -> None:
    if told.kind in OWN_DUTY:
        duties = directory()[service].duties if service in directory() else ()
        cite = next((duty.cite for duty in duties if duty.code == "report"), GENERAL)
        raise UnusableError(
            "own_duty",
            f"a report is each employee's own duty ({cite}): no routine delays it, sends it or tells of it",
            place=f"{place}.kind",
            way_out="configure tasks alone; whoever must report does so directly",
        )
    known = kinds().get(told.kind)
    if known is None or known.to == "coordinating_unit":
        way_out = "a kind that is put to services: " + ", ".join(
            name for name, one in kinds().items() if one.to != "coordinating_unit"
        )
        raise UnusableError("unknown_word", "not a kind of task", place=f"{place}.kind", way_out=way_out)
    if told.days is not None and not 1 <= told.days <= known.days:
        way_out = f"1 to {known.days}: a service may be quicker than the deadline, never slower"
        raise UnusableError("invalid_request", "not within the deadline", place=f"{place}.days", way_out=way_out)
