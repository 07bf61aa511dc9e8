"""A system's own view: the plans at whose table it sits, what has changed in its view, and all of it anew."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from hub.api.door import Controller, Reader
from hub.api.needs import Hub, TheHub, desk
from hub.api.problems import Problem, documented
from hub.api.shapes import Reference, Strict
from hub.model.service import System
from hub.ops.enrol import plan_of
from hub.routing.resync import Laid
from hub.routing.view_reading import Changed, Changes
from hub.sync.differences import Language, words

router = APIRouter(tags=["own view"])
NOTICE = "Visningen kan være ufullstendig. Visinga kan vere ufullstendig. This view may be incomplete."
MOST = 200


class Asked(Strict):
    """Since when, and in which language the words are."""

    since: int = Field(ge=0, le=2**53, description="the version of your view that you have; 0 for all of it")
    language: Language = Field("en", description="of the words", examples=["nn"])


class ChangedOut(BaseModel):
    """An element of your view. `gone` is deleted, or no longer for your system to see."""

    id: str = Field(description="the element's address for your system alone")
    kind: str = Field(examples=["measure"])
    key: str = Field(description="the key it has in your documents")
    what: Literal["added", "changed", "gone"]
    owner: str | None = Field(examples=["school"])
    categories: list[str]
    content: dict[str, Any] | None = Field(description="what it says now, as far as your format can")
    was: dict[str, Any] | None = Field(description="what it said in that version, where that is still known")
    words: str = Field(examples=["Measure «A quiet start»: status changed from planned to active"])


class ChangesOut(BaseModel):
    """`state` is `you_have_all` where nothing has changed. Ask next time since `version`, which acknowledges it."""

    plan: str
    since: int
    version: int
    state: Literal["changed", "you_have_all"]
    delivery: str | None = Field(description="to acknowledge, or by asking again since `version`")
    notice: str
    elements: list[ChangedOut]


class VersionOut(BaseModel):
    version: int
    at: datetime
    elements: int


class SeatOut(BaseModel):
    """A plan at whose table your system sits. `version` is your own view's."""

    plan: str
    version: int


class SeatsOut(BaseModel):
    plans: list[SeatOut]
    next: str | None = Field(description="give it as `after` for the rest")


class ResyncIn(Strict):
    """Of which system, where an operator asks."""

    system: Reference = Field(examples=["school-1"])


class LaidOut(BaseModel):
    """`nothing` where there is nothing that the system may be told; `waiting` is on its way, or in the mailbox."""

    plan: str
    system: str
    delivery: str | None
    state: str


@router.get("/v1/own-plans", responses=documented(422), summary="List the plans your system sits at")
def get_own_plans(hub: TheHub, system: Reader, after: str = "", limit: int = Query(100, ge=1, le=MOST)) -> SeatsOut:
    """By plan id, with the version of your own view of each."""
    with hub.store.begin() as work:
        plans = work.links.seats(system.id, after, limit)
        views = work.views.of(plans, [system.id])
    rows = [SeatOut(plan=id, version=views[id, system.id].version if (id, system.id) in views else 0) for id in plans]
    return SeatsOut(plans=rows, next=plans[-1] if len(plans) == limit else None)


@router.get("/v1/plans/{id}/changes", responses=documented(404, 409, 410, 422), summary="What has changed in your view")
def get_changes(
    id: str, asked: Annotated[Asked, Query()], hub: TheHub, system: Reader, response: Response
) -> ChangesOut:
    """Element by element, decided now as every delivery is, and kept. Naming a version acknowledges that you have it.

    `410 too_old` where that version is no longer known: ask for a resync, or since 0.
    """
    found = hub.own_view.changes(system, id, asked.since)
    response.headers["ETag"] = f'W/"{found.version}"'
    response.headers["Cache-Control"] = "no-store"
    return _changes_out(found, asked.language)


@router.get("/v1/plans/{id}/versions", responses=documented(404, 409), summary="List the versions of your view")
def get_versions(id: str, hub: TheHub, system: Reader) -> list[VersionOut]:
    """Those that are still known, oldest first; the newest always is."""
    kept = hub.own_view.versions(system, id)
    return [VersionOut(version=each.version, at=each.at, elements=len(each.cut)) for each in kept]


@router.post(
    "/v1/plans/{id}/resync", status_code=202, responses=documented(404, 409), summary="Ask for your whole view anew"
)
def post_resync(id: str, hub: TheHub, system: Reader) -> LaidOut:
    """One new delivery, decided anew; what waited gives way to it. Ask before you send, where you may have lost it."""
    return _laid_out(id, system.id, hub.lay_anew(system, id, system.id))


@router.post(
    "/v1/plans/{id}/resyncs", status_code=202, responses=documented(404, 409, 422), summary="Lay a view ready anew"
)
def post_resyncs(id: str, told: ResyncIn, hub: TheHub, system: Controller) -> LaidOut:
    """For an operator, towards one system at the plan's table."""
    receiver = receiver_of(hub, system, id, told.system)
    return _laid_out(id, receiver.id, hub.lay_anew(receiver, id, system.id))


def receiver_of(hub: Hub, by: System, plan: str, receiver: str) -> System:
    """A registered system of the operator's own municipality."""
    with hub.store.begin() as work:
        plan_of(work, desk(hub, by), plan)
        found = work.directory.systems().get(receiver)
    if found is None or found.municipality != by.municipality:
        raise Problem("not_found", "no system of that id is registered here", place="system")
    return found


def _laid_out(plan: str, system: str, laid: Laid) -> LaidOut:
    return LaidOut(plan=plan, system=system, delivery=laid.delivery, state=laid.state or "nothing")


def _changes_out(found: Changes, language: Language) -> ChangesOut:
    return ChangesOut(
        plan=found.plan,
        since=found.since,
        version=found.version,
        state="changed" if found.elements else "you_have_all",
        delivery=found.delivery,
        notice=NOTICE,
        elements=[_changed_out(each, language) for each in found.elements],
    )


def _changed_out(one: Changed, language: Language) -> ChangedOut:
    return ChangedOut(
        id=one.id,
        kind=one.kind,
        key=one.key,
        what=one.what,
        owner=one.owner,
        categories=sorted(one.categories),
        content=dict(one.content) if one.content is not None else None,
        was=dict(one.was) if one.was is not None else None,
        words=words(one.kind, one.was, one.content, language, known=one.what != "added"),
    )
