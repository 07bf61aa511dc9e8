"""A family's wish refused (*avslag*): by the municipality's office, with a reason, and with the way to complain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from hub.errors import UnusableError
from hub.model.calendar import norwegian_day
from hub.model.responsibility import Refusal, Wish
from hub.ops.casework import Casework
from hub.ops.officials import Barred
from hub.ops.tasks import Reply, end_task
from hub.policy import reveals
from hub.policy.complaints import Refused, ways_from

ASKED: Mapping[Wish, tuple[str, str, str]] = {
    "child_coordinator": ("decide_child_coordinator", "refuse", "POST /v1/plans/{id}/coordination/wishes first"),
    "plan": ("consider_need", "no_plan", "POST /v1/needs: a need is notified first"),
}
"""The task that asks for it, the answer that refuses, and how it is asked for."""


@dataclass(frozen=True, slots=True)
class Way(Refused):
    """One way to complain, and the last day for it.

    The day counts from when it was recorded; where the family learnt of it later, so does its time.
    """

    complain_by: date


@dataclass(frozen=True, slots=True)
class Refusing:
    """One refusal as the family is told it: why, and each way to complain, by the acts under which it was asked for."""

    at: datetime
    wish: Wish
    authority: str
    reason: str
    ways: tuple[Way, ...]


def refuse(case: Casework, wish: Wish, authority: str, reason: str) -> Casework | Barred:
    """Answers what was asked for with a no that can be appealed. The reason is the family's: it lies sealed, and
    whoever notified a need learns the answer alone. The same decision again changes nothing, unless something waits:
    each wish is answered, with its own reason and time to complain."""
    if not case.hand.of_the_unit:
        return case.bar("not_authorised", "the municipality's own office decides", "leave the wish to the unit")
    kind, answer, way_out = ASKED[wish]
    waits = [one for one in case.work.tasks.open(case.desk.municipality, case.plan.id) if one.kind == kind]
    if not waits:
        if any((one.wish, one.authority) == (wish, authority) for one in case.facts.refusals):
            return case
        raise UnusableError("not_asked", "nothing of the kind waits to be decided", place="wish", way_out=way_out)
    line = case.write("refusal", reason)
    asked_by = tuple(sorted({task.asked_by for task in waits if task.asked_by}))
    made = Refusal(wish, authority, case.hand.person, case.now, line.id, asked_by)
    case = case.change(lambda facts: replace(facts, refusals=(*facts.refusals, made)))
    for task in waits:
        end_task(case.work, case.desk, task, Reply(answer), case.hand.person)
    case.note("wish.refused", wish=wish, authority=authority)
    return case


def refusals_of(case: Casework) -> list[Refusing] | Barred:
    """Every refusal with its reason, for the office that shows them to the family."""
    if not case.hand.of_the_unit:
        return case.bar("not_authorised", "the municipality's own office reads refusals")
    lines = {one.id: one.words for one in case.work.logbook.of(case.desk.municipality, case.plan.id, "refusal")}
    return [refused(one, lines[one.line]) for one in case.facts.refusals if one.line in lines]


def refused(one: Refusal, reason: str, hidden: frozenset[str] = frozenset()) -> Refusing:
    """One refusal with its reason, as the family is told it; by the act of a service that would tell what is hidden
    from that reader, no way is told, since the patients' act has one that tells nothing."""
    known = [service for service in one.asked_by if not reveals(service) & hidden]
    day = norwegian_day(one.recorded_at)
    ways = [Way(**asdict(way), complain_by=day + timedelta(weeks=way.weeks)) for way in ways_from(one.wish, known)]
    return Refusing(one.recorded_at, one.wish, one.authority, reason, tuple(ways))
