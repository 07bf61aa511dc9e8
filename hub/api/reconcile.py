"""What systems really hold, over HTTP: asked page by page, listed by ids and codes, and laid ready anew."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from hub.api.door import Controller
from hub.api.needs import TheHub
from hub.api.problems import documented
from hub.api.shapes import Reference, Strict

router = APIRouter(tags=["control"])


class ReconcileIn(Strict):
    """Of which system and plan; all of them where that is not said."""

    system: Reference | None = Field(None, examples=["health-1"])
    plan: Reference | None = None
    repair: bool = Field(False, description="lay what has drifted ready anew, decided as any other delivery")
    after: int = Field(0, ge=0, description="how many have been asked already: `next` of the answer before")
    limit: int = Field(20, ge=1, le=100, description="records asked in this call")


class DriftOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    element: str
    kind: str = Field(examples=["goal"])
    what: Literal["missing", "differs", "surplus"]
    fields: list[str] = Field(examples=[["status", "title"]])


class CheckedOut(BaseModel):
    """How one system's record of one plan stands. `updated`: its own later edits were taken in."""

    model_config = ConfigDict(from_attributes=True)

    system: str
    plan: str
    state: Literal["as_it_should_be", "drift", "repaired", "updated", "on_its_way", "away", "failed"]
    drift: list[DriftOut]
    updated: bool
    code: str | None = Field(description="why it could not be asked or read")
    delivery: str | None = Field(description="what repairs it")


class ReconciledOut(BaseModel):
    checked: list[CheckedOut]
    total: int
    next: int | None = Field(description="give it as `after` for the rest")


@router.post("/v1/reconciliations", responses=documented(404, 409, 422), summary="Ask systems what they hold")
def post_reconciliation(told: ReconcileIn, hub: TheHub, system: Controller) -> ReconciledOut:
    """Compares each record with what its system's view says, and lists what is otherwise: by element and field names,
    never content. A system that does not answer is listed as `away`."""
    targets = hub.reconcile.targets(system.municipality, told.system, told.plan)
    last = told.after + told.limit
    found = [
        hub.reconcile.check(each, plan, system.id, repair=told.repair) for each, plan in targets[told.after : last]
    ]
    rows = [CheckedOut.model_validate(one) for one in found]
    return ReconciledOut(checked=rows, total=len(targets), next=last if last < len(targets) else None)
