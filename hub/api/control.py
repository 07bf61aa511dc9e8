"""The control room over HTTP: systems, holds, proposals, what is set aside, the trail, the backlog."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from hub.api.door import Controller, Doorkeeper
from hub.api.needs import Hub, TheHub, desk
from hub.api.problems import Problem, documented
from hub.api.shapes import Code, Reference, Strict
from hub.model.service import System
from hub.ops import config, holds, set_aside
from hub.ops.backlog import backlog
from hub.ops.trail import trail
from hub.ports import AsideRow, Hold, Proposal
from hub.sdk import SetupError

router = APIRouter(tags=["control"])


class SystemIn(Strict):
    """A sector system's registration: who it is follows from here, never from a message."""

    id: Code = Field(examples=["school-flyt"])
    service: Code = Field(examples=["school"])
    adapter: Code | None = Field(None, examples=["school"])
    client_id: str = Field(min_length=1, max_length=255)
    organisation: str = Field(pattern=r"^(0192:)?\d{9}$", examples=["0192:999888777"])
    supplier: str | None = Field(None, pattern=r"^(0192:)?\d{9}$")
    delivery: Literal["mailbox", "amqp", "push"] = "mailbox"
    document: str | None = Field(None, examples=["no.langbenk.school.v1.support-plan"])
    scopes: list[str] = Field(examples=[["langbenk:messages.write", "langbenk:mailbox.read"]])
    amqp_user: str | None = None
    account: str | None = None
    settings: dict[str, str] = Field(default_factory=dict)


class SystemsIn(Strict):
    systems: list[SystemIn]


class SystemsOut(BaseModel):
    registered: list[str]


class Decided(Strict):
    """Who decides, and why. The reason is a code or a short sentence without personal data; it is kept."""

    person: Reference = Field(examples=["emp-12"])
    reason: str = Field(min_length=3, max_length=500, examples=["agreed with the parents in the meeting"])


class Released(Decided):
    findings: list[Code] = Field(
        min_length=1, max_length=20, description="every rule the hold was made by", examples=[["RED-01"]]
    )


class HoldOut(BaseModel):
    """What waits, by ids and codes; the content is not shown here."""

    id: str
    plan: str | None
    part: str
    receiver: str
    element: str | None
    rules: list[str]
    categories: list[str]
    state: str
    created_at: datetime
    decided_by: str | None
    decided_at: datetime | None


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


class AsideOut(BaseModel):
    id: str
    subject: str
    subject_id: str
    code: str
    place: str | None
    state: str
    created_at: datetime


@router.put("/v1/systems", responses=documented(422), summary="Register systems")
def put_systems(told: SystemsIn, request: Request, hub: TheHub, system: Controller) -> SystemsOut:
    """The same as `langbenk config apply FILE`, for your own municipality. Nothing is removed."""
    rows = [row.model_dump(exclude_none=True) | {"municipality": system.municipality} for row in told.systems]
    try:
        systems = config.systems_from(rows, hub.registry)
        with hub.store.begin() as work:
            config.apply(work, desk(hub, system), systems)
    except SetupError as error:
        raise Problem("bad_systems", str(error)) from error
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    doorkeeper.forget()
    return SystemsOut(registered=[row.id for row in systems])


@router.get("/v1/holds", responses=documented(), summary="List open holds")
def get_holds(hub: TheHub, system: Controller, plan: str | None = Query(None)) -> list[HoldOut]:
    """Of your municipality, or of one plan."""
    with hub.store.begin() as work:
        return [_hold_out(row) for row in holds.list_holds(work, desk(hub, system), plan)]


@router.post("/v1/holds/{id}/release", responses=documented(404, 409, 422), summary="Release a hold")
def post_release(id: str, told: Released, hub: TheHub, system: Controller) -> HoldOut:
    """Answers that hold only, never a shut, and lapses when the element changes. Makes a new delivery."""
    judgement = holds.Judgement(told.person, told.reason, " ".join(told.findings))
    with hub.store.begin() as work:
        hold = holds.release(work, desk(hub, system), id, judgement)
    hub.release(hold)
    return _hold_out(hold)


