"""What an element of a plan reveals, over HTTP: read and said by those at the table, for formats without labels too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from hub.api.acting import Acting, Person, step
from hub.api.conditions import Seen, tagged
from hub.api.needs import Hub, TheHub
from hub.api.problems import documented
from hub.api.shapes import Code, Reference, Strict
from hub.model.plan import Element
from hub.model.service import System
from hub.ops.casework import Casework
from hub.ops.closing import in_turn
from hub.ops.officials import Barred
from hub.ops.relabel import element_of, relabel
from hub.security.tokens import CONTROL

router = APIRouter(tags=["plans"])
ANSWERS = documented(403, 404, 409, 412, 422, 428)


class CategoriesOut(BaseModel):
    """`element` is its address for you: the plan's own id, or a system's `id` in what has changed in its view."""

    element: str
    kind: str = Field(examples=["measure"])
    categories: list[str] = Field(examples=[["education", "sped"]])


class CategoriesIn(Strict):
    """All that the element reveals from now on; what is left out is taken away."""

    person: Reference = Field(examples=["emp-12"])
    categories: list[Code] = Field(min_length=1, max_length=40, examples=[["education"]])


@dataclass(frozen=True, slots=True)
class _Named:
    """The element a caller means: `address` is the caller's word for it, `own` the plan's."""

    plan: str
    address: str
    own: str
    hub: Hub
    system: System

    def out(self, element: Element) -> CategoriesOut:
        return CategoriesOut(element=self.address, kind=element.kind, categories=sorted(element.categories))


def _named(id: str, element: str, hub: TheHub, system: Acting) -> _Named:
    """A sector system finds only what its own view of the plan holds."""
    own = element if CONTROL in system.scopes else hub.own_view.named(system, id, element)
    return _Named(id, element, own, hub, system)


Named = Annotated[_Named, Depends(_named)]


@router.get(
    "/v1/plans/{id}/elements/{element}/categories",
    responses=documented(403, 404),
    summary="Read what an element reveals",
)
def get_categories(at: Named, person: Person, response: Response) -> CategoriesOut:
    """With the ETag that a change of it needs."""
    out = at.out(step(at.hub, at.system, person, at.plan, lambda case: element_of(case, at.own)))
    tagged(response, out)
    return out


@router.put("/v1/plans/{id}/elements/{element}/categories", responses=ANSWERS, summary="Say what an element reveals")
def put_categories(told: CategoriesIn, at: Named, seen: Seen) -> CategoriesOut:
    """Adding is for anybody at the table; taking away for people of the owning service in the municipality's register.

    What waits is looked at again at once, and each receiver is told what it may now be told. Of a plan that is closed
    nothing is taken away.
    """

    def act(case: Casework) -> Element | Barred:
        seen.hold(at.out(element_of(case, at.own)))
        return relabel(case, at.own, frozenset(told.categories))

    out = at.out(step(at.hub, at.system, told.person, at.plan, in_turn(act)))
    seen.tag(out)
    return out
