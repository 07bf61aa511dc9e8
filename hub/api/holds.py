"""What waits for a human, over HTTP: holds are listed without their content, released or refused."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.api.door import Controller
from hub.api.needs import TheHub, desk
from hub.api.problems import documented
from hub.api.shapes import Code, Decided
from hub.ops import holds
from hub.ports import Hold

router = APIRouter(tags=["control"])


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


def _hold_out(row: Hold) -> HoldOut:
    return HoldOut.model_validate(row, from_attributes=True)
