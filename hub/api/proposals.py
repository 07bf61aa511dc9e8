"""Edits their sender may not make alone, over HTTP: accepted, declined or countered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from hub.api.acting import allowed
from hub.api.conditions import Condition, Seen, tagged
from hub.api.door import Controller
from hub.api.needs import Hub, TheHub, desk
from hub.api.problems import documented
from hub.api.shapes import Code, Decided
from hub.model.service import System
from hub.ops import proposals
from hub.ops.enrol import Desk
from hub.ops.holds import Judgement
from hub.ops.officials import Barred
from hub.ports import Proposal, Work

router = APIRouter(tags=["control"])
ANSWERS = documented(403, 404, 409, 412, 422, 428)


class ProposalOut(BaseModel):
    id: str
    plan: str
    part: str
    system: str = Field(description="whose proposal it is; `family` where the family asks for it")
    kind: str | None = Field(description="which kind of element it would change")
    base_version: int
    state: str
    created_at: datetime
    decided_by: str | None
    counters: str | None = Field(None, description="the proposal in whose place this one was made")


class CounterIn(Decided):
    """What the coordinator proposes in return: fields of the element with their values."""

    content: dict[Code, str | int | float | bool | None] = Field(
        min_length=1, max_length=30, examples=[{"extent": "1 hour a day"}]
    )


@router.get("/v1/plans/{id}/proposals", responses=documented(404), summary="List a plan's proposals")
def get_proposals(id: str, hub: TheHub, system: Controller) -> list[ProposalOut]:
    """Edits their sender may not make alone; decided ones too."""
    with hub.store.begin() as work:
        return [proposal_out(row) for row in proposals.list_proposals(work, desk(hub, system), id)]


@router.get("/v1/proposals/{id}", responses=documented(404), summary="Read a proposal")
def get_proposal(id: str, hub: TheHub, system: Controller, response: Response) -> ProposalOut:
    """With the ETag that its decision needs."""
    with hub.store.begin() as work:
        out = proposal_out(proposals.proposal_of(work, desk(hub, system), id))
    tagged(response, out)
    return out


@router.post("/v1/proposals/{id}/acceptance", responses=ANSWERS, summary="Accept a proposal")
def post_acceptance(id: str, told: Decided, hub: TheHub, system: Controller, seen: Seen) -> ProposalOut:
    """Makes it part of the plan and forwards it. The person is looked up: of whoever coordinates, or who decides for
    the municipality. A counter-proposal is for people of the service that made the first one."""
    return _Deciding(id, hub, system, seen).decide(told, accepted=True)


@router.post("/v1/proposals/{id}/decline", responses=ANSWERS, summary="Decline a proposal")
def post_decline(id: str, told: Decided, hub: TheHub, system: Controller, seen: Seen) -> ProposalOut:
    """The plan stays as it is; the proposer's copy is put right, and the reason stands in its receipt."""
    return _Deciding(id, hub, system, seen).decide(told, accepted=False)


@router.post("/v1/proposals/{id}/counter", responses=ANSWERS, summary="Propose something else in return")
def post_counter(id: str, told: CounterIn, hub: TheHub, system: Controller, seen: Seen) -> ProposalOut:
    """In place of a yes or no. It waits for the service that made the first one, which finds it in its receipt."""
    return _Deciding(id, hub, system, seen).counter(told)


@dataclass(frozen=True, slots=True)
class _Deciding:
    """A decision by a caller who has seen how the proposal stands."""

    id: str
    hub: Hub
    system: System
    seen: Condition

    def decide(self, told: Decided, *, accepted: bool) -> ProposalOut:
        judgement = Judgement(told.person, told.reason)
        return self._done(
            told.person,
            lambda work, at: proposals.decide_proposal(work, at, self.id, judgement, accepted=accepted),
        )

    def counter(self, told: CounterIn) -> ProposalOut:
        judgement = Judgement(told.person, told.reason)
        return self._done(
            told.person,
            lambda work, at: proposals.counter_proposal(work, at, self.id, judgement, told.content),
        )

    def _done(self, person: str, act: Callable[[Work, Desk], Proposal | Barred]) -> ProposalOut:
        """Who may not decide about it is not told how it stands."""
        at = desk(self.hub, self.system)
        with self.hub.store.begin() as work:
            now = proposals.proposal_of(work, at, self.id, lock=True)
            answer: Proposal | Barred | None = proposals.barred_from(work, at, now, person)
            if answer is None:
                self.seen.hold(proposal_out(now))
                answer = act(work, at)
        proposal = allowed(answer)
        self.hub.settle(proposal)
        out = proposal_out(proposal)
        self.seen.tag(out)
        return out


def proposal_out(row: Proposal) -> ProposalOut:
    """Without what it proposes."""
    kind = row.element.get("kind")
    told = {name: getattr(row, name) for name in ProposalOut.model_fields if name != "kind"}
    return ProposalOut(kind=str(kind) if kind else None, **told)
