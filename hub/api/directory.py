"""The directory over HTTP: what each service does, who answers, what the law asks of it by when, and its routines."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from hub.api.acting import Acting, Person, allowed, hand
from hub.api.conditions import Seen, tagged
from hub.api.coordination import ByPerson
from hub.api.door import Controller
from hub.api.needs import TheHub, desk
from hub.api.problems import Problem, documented
from hub.api.shapes import Code, Reference, Strict
from hub.model.official import Answering, Routine
from hub.ops.directory import Listed, listed_service, listed_services
from hub.ops.heads import barred_from, configure, routine_of
from hub.ops.officials import Barred
from hub.ops.routines import LONGEST, describe, must_be_link
from hub.policy import service_names
from hub.policy.explain import Language
from hub.sdk import SetupError

router = APIRouter(tags=["directory"])
Said = dict[Language, str]


class DutyOut(BaseModel):
    """What the law asks of the service; `within` is the time it sets, where it sets one."""

    code: str = Field(examples=["feedback"])
    words: Said
    within: Said | None = Field(examples=[{"en": "within three weeks"}])
    cite: str = Field(examples=["barnevernsloven § 13-3"])


class ServiceOut(BaseModel):
    """One service, and who is responsible for what."""

    service: str = Field(examples=["child_welfare"])
    name: Said
    act: str | None = Field(examples=["barnevernsloven"])
    owner: str = Field(description="municipal, county, state, private, or role for a person who is appointed")
    does: Said
    answers: Said = Field(description="who answers for it")
    coordinates: bool = Field(description="whether the municipality can decide that it coordinates (COO-05)")
    coordination: Said
    duties: list[DutyOut]
    routines: str | None = Field(
        description="the municipality's own page", examples=["https://eksempelvik.example/skole"]
    )
    agreement: str | None = Field(description="the cooperation agreement that covers it today (hol. § 6-2)")
    contact: str | None = Field(description="where one turns by that agreement")
    complaints_to: str = Field(description="the body that decides on a complaint", examples=["county_governor"])
    connected: bool = Field(description="whether a system of it is registered in your municipality")


class RoutineIn(Strict):
    link: str = Field(min_length=9, max_length=LONGEST, examples=["https://eksempelvik.example/rutiner/skole"])


class AnsweringIn(Strict):
    """Of tasks of one kind: whom of the staff the hub tells, and within how many working days they are answered."""

    kind: Code = Field(examples=["take_part"])
    days: int | None = Field(None, ge=1, description="never more than the law's deadline")
    told: list[Reference] = Field(default_factory=list, max_length=20, examples=[["emp-3"]])


class HeadIn(ByPerson):
    """What the head of a service configures. A report to child welfare is each employee's own and no part of it."""

    answering: list[AnsweringIn] = Field(max_length=50)


class HeadOut(BaseModel):
    """As the service's own people read it."""

    service: str
    answering: list[AnsweringIn]


@router.get("/v1/services", responses=documented(), summary="List the services")
def get_services(hub: TheHub, system: Acting) -> list[ServiceOut]:
    """As your own municipality has them. It tells nothing of any child."""
    with hub.store.begin() as work:
        return [service_out(each) for each in listed_services(work, desk(hub, system))]


@router.get("/v1/services/{service}", responses=documented(404), summary="Read one service")
def get_service(service: str, hub: TheHub, system: Acting) -> ServiceOut:
    """What it does, who answers, what the law asks of it and by when."""
    with hub.store.begin() as work:
        return service_out(listed_service(work, desk(hub, system), service))


@router.put("/v1/services/{service}/routines", responses=documented(404, 422), summary="Say where its routines are")
def put_routines(service: str, told: RoutineIn, hub: TheHub, system: Controller) -> ServiceOut:
    """A page of your municipality that anybody may open, https only."""
    at = desk(hub, system)
    try:
        link = must_be_link(told.link, "link")
    except SetupError as error:
        raise Problem(
            "bad_link", str(error), place="link", way_out="give an https address without a password"
        ) from error
    with hub.store.begin() as work:
        listed_service(work, at, service)
        describe(work, at, [Routine(at.municipality, service, link)])
        return service_out(listed_service(work, at, service))


@router.get("/v1/services/{service}/answering", responses=documented(403, 404), summary="Read a service's own routines")
def get_answering(service: str, hub: TheHub, system: Acting, person: Person, response: Response) -> HeadOut:
    """Whom of its staff it tells of which tasks, and its own deadlines; for that service and its municipality."""
    with hub.store.begin() as work:
        at, who = desk(hub, system), allowed(hand(hub, work, system, person))
        listed_service(work, at, service)
        mine = who.service == service or who.of_the_unit
        out = _head_out(routine_of(work, at, service)) if mine else None
    if out is None:
        raise Problem("not_authorised", "a service's routines are its own", way_out="ask the service's head")
    tagged(response, out)
    return out


@router.put(
    "/v1/services/{service}/answering",
    responses=documented(403, 404, 412, 422, 428),
    summary="Configure a service's own routines",
)
def put_answering(service: str, told: HeadIn, hub: TheHub, system: Acting, seen: Seen) -> HeadOut:
    """By its head, all at once. To report is each employee's own duty: to configure that is refused (`own_duty`)."""
    rows = [Answering(one.kind, one.days, tuple(one.told)) for one in told.answering]
    with hub.store.begin() as work:
        at, who = desk(hub, system), allowed(hand(hub, work, system, told.person))
        listed_service(work, at, service)
        made: Routine | Barred | None = barred_from(work, at, who, service)
        if made is None:  # who may not configure them is not told how they stand
            seen.hold(_head_out(routine_of(work, at, service)))
            made = configure(work, at, who, service, rows)
    out = _head_out(allowed(made))
    seen.tag(out)
    return out


def _head_out(routine: Routine) -> HeadOut:
    rows = [AnsweringIn(kind=one.kind, days=one.days, told=list(one.told)) for one in routine.answering]
    return HeadOut(service=routine.service, answering=rows)


def service_out(found: Listed) -> ServiceOut:
    """In every language."""
    entry, agreed = found.entry, found.agreement
    return ServiceOut.model_validate(
        {
            **{name: getattr(entry, name) for name in ("service", "act", "owner", "does", "answers")},
            **{name: getattr(entry, name) for name in ("coordinates", "coordination")},
            **{name: getattr(found, name) for name in ("routines", "complaints_to", "connected")},
            "name": service_names(entry.service),
            "duties": [DutyOut.model_validate(each, from_attributes=True) for each in entry.duties],
            "agreement": agreed.reference if agreed else None,
            "contact": agreed.contact if agreed else None,
        }
    )
