"""What happens to the person, over HTTP: a need is seen, a child is born, identified, or moves."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field, SecretStr

from hub.api.acting import Acting, allowed, by_turns, hand
from hub.api.coordination import ByPerson
from hub.api.door import Controller
from hub.api.life import ANSWERS, Living
from hub.api.life_words import LifeOut
from hub.api.needs import Hub, TheHub, desk
from hub.api.person_words import GuardianIn
from hub.api.problems import Problem, documented
from hub.api.shapes import Day, Municipality, Reference
from hub.model.person import Guardian
from hub.ops import milestones, settling
from hub.ops.casework import Casework
from hub.ops.needs import Notice, notify
from hub.ops.officials import Barred
from hub.security.identifiers import check

router = APIRouter(tags=["life of a plan"])
NUMBER = Field(None, description="fødselsnummer or D-number: kept sealed, found by a keyed hash, never given back")


class NeedIn(ByPerson):
    """Who needs a plan; nothing about why, which waits for the patient's consent (COO-06)."""

    reference: Reference = Field(examples=["sak-2026-118"], description="what you call the case, to be asked about")
    number: SecretStr | None = NUMBER
    unborn: bool = Field(False, description="of an expected child; the number is then the pregnant person's")


class NeedTaken(BaseModel):
    """The same answer whether or not the person was known before."""

    reference: str
    addressee: str
    agreement: str | None = Field(description="the cooperation agreement it came along (hol. § 6-2)")


class BirthIn(ByPerson):
    birth_date: Day
    guardians: list[GuardianIn] = Field(default_factory=list, max_length=8)
    number: SecretStr | None = NUMBER


class IdentityIn(ByPerson):
    number: SecretStr = Field(description="kept sealed, found by a keyed hash, never given back")


class MoveIn(ByPerson):
    to: Municipality = Field(examples=["0002"])


class DistrictIn(ByPerson):
    district: str | None = Field(
        pattern=r"^\d{6}$", examples=["000101"], description="none: the municipality's own unit"
    )


@router.post("/v1/needs", status_code=202, responses=documented(403, 409, 422), summary="Notify a need for a plan")
def post_need(told: NeedIn, hub: TheHub, system: Acting) -> NeedTaken:
    """To the coordinating unit (hol. § 7-3), which has a task about it. No content, and no need of consent."""
    notice = Notice(told.reference, _number(hub, told.number), told.unborn)

    def notified() -> Casework | Barred:
        with hub.store.begin() as work:
            return notify(work, desk(hub, system), allowed(hand(hub, work, system, told.person)), notice)

    case = allowed(by_turns(notified))
    if notice.number is not None and case.facts.child.as_of is None and hub.registers.covers(system.municipality):
        hub.enrolled(system.municipality, case.plan.child)
    whose = (case.hand.service, told.reference)
    made = next(one for one in case.facts.life.needs if (one.service, one.reference) == whose)
    return NeedTaken(reference=made.reference, addressee="coordinating_unit", agreement=made.agreement)


@router.post("/v1/plans/{id}/birth", responses=ANSWERS, summary="An expected child is born")
def post_birth(told: BirthIn, on: Living, hub: TheHub, office: Controller) -> LifeOut:
    """The pregnant person's consents end; those who decide for the child are asked anew."""
    number, holders = _number(hub, told.number), tuple(Guardian(one.person, one.relation) for one in told.guardians)
    return on.happens(told.person, lambda case: milestones.is_born(case, told.birth_date, holders, number))


@router.post("/v1/plans/{id}/identity", responses=ANSWERS, summary="Establish a person's identity")
def post_identity(id: str, told: IdentityIn, on: Living, hub: TheHub, system: Controller) -> LifeOut:
    """A number for one who had none. Where somebody with that number has a plan, there is no second one (COO-11)."""
    number = _number(hub, told.number)
    out = on.happens(told.person, lambda case: milestones.is_identified(case, str(number)))
    with hub.store.begin() as work:
        plan = work.plans.newest(system.municipality, id)
    if plan is not None and hub.registers.covers(system.municipality):
        hub.enrolled(system.municipality, plan.child)
    return out


@router.post("/v1/plans/{id}/moves", responses=ANSWERS, summary="A child moves")
def post_move(told: MoveIn, on: Living) -> LifeOut:
    """Who coordinates here does so no longer; structure waits, and child welfare notifies the new municipality."""
    return on.happens(told.person, lambda case: milestones.moves(case, told.to))


@router.post("/v1/plans/{id}/district", responses=ANSWERS, summary="Say in which city district a child lives")
def post_district(told: DistrictIn, on: Living, office: Controller) -> LifeOut:
    """What waits for the coordinating unit is then that district's to see; all else stays as it is."""
    return on.happens(told.person, lambda case: settling.settle(case, told.district))


def _number(hub: Hub, told: SecretStr | None) -> str | None:
    value = told.get_secret_value() if told else None
    kind = "dnr" if value and value[:1] in "4567" else "fnr"
    wrong = check(kind, value, hub.settings.environment) if value is not None else None
    if wrong:
        raise Problem(wrong, "the number cannot be used here", place="number")
    return value
