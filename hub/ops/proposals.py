"""Edits their sender may not make alone: accepted, declined or countered, with a reason.

People of whoever coordinates decide. A counter-proposal waits for the service that made the first one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from hub.errors import UnusableError
from hub.model.content import holds_free_text
from hub.model.envelope import fresh_id
from hub.model.official import Official
from hub.model.plan import Element, Value
from hub.model.service import FAMILY
from hub.model.wire import element_from_json, element_to_json
from hub.ops.districts import units_of
from hub.ops.enrol import Desk, facts_of, plan_of
from hub.ops.family_asks import answered, known_fields
from hub.ops.hands import as_hand
from hub.ops.holds import Judgement, must_be_open
from hub.ops.officials import Barred, admit_to_proposal, official_of
from hub.ports import Proposal, Work
from hub.sync import stamped

Answer = Literal["accepted", "declined", "countered"]


def list_proposals(work: Work, desk: Desk, plan: str) -> Sequence[Proposal]:
    """Proposals for a plan of this municipality, decided ones too."""
    plan_of(work, desk, plan)
    return work.proposals.of(desk.municipality, plan)


def proposal_of(work: Work, desk: Desk, id: str, *, lock: bool = False) -> Proposal:
    """One proposal of this municipality. With `lock` nobody else decides about its plan until the commit."""
    found = work.proposals.find(desk.municipality, id)
    if found is not None and lock:
        work.plans.lock([found.plan], wait=True)
        found = work.proposals.find(desk.municipality, id)  # as whoever came first has left it
    if found is None:
        raise UnusableError("not_found", "there is no such proposal in this municipality", place="proposal")
    return found


def decide_proposal(work: Work, desk: Desk, id: str, judgement: Judgement, *, accepted: bool) -> Proposal | Barred:
    """Accepts or declines; an accepted one becomes part of the plan through routing."""
    proposal = proposal_of(work, desk, id, lock=True)
    if (why := barred_from(work, desk, proposal, judgement.person)) is not None:
        return why
    return _decided(work, desk, proposal, judgement, "accepted" if accepted else "declined")


def counter_proposal(
    work: Work, desk: Desk, id: str, judgement: Judgement, content: Mapping[str, Value]
) -> Proposal | Barred:
    """Proposes these fields in place of a yes or no; gives the new proposal, for its sender to answer."""
    proposal = proposal_of(work, desk, id, lock=True)
    if (why := barred_from(work, desk, proposal, judgement.person)) is not None:
        return why
    if proposal.system == FAMILY:
        way_out = "decline it, and say in the reason what can be done instead"
        return Barred("not_permitted", "what the family asks for is accepted or declined", way_out)
    if proposal.counters is not None:
        way_out = "its service accepts or declines it"
        raise UnusableError("already_decided", "this is a counter-proposal itself", place="proposal", way_out=way_out)
    must_be_open(proposal.state)
    plan = plan_of(work, desk, proposal.plan)
    element = _instead(element_from_json(dict(proposal.element)), plan.elements, content)
    _decided(work, desk, proposal, judgement, "countered")
    made = replace(
        proposal,
        id=fresh_id(),
        element=element_to_json(element),
        base_version=plan.version,
        created_at=desk.clock.now(),
        counters=proposal.id,
    )
    work.proposals.add([made])
    return made


def answer_counter(work: Work, desk: Desk, id: str, judgement: Judgement, *, accepted: bool) -> Proposal:
    """The proposer's own system, whose desk it is, answers a counter-proposal; any other is unknown to it."""
    proposal = proposal_of(work, desk, id, lock=True)
    if proposal.counters is None or proposal.system != desk.actor:
        raise UnusableError("not_found", "there is no such proposal in this municipality", place="proposal")
    if facts_of(work, desk, proposal.child, lock=True).life.closing is not None:
        raise UnusableError("plan_closed", "the plan is closed: nothing enters it", place="plan")
    return _decided(work, desk, proposal, judgement, "accepted" if accepted else "declined")


def _decided(work: Work, desk: Desk, proposal: Proposal, judgement: Judgement, state: Answer) -> Proposal:
    """The same answer by the same person may be given twice."""
    if proposal.state == state and proposal.decided_by == judgement.person:
        return proposal
    must_be_open(proposal.state)
    decided = replace(proposal, state=state, decided_by=judgement.person, reason=judgement.reason)
    work.proposals.decide(decided)
    if proposal.system == FAMILY and state != "countered":
        official = official_of(work, desk, judgement.person)
        answered(work, desk, decided, None if isinstance(official, Barred) else official.service, state)
    elif state != "accepted":
        work.views.tell_anew(proposal.plan, proposal.system, str(proposal.element["id"]))
    work.looks.ask([proposal.plan])
    desk.note(work, f"proposal.{state}", proposal.plan, proposal=proposal.id, person=judgement.person)
    return decided


def _instead(proposed: Element, plan: Mapping[str, Element], content: Mapping[str, Value]) -> Element:
    """The element with the coordinator's fields in place of the proposer's."""
    start = plan.get(proposed.id, proposed) if proposed.deleted else proposed
    merged = {**start.content, **known_fields(proposed.kind, content)}
    whole = {name: value for name, value in merged.items() if value not in (None, "")}
    free_text = start.free_text or holds_free_text(proposed.kind, frozenset(whole))
    return stamped(replace(start, content=whole, deleted=False, free_text=free_text))


def barred_from(work: Work, desk: Desk, proposal: Proposal, person: str) -> Barred | None:
    """Why this person may not decide it: looked up in the register, under the lock of the child's facts."""
    why = _why_barred(work, desk, proposal, official_of(work, desk, person))
    if why is not None:
        desk.note(work, "proposal.barred", proposal.id, person=person, code=why.code)
    return why


def _why_barred(work: Work, desk: Desk, proposal: Proposal, official: Official | Barred) -> Barred | None:
    if isinstance(official, Barred):
        return official
    facts = facts_of(work, desk, proposal.child, lock=True)
    if not units_of(work, desk).answer(as_hand(official), facts):
        return Barred("not_found", "there is no such proposal in this municipality", place="proposal")
    if facts.life.closing is not None:
        return Barred("plan_closed", "the plan is closed: nothing enters it", "open it anew where there is a new need")
    sender = FAMILY if proposal.system == FAMILY else work.directory.systems()[proposal.system].service
    if proposal.counters is None:
        return admit_to_proposal(official, sender, facts, desk.clock.now())
    if official.service == sender:
        return None
    return Barred("not_authorised", "a counter-proposal is answered by the service that made the first one")
