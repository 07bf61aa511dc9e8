"""Edits their sender may not make alone: accepted or declined by people of whoever coordinates, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from hub.errors import UnusableError
from hub.ops.enrol import Desk, facts_of, plan_of
from hub.ops.holds import Judgement, must_be_open
from hub.ops.officials import Barred, admit_to_proposal, official_of
from hub.ports import Proposal, Work


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
    if (why := _barred(work, desk, proposal, judgement.person)) is not None:
        desk.note(work, "proposal.barred", id, person=judgement.person, code=why.code)
        return why
    state: Literal["accepted", "declined"] = "accepted" if accepted else "declined"
    if proposal.state == state and proposal.decided_by == judgement.person:
        return proposal
    must_be_open(proposal.state)
    decided = replace(proposal, state=state, decided_by=judgement.person, reason=judgement.reason)
    work.proposals.decide(decided)
    work.looks.ask([proposal.plan])
    desk.note(work, f"proposal.{state}", proposal.plan, proposal=id, person=judgement.person)
    return decided


def _barred(work: Work, desk: Desk, proposal: Proposal, person: str) -> Barred | None:
    """Why this person may not decide it: looked up in the register, under the lock of the child's facts."""
    official = official_of(work, desk, person)
    if isinstance(official, Barred):
        return official
    facts = facts_of(work, desk, proposal.child, lock=True)
    if facts.life.closing is not None:
        return Barred("plan_closed", "the plan is closed: nothing enters it", "open it anew where there is a new need")
    sender = work.directory.systems()[proposal.system].service
    return admit_to_proposal(official, sender, facts, desk.clock.now())
