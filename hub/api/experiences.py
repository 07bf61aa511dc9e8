"""What families think of how services work together, over HTTP: the form, and an answer that nobody reads."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.api.acting import step
from hub.api.coordination import ServiceIn
from hub.api.door import Controller
from hub.api.needs import TheHub
from hub.api.problems import documented
from hub.api.shapes import Reference
from hub.ops.experiences import tell_experience
from hub.policy.figures import ANSWERS, published

router = APIRouter(tags=["the family's own words"])
Answer = Literal["disagree", "neither", "agree"]


class QuestionOut(BaseModel):
    """One statement that a family agrees with or not."""

    id: str = Field(examples=["heard"])
    words: dict[str, str] = Field(examples=[{"en": "The service listened to us"}])


class FormOut(BaseModel):
    """The form. It is counted without who answered; the family need not answer, and may leave questions out."""

    questions: list[QuestionOut]
    answers: dict[Answer, dict[str, str]]


class ExperienceIn(ServiceIn):
    """What somebody of the family answers about one service; `said_by` is only looked up, and never kept."""

    said_by: Reference = Field(description="the child, or a guardian by its id", examples=["p-mother-07"])
    answers: dict[str, Answer] = Field(min_length=1, max_length=20, examples=[{"heard": "agree"}])


@router.get("/v1/experiences/form", responses=documented(), summary="Read the form about a service")
def get_form(system: Controller) -> FormOut:
    """Statements about how a service works with the family and with the others, in nb, nn and en."""
    shapes = published().reports["experiences"]
    asked = [QuestionOut(id=id, words={"nb": one.nb, "nn": one.nn, "en": one.en}) for id, one in shapes.items()]
    return FormOut.model_validate({"questions": asked, "answers": ANSWERS})


@router.post(
    "/v1/plans/{id}/experiences", status_code=204, responses=documented(403, 404, 409, 422),
    summary="Count what a family thinks of a service",
)  # fmt: skip
def post_experience(id: str, told: ExperienceIn, hub: TheHub, system: Controller) -> None:
    """Once a year for each child and service. It is added to anonymous figures; no service and no official reads it."""
    step(hub, system, told.person, id, lambda case: tell_experience(case, told.said_by, told.service, told.answers))
