"""Working together on a plan: meetings called, gaps raised, cooperation asked for, guidance given and written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hub.errors import UnusableError
from hub.model.envelope import fresh_id
from hub.model.life import Meeting
from hub.model.plan import Element
from hub.model.service import Party
from hub.model.task import LogLine
from hub.ops.casework import UNIT, Casework
from hub.ops.officials import Barred
from hub.ops.seats import sits
from hub.ops.tasks import Put
from hub.ops.unseen import as_known, known_to
from hub.policy import decide_view, hides_client, still_known


def call_meeting(case: Casework, at: datetime, asked: Sequence[str] = ()) -> Casework | Barred:
    """The coordinator calls those who take part to a meeting (P-14); of some, or of all. Each answers by a task.

    Only who has accepted a part and may today be told something of the plan is asked: to be called to a meeting about a
    child is to be told of it.
    """
    if why := case.must_coordinate():
        return why
    if at <= case.now:
        raise UnusableError("contradicting_period", "a meeting is called before it is held", place="at")
    part = [each.service for each in case.facts.life.seats if each.answer == "accept"]
    known = {each.service for each in as_known(case).seats if each.answer == "accept"}
    if strangers := set(asked) - known:
        way_out = f"invite them to the plan first: {', '.join(sorted(strangers))}"
        return case.bar("not_at_table", "not everybody called takes part", way_out)
    called = tuple(sorted(each for each in set(asked) or part if covered(case, each)))
    if bare := set(asked) - set(called):
        way_out = f"ask the family for consent first: {', '.join(sorted(bare))}"
        return case.bar("not_covered", "not everybody called may be told of the plan", way_out)
    if known.isdisjoint(called):  # as it would be if nobody took part unseen
        raise UnusableError(
            "nobody_to_call", "nobody who takes part may be told of it", way_out="invite services first"
        )
    meeting = Meeting(fresh_id(), at, case.hand.person, called)
    case = case.live(lambda life: replace(life, meetings=(*life.meetings, meeting)))
    for service in called:
        due = min(at, case.now + (at - case.now) / 2)
        case.put(Put("attend_meeting", service, subject=meeting.id, due_at=due, once=f"meet:{meeting.id}:{service}"))
    case.note("plan.meeting_called", meeting=meeting.id, asked=list(called))
    return case


def covered(case: Casework, service: str) -> bool:
    """Whether a service may today be told anything of the plan, of whoever coordinates or has written in it."""
    written = {each.owner for each in case.plan.elements.values() if not each.deleted}
    owners = (written | {case.leader or case.hand.service}) - {service}
    asked = [Element(fresh_id(), "meeting", each, frozenset({"plan_measure"}), {}) for each in sorted(owners)]
    party = Party(service, case.desk.municipality)
    facts = still_known(case.facts, case.now)
    return bool(decide_view(facts, party, asked, case.now, system="").opened)


def guide(case: Casework, words: str) -> Casework | Barred:
    """Guidance the coordinator has given the family (hol § 7-2 a c, d): a line that the family can read."""
    if why := case.must_coordinate():
        return why
    case.write("guidance", words)
    case.note("plan.guided")
    return case


def raise_gap(case: Casework, words: str) -> Casework | Barred:
    """A service has seen that something is missing (D-13): the coordinator must answer. Its words are sealed."""
    line = case.write("gap", words)
    case.put(Put("fill_gap", subject=line.id))
    case.note("plan.gap_raised", service=case.hand.service)
    return case


def ask_to_cooperate(case: Casework, service: str, words: str) -> Casework | Barred:
    """One service asks another that takes part to work with it (D-01): answered, or it goes up.

    The duty to cooperate opens nothing (D-16): to ask is to tell that one has to do with the child (RED-02). Of whoever
    coordinates all who take part know that.
    """
    if not (sits(service) or service == UNIT) or service == case.hand.service:
        raise UnusableError("unknown_word", "not another service that works on plans", place="service")
    seat = as_known(case).seat(service)
    if (seat is None or seat.answer != "accept") and not case.coordinates:
        way_out = "ask the coordinator to invite it"
        return case.bar("not_at_table", "that service does not take part in the plan", way_out)
    reader = Party(service, case.desk.municipality)
    if not case.coordinates and hides_client(still_known(case.facts, case.now), reader, case.hand.service, case.now):
        way_out = "ask the family for consent first, or let the coordinator ask"
        return case.bar("not_covered", "that service may not know that yours has to do with the child", way_out)
    line = case.write("cooperation", words)
    case.put(Put("cooperate", service, subject=line.id))
    case.note("plan.cooperation_asked", to=service)
    return case


def lines_of(case: Casework, kind: str) -> list[LogLine] | Barred:
    """Lines of the logbook for whoever coordinates, without those of a service that it may not know of (RED-02)."""
    if why := case.must_coordinate():
        return why
    may_know = known_to(case)
    found = case.work.logbook.of(case.desk.municipality, case.plan.id, kind)
    return [one for one in found if one.service is None or may_know(one.service)]
