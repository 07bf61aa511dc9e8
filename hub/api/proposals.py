"""Edits their sender may not make alone, over HTTP: accepted or declined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from hub.api.acting import allowed
from hub.api.conditions import Condition, Seen, tagged
from hub.api.door import Controller
from hub.api.needs import Hub, TheHub, desk
from hub.api.problems import documented
from hub.api.shapes import Decided
from hub.model.service import System
from hub.ops import proposals
from hub.ops.holds import Judgement
from hub.ports import Proposal

router = APIRouter(tags=["control"])
ANSWERS = documented(403, 404, 409, 412, 422, 428)


class ProposalOut(BaseModel):
    id: str
    plan: str
    part: str
    system: str
    kind: str | None = Field(description="which kind of element it would change")
    base_version: int
    state: str
    created_at: datetime
    decided_by: str | None


@router.get("/v1/plans/{id}/proposals", responses=documented(404), summary="List a plan's proposals")
def get_proposals(id: str, hub: TheHub, system: Controller) -> list[ProposalOut]:
    """Edits their sender may not make alone; decided ones too."""
    with hub.store.begin() as work:
        return [_proposal_out(row) for row in proposals.list_proposals(work, desk(hub, system), id)]


@router.get("/v1/proposals/{id}", responses=documented(404), summary="Read a proposal")
def get_proposal(id: str, hub: TheHub, system: Controller, response: Response) -> ProposalOut:
    """With the ETag that its decision needs."""
    with hub.store.begin() as work:
        out = _proposal_out(proposals.proposal_of(work, desk(hub, system), id))
    tagged(response, out)
    return out


@router.post("/v1/proposals/{id}/acceptance", responses=ANSWERS, summary="Accept a proposal")
def post_acceptance(id: str, told: Decided, hub: TheHub, system: Controller, seen: Seen) -> ProposalOut:
    """Makes it part of the plan and forwards it. The person is looked up: of whoever coordinates, or who decides for
    the municipality."""
    return _Deciding(id, hub, system, seen).decide(told, accepted=True)


@router.post("/v1/proposals/{id}/decline", responses=ANSWERS, summary="Decline a proposal")
def post_decline(id: str, told: Decided, hub: TheHub, system: Controller, seen: Seen) -> ProposalOut:
    """The plan stays as it is."""
    return _Deciding(id, hub, system, seen).decide(told, accepted=False)


@dataclass(frozen=True, slots=True)
class _Deciding:
    """A decision by a caller who has seen how the proposal stands."""

    id: str
    hub: Hub
    system: System
    seen: Condition

    def decide(self, told: Decided, *, accepted: bool) -> ProposalOut:
        at, judgement = desk(self.hub, self.system), Judgement(told.person, told.reason)
        with self.hub.store.begin() as work:
            self.seen.hold(_proposal_out(proposals.proposal_of(work, at, self.id, lock=True)))
            answer = proposals.decide_proposal(work, at, self.id, judgement, accepted=accepted)
        proposal = allowed(answer)
        self.hub.settle(proposal)
        out = _proposal_out(proposal)
        self.seen.tag(out)
        return out


def _proposal_out(row: Proposal) -> ProposalOut:
    kind = row.element.get("kind")
    told = {name: getattr(row, name) for name in ProposalOut.model_fields if name != "kind"}
    return ProposalOut(kind=str(kind) if kind else None, **told)
