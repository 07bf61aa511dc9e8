"""Who might coordinate, over HTTP: a ranked suggestion for the municipality's own office, beside its task to decide."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.api.acting import Person, step
from hub.api.door import Controller
from hub.api.needs import TheHub
from hub.api.problems import documented
from hub.ops.suggestions import Reason, Suggestion, in_words, notice, who_might_coordinate
from hub.policy import service_names
from hub.policy.explain import LANGUAGES, Language

router = APIRouter(tags=["coordination"])


class SuggestionOut(BaseModel):
    """One service that might coordinate; the first is the one most speaks for."""

    service: str = Field(examples=["child_welfare"])
    name: dict[Language, str]
    reasons: list[Reason] = Field(examples=[["main_responsible", "measures"]])
    measures: int = Field(description="its own measures that are not over")
    since: date | None = Field(description="since when it has taken part")
    words: dict[Language, str] = Field(
        examples=[{"en": "Child welfare service: it has 3 measures under way in the plan."}]
    )


class SuggestionsOut(BaseModel):
    """It decides nothing, and appoints nobody."""

    services: list[SuggestionOut]
    notice: dict[Language, str]


@router.get(
    "/v1/plans/{id}/coordination/suggestions", responses=documented(403, 404), summary="Read who might coordinate"
)
def get_suggestions(id: str, hub: TheHub, system: Controller, person: Person) -> SuggestionsOut:
    """Of the municipality's own services that take part: by the law's order of posts, then by who follows the child
    most closely. The municipality decides (`POST …/coordination/decisions`)."""
    return suggestions_out(step(hub, system, person, id, who_might_coordinate))


def suggestions_out(found: list[Suggestion]) -> SuggestionsOut:
    """In the order in which they are suggested, and that it decides nothing."""
    return SuggestionsOut(services=[_out(one) for one in found], notice={each: notice(each) for each in LANGUAGES})


def _out(one: Suggestion) -> SuggestionOut:
    return SuggestionOut(
        service=one.service,
        name={**service_names(one.service)},
        reasons=list(one.reasons),
        measures=one.measures,
        since=one.since,
        words={each: in_words(one, each) for each in LANGUAGES},
    )
