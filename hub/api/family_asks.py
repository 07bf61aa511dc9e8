"""What the family asks for, over HTTP: put to whoever coordinates on its behalf, listed with the other proposals."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from hub.api.acting import step
from hub.api.door import Controller
from hub.api.life_words import Words
from hub.api.needs import TheHub
from hub.api.own_words import ANSWERS, OnBehalfIn
from hub.api.proposals import ProposalOut, proposal_out
from hub.api.shapes import Code, Reference
from hub.model.plan import Kind
from hub.ops import family_asks
from hub.ops.closing import in_turn, while_open

router = APIRouter(tags=["the family's own words"])


class AskIn(OnBehalfIn):
    """Fields of an element that is named, or of a new one of a kind; or `remove`. A new one says what it reveals."""

    words: Words = Field(examples=["Vi vil ha med PPT."])
    element: Reference | None = None
    kind: Kind | None = Field(None, examples=["participant"])
    content: dict[Code, str | int | float | bool | None] = Field(
        default_factory=dict, max_length=30, examples=[{"service": "ppt"}]
    )
    remove: bool = False
    categories: list[Code] = Field(default_factory=list, max_length=40)

    def asked(self) -> family_asks.Asked:
        named = self.model_dump(exclude={"person", "said", "categories"})
        return family_asks.Asked(categories=frozenset(self.categories), **named)


@router.post("/v1/plans/{id}/proposals", status_code=201, responses=ANSWERS, summary="Propose what the family asks for")
def post_proposal(id: str, told: AskIn, hub: TheHub, system: Controller) -> ProposalOut:
    """The team, who is responsible, period, revision, status: whoever coordinates accepts or declines, and the family
    reads the answer in its logbook. Its words are read by `GET /v1/plans/{id}/logbook?kind=request`."""
    act = while_open(lambda case: family_asks.ask(case, told.said.said(case.now), told.asked()))
    return proposal_out(step(hub, system, told.person, id, in_turn(act)))
