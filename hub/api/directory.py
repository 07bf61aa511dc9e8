"""The directory over HTTP: what each service does, who answers, what the law asks of it by when, and its routines."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.api.acting import Acting
from hub.api.door import Controller
from hub.api.needs import TheHub, desk
from hub.api.problems import Problem, documented
from hub.api.shapes import Strict
from hub.model.official import Routine
from hub.ops.directory import Listed, listed_service, listed_services
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
