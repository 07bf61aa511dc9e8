"""What people do about a hold before it is decided: hand it over, ask whoever sent it, ask for consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hub.errors import UnusableError
from hub.model.calendar import deadline
from hub.model.consent import ConsentRequest, Terms
from hub.model.official import Role
from hub.ops.consents import Asking, ask
from hub.ops.enrol import Desk
from hub.ops.hold_content import element_of
from hub.ops.holds import Case, Judgement, must_be_open, taken
from hub.ops.officials import Barred
from hub.policy.who_decides import MAX_HOPS, is_closed, question, top
from hub.ports import Hold, Part, Work


def hand_over(work: Work, desk: Desk, id: str, judgement: Judgement, to: Role) -> Hold | Barred:
    """To people of another role, with a new deadline. Handed over too often, it is for the municipality to decide."""
    case = taken(work, desk, id, judgement.person, judging=False)
    if isinstance(case, Barred):
        return case
    hold = case.hold
    must_be_open(hold.state)
    if to == "head":
        way_out = "hand it over to somebody who decides what waits"
        raise UnusableError("no_handover", "the head of a service decides nothing that waits", way_out=way_out)
    role = to if hold.hops < MAX_HOPS else top(hold.role)
    if role == hold.role:
        raise UnusableError("no_handover", f"it is with {hold.role} already", way_out="decide it")
    if is_closed(hold.role) and not is_closed(role):
        way_out = "hand it over to somebody authorised for protected addresses"
        raise UnusableError("no_handover", "a protected address stays in its circle", way_out=way_out)
    hops = hold.hops + 1
    due = deadline(desk.clock.now(), question(hold.rules, hops).days)
    handed = replace(hold, role=role, hops=hops, due_at=due)
    work.holds.decide([handed])
    case.move("handed_over", {"reason": judgement.reason}, {"from": hold.role, "to": role, "hops": hops})
    return handed


def ask_sender(work: Work, desk: Desk, id: str, person: str, question: str) -> Hold | Barred:
    """A question to the system whose information waits. It comes by that system's door (`hub/ops/questions.py`), and
    stands in its message's receipt until it is answered. The hold goes on waiting, and its deadline stands."""
    case = taken(work, desk, id, person, judging=False)
    if isinstance(case, Barred):
        return case
    must_be_open(case.hold.state)
    part = _part_of(case)
    case.move("asked_sender", {"question": question}, {"system": part.system}, part.id)
    return case.hold


def ask_consent(
    work: Work, desk: Desk, id: str, judgement: Judgement, valid_to: datetime | None = None
) -> ConsentRequest | Barred:
    """A request for just what the hold waits for: these categories, from that service to this one. The reason is the
    background that those asked are told. The hold goes on waiting; what they answer is heeded when it is looked at."""
    case = taken(work, desk, id, judgement.person, judging=False)
    if isinstance(case, Barred):
        return case
    hold, systems = case.hold, work.directory.systems()
    must_be_open(hold.state)
    if hold.child is None or hold.receiver not in systems:
        raise UnusableError("nobody_to_ask", "no consent can answer this hold", way_out="ask whoever sent it")
    senders, receivers = frozenset({hold.sender}), frozenset({systems[hold.receiver].service})
    terms = Terms(judgement.reason, frozenset(hold.categories), senders, receivers, valid_to=valid_to)
    element = element_of(work, hold)
    about = element.person if element is not None and element.about != "child" else None
    request = ask(work, desk, Asking(hold.child, terms, judgement.person, about, hold=hold.id))
    case.move("asked_consent", {"reason": judgement.reason}, {"request": request.id})
    return request


def _part_of(case: Case) -> Part:
    """The newest part from a system of the service whose information waits: nobody else is asked about it."""
    hold, work = case.hold, case.work
    systems = work.directory.systems()
    parts = [*work.ledger.of(hold.municipality, hold.plan or hold.part), *work.ledger.of(hold.municipality, hold.part)]
    own = [each for each in parts if each.system in systems and systems[each.system].service == hold.sender]
    if not own:
        raise UnusableError("no_sender", "no system here has sent it", way_out="ask the service by other means")
    return next((each for each in own if each.id == hold.part), own[-1])
