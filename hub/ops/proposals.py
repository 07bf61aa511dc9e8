"""Edits their sender may not make alone: accepted or declined by whoever coordinates, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from hub.errors import UnusableError
from hub.ops.enrol import Desk, plan_of
from hub.ops.holds import Judgement, must_be_open
from hub.ports import Proposal, Work


def list_proposals(work: Work, desk: Desk, plan: str) -> Sequence[Proposal]:
    """Proposals for a plan of this municipality, decided ones too."""
    plan_of(work, desk, plan)
    return work.proposals.of(desk.municipality, plan)


def decide_proposal(work: Work, desk: Desk, id: str, judgement: Judgement, *, accepted: bool) -> Proposal:
    """Accepts or declines; an accepted one becomes part of the plan through routing."""
    proposal = work.proposals.find(desk.municipality, id)
    if proposal is None:
        raise UnusableError("not_found", "there is no such proposal in this municipality", place="proposal")
    state: Literal["accepted", "declined"] = "accepted" if accepted else "declined"
    if proposal.state == state and proposal.decided_by == judgement.person:
        return proposal
    must_be_open(proposal.state)
    decided = replace(proposal, state=state, decided_by=judgement.person, reason=judgement.reason)
    work.proposals.decide(decided)
    work.looks.ask([proposal.plan])
    desk.note(work, f"proposal.{state}", proposal.plan, proposal=id, person=judgement.person)
    return decided
