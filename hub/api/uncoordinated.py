"""Cases without a coordinator, over HTTP: how many, and for the municipality's own office which."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel, Field

from hub.api.acting import allowed
from hub.api.door import Controller
from hub.api.needs import TheHub, desk
from hub.api.problems import documented
from hub.api.shapes import Reference
from hub.ops.hands import hand_of
from hub.ops.officials import Barred
from hub.ops.uncoordinated import Why, must_be_the_office, without_coordinator

router = APIRouter(tags=["coordination"])
MaybePerson = Annotated[
    Reference | None, Header(alias="Langbenk-Person", description="who reads which cases they are: an opaque id")
]


class OpenTaskOut(BaseModel):
    id: str
    kind: str = Field(examples=["decide_coordination"])
    addressee: str = Field(examples=["coordinating_unit"])
    due_at: datetime
    escalated_to: str | None


class UncoordinatedOut(BaseModel):
    """One case without a coordinator, by its plan's id."""

    plan: str
    why: Why
    since: datetime
    begun: bool = Field(description="false where it is a case at the coordinating unit and no plan yet")
    tasks: list[OpenTaskOut] = Field(description="what somebody has yet to answer; empty where nobody has been asked")


class ReportOut(BaseModel):
    """Counted at one instant."""

    municipality: str
    at: datetime
    open_cases: int
    without: dict[Why, int] = Field(examples=[{"nobody": 3, "lapsed": 1, "disputed": 2}])
    without_task: int = Field(description="of those, about how many nobody has an open task")
    cases: list[UncoordinatedOut] | None = Field(description="the longest without first; only where an office reads")


@router.get(
    "/v1/reports/without-coordinator", responses=documented(403), summary="Report the cases without a coordinator"
)
def get_without_coordinator(hub: TheHub, system: Controller, person: MaybePerson = None) -> ReportOut:
    """Of your own municipality. The numbers alone; with `Langbenk-Person`, of the coordinating unit or who decides, the
    cases too, by their plans' ids."""
    at = desk(hub, system)
    with hub.store.begin() as work:
        hand = None if person is None else hand_of(work, at, person)
        barred = None if hand is None else must_be_the_office(hand)
        found = barred or without_coordinator(work, at, None if isinstance(hand, Barred) else hand)
    out = ReportOut.model_validate(allowed(found), from_attributes=True)
    return out if person is not None else out.model_copy(update={"cases": None})
