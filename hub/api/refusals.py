"""What a family asked for refused, over HTTP: a child coordinator, a plan; with the reason and the way to complain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field, RootModel

from hub.api.acting import Person, step
from hub.api.conditions import Seen, tagged
from hub.api.coordination import ANSWERS, ByPerson
from hub.api.decisions import ComplaintOut
from hub.api.door import Controller
from hub.api.needs import Hub, TheHub
from hub.api.shapes import Reference
from hub.model.responsibility import Wish
from hub.model.service import System
from hub.ops.casework import Casework
from hub.ops.officials import Barred
from hub.ops.refusals import Refusing, refusals_of, refuse
from hub.policy.complaints import spoken_refusal
from hub.policy.explain import Language

router = APIRouter(tags=["coordination"])
Spoken = Annotated[Language, Query(description="the language of the words", examples=["nb"])]


class RefusalIn(ByPerson):
    """The municipality's decision (vedtak): no barnekoordinator (pbrl. § 2-5 c), or no plan."""

    wish: Wish
    authority: Reference = Field(examples=["vedtak-2026-43"], description="where the decision is kept")
    reason: str = Field(min_length=3, max_length=2_000, examples=["Behovet for tjenester er ikke langvarig."])


class WayOut(ComplaintOut):
    """One way to complain, by an act under which it was asked for, with the last day for it."""

    right: str = Field(examples=["bvl § 15-9"], description="what gives the right to ask for it")
    time_limit: str = Field(examples=["fvl § 29"])
    complain_by: date = Field(description="counted from when it was recorded; who learnt of it later has longer")


class RefusalOut(BaseModel):
    """One refusal, as the family is told it."""

    at: datetime
    wish: Wish
    authority: str
    reason: str
    complaints: list[WayOut] = Field(description="one way for each act under which it was asked for")
    how_to_complain: str = Field(examples=["Den som er uenig, kan klage innen 4 uker …"])


class RefusalsOut(RootModel[list[RefusalOut]]):
    """All of a plan's, oldest first."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """The refusals about one plan, in the language that a reader asks for."""

    plan: str
    hub: Hub
    system: System
    language: Language

    def take(self, person: str, act: Callable[[Casework], list[Refusing] | Barred]) -> RefusalsOut:
        return _out(step(self.hub, self.system, person, self.plan, act), self.language)


def _refused(id: str, hub: TheHub, system: Controller, language: Spoken = "nb") -> _Refused:
    return _Refused(id, hub, system, language)


Refused = Annotated[_Refused, Depends(_refused)]


@router.post("/v1/plans/{id}/refusals", responses=ANSWERS, summary="Refuse what a family asked for")
def post_refusal(told: RefusalIn, on: Refused, seen: Seen) -> RefusalsOut:
    """Answers the wish, or the need that was notified, with a reason that lies sealed; the family can complain.
    `If-Match` is the ETag of the refusals as they were read, in the same language."""

    def act(case: Casework) -> list[Refusing] | Barred:
        before = refusals_of(case) if case.hand.of_the_unit else None
        if isinstance(before, list):
            seen.hold(_out(before, on.language))
        done = refuse(case, told.wish, told.authority, told.reason)
        return done if isinstance(done, Barred) else refusals_of(done)

    out = on.take(told.person, act)
    seen.tag(out)
    return out


@router.get("/v1/plans/{id}/refusals", responses=ANSWERS, summary="Read refusals")
def get_refusals(on: Refused, person: Person, response: Response) -> RefusalsOut:
    """With where and until when the family may complain; for the office that shows it to them."""
    out = on.take(person, refusals_of)
    tagged(response, out)
    return out


def _out(found: list[Refusing], language: Language) -> RefusalsOut:
    told = [
        RefusalOut(
            at=one.at,
            wish=one.wish,
            authority=one.authority,
            reason=one.reason,
            complaints=ways_out(one),
            how_to_complain=spoken_refusal(one.ways, language),
        )
        for one in found
    ]
    return RefusalsOut(told)


def ways_out(one: Refusing) -> list[WayOut]:
    """Each way to complain of one refusal."""
    return [WayOut.model_validate(asdict(way)) for way in one.ways]
