"""Which services are in a plan and which are missing, over HTTP, for whoever coordinates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.api.acting import Acting, Person, step
from hub.api.needs import TheHub
from hub.api.problems import documented
from hub.ops.presence import Presence, State, Why, present_and_missing
from hub.ops.presence_words import in_words, notice
from hub.policy import service_names
from hub.policy.explain import LANGUAGES, Language

router = APIRouter(tags=["life of a plan"])


class PresenceOut(BaseModel):
    """One service, and how it stands."""

    service: str = Field(examples=["ppt"])
    name: dict[Language, str] = Field(examples=[{"en": "educational-psychological service"}])
    state: State = Field(examples=["invited"])
    since: datetime | None = Field(description="when it was asked, or answered")
    due_at: datetime | None = Field(description="when a missing answer goes up")
    starts_on: date | None
    why: list[Why] = Field(description="why one that is missing is known to matter", examples=[["wished"]])
    words: dict[Language, str] = Field(examples=[{"en": "PPT was asked on 2026-08-17 and has not answered."}])


class PresencesOut(BaseModel):
    """The services of a plan, first those that take part, last those that are missing."""

    plan: str
    services: list[PresenceOut]
    notice: dict[Language, str] = Field(description="the list may be incomplete, always")


@router.get("/v1/plans/{id}/services", responses=documented(403, 404), summary="Read who takes part and who is missing")
def get_plan_services(id: str, hub: TheHub, system: Acting, person: Person) -> PresencesOut:
    """For whoever coordinates. Missing is a service that has a duty in plans, is known to matter here and has not been
    asked. A service that the reader may not know of is left out (RED-02)."""
    found = step(hub, system, person, id, present_and_missing)
    return PresencesOut(plan=id, services=[presence_out(one) for one in found], notice=_said(notice))


def presence_out(one: Presence) -> PresenceOut:
    """With its name and a sentence in each language."""
    told = {name: getattr(one, name) for name in ("service", "state", "since", "due_at", "starts_on")}
    words = _said(lambda language: in_words(one, language))
    return PresenceOut(**told, why=list(one.why), name={**service_names(one.service)}, words=words)


def _said(say: Callable[[Language], str]) -> dict[Language, str]:
    return {language: say(language) for language in LANGUAGES}