@router.post("/v1/holds/{id}/refusal", responses=documented(404, 409, 422), summary="Refuse a hold")
def post_refusal(id: str, told: Decided, hub: TheHub, system: Controller) -> HoldOut:
    """What was held stays where it is."""
    with hub.store.begin() as work:
        hold = holds.refuse(work, desk(hub, system), id, holds.Judgement(told.person, told.reason))
    hub.release(hold)
    return _hold_out(hold)


@router.get("/v1/plans/{id}/proposals", responses=documented(404), summary="List a plan's proposals")
def get_proposals(id: str, hub: TheHub, system: Controller) -> list[ProposalOut]:
    """Edits their sender may not make alone; decided ones too."""
    with hub.store.begin() as work:
        return [_proposal_out(row) for row in holds.list_proposals(work, desk(hub, system), id)]


@router.post("/v1/proposals/{id}/acceptance", responses=documented(404, 409, 422), summary="Accept a proposal")
def post_acceptance(id: str, told: Decided, hub: TheHub, system: Controller) -> ProposalOut:
    """Makes it part of the plan and forwards it."""
    proposal = _decide(hub, system, id, told, accepted=True)
    hub.accept(proposal)
    return _proposal_out(proposal)


@router.post("/v1/proposals/{id}/decline", responses=documented(404, 409, 422), summary="Decline a proposal")
def post_decline(id: str, told: Decided, hub: TheHub, system: Controller) -> ProposalOut:
    """The plan stays as it is."""
    return _proposal_out(_decide(hub, system, id, told, accepted=False))


@router.get("/v1/set-aside", responses=documented(), summary="List what is set aside")
def get_set_aside(hub: TheHub, system: Controller) -> list[AsideOut]:
    """What could not be used, oldest first."""
    with hub.store.begin() as work:
        return [_aside_out(row) for row in set_aside.list_aside(work, desk(hub, system))]


@router.post("/v1/set-aside/{id}/replay", responses=documented(404, 409), summary="Replay")
def post_replay(id: str, hub: TheHub, system: Controller) -> AsideOut:
    """To the target it had, decided anew. Content is never edited."""
    with hub.store.begin() as work:
        return _aside_out(set_aside.replay(work, desk(hub, system), id))


@router.post("/v1/set-aside/{id}/discard", responses=documented(404, 409, 422), summary="Discard with a reason")
def post_discard(id: str, told: Decided, hub: TheHub, system: Controller) -> AsideOut:
    """Closes it for good."""
    with hub.store.begin() as work:
        return _aside_out(set_aside.discard(work, desk(hub, system), id, told.person, told.reason))


@router.get("/v1/trail/{id}", responses=documented(404), summary="The whole story of one id")
def get_trail(id: str, hub: TheHub, system: Controller) -> list[dict[str, Any]]:
    """Of a receipt, part, plan or delivery: what happened, in order, with each decision's record."""
    with hub.store.begin() as work:
        return [asdict(step) for step in trail(work, system.municipality, id)]


@router.get("/v1/status", responses=documented(), summary="Both ledgers, what waits and how long")
def get_status(hub: TheHub, system: Controller) -> dict[str, Any]:
    """One query a ledger."""
    with hub.store.begin() as work:
        return asdict(backlog(work, system.municipality, hub.clock.now()))


def _decide(hub: Hub, system: System, id: str, told: Decided, *, accepted: bool) -> Proposal:
    judgement = holds.Judgement(told.person, told.reason)
    with hub.store.begin() as work:
        return holds.decide_proposal(work, desk(hub, system), id, judgement, accepted=accepted)


def _hold_out(row: Hold) -> HoldOut:
    return HoldOut.model_validate(row, from_attributes=True)


def _proposal_out(row: Proposal) -> ProposalOut:
    kind = row.element.get("kind")
    told = {name: getattr(row, name) for name in ProposalOut.model_fields if name != "kind"}
    return ProposalOut(kind=str(kind) if kind else None, **told)


def _aside_out(row: AsideRow) -> AsideOut:
    return AsideOut.model_validate(row, from_attributes=True)
