"""Edits their sender may not make alone, over HTTP: accepted or declined."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.api.acting import allowed
from hub.api.door import Controller
from hub.api.needs import Hub, TheHub, desk
from hub.api.problems import documented
from hub.api.shapes import Decided
from hub.model.service import System
from hub.ops import proposals
from hub.ops.holds import Judgement
from hub.ports import Proposal

router = APIRouter(tags=["control"])


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


@router.post("/v1/proposals/{id}/acceptance", responses=documented(403, 404, 409, 422), summary="Accept a proposal")
def post_acceptance(id: str, told: Decided, hub: TheHub, system: Controller) -> ProposalOut:
    """Makes it part of the plan and forwards it. The person is looked up: of whoever coordinates, or who decides for
    the municipality."""
    return _proposal_out(_decide(hub, system, id, told, accepted=True))


@router.post("/v1/proposals/{id}/decline", responses=documented(403, 404, 409, 422), summary="Decline a proposal")
def post_decline(id: str, told: Decided, hub: TheHub, system: Controller) -> ProposalOut:
    """The plan stays as it is."""
    return _proposal_out(_decide(hub, system, id, told, accepted=False))


def _decide(hub: Hub, system: System, id: str, told: Decided, *, accepted: bool) -> Proposal:
    judgement = Judgement(told.person, told.reason)
    with hub.store.begin() as work:
        answer = proposals.decide_proposal(work, desk(hub, system), id, judgement, accepted=accepted)
    proposal = allowed(answer)
    hub.settle(proposal)
    return proposal


def _proposal_out(row: Proposal) -> ProposalOut:
    kind = row.element.get("kind")
    told = {name: getattr(row, name) for name in ProposalOut.model_fields if name != "kind"}
    return ProposalOut(kind=str(kind) if kind else None, **told)
