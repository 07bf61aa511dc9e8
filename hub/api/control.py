"""The control room over HTTP: systems, what is set aside, the trail, the backlog."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from hub.api.door import Controller, Doorkeeper
from hub.api.needs import TheHub, desk
from hub.api.problems import Problem, documented
from hub.api.shapes import Code, Decided, Strict
from hub.ops import config, set_aside
from hub.ops.backlog import backlog
from hub.ops.trail import trail
from hub.ports import AsideRow
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
        return asdict(backlog(work, system.municipality, hub.clock.now(), hub.patience))


def _aside_out(row: AsideRow) -> AsideOut:
    return AsideOut.model_validate(row, from_attributes=True)
