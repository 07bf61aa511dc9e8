"""The population register: asked about a child at once, and whom its answers name. Control scope only."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field, SecretStr

from hub.api.door import Controller
from hub.api.needs import TheHub, desk
from hub.api.person_words import FactsOut, facts_out
from hub.api.problems import Problem, documented
from hub.api.shapes import Reference, Strict
from hub.ops.enrol import facts_of
from hub.ops.population import person_of
from hub.security.identifiers import check

router = APIRouter(tags=["facts"])


@router.post("/v1/persons/{child}/confirmation", responses=documented(404, 409), summary="Ask the register now")
def post_confirmation(child: str, hub: TheHub, system: Controller) -> FactsOut:
    """Facts that are the population register's are replaced by what it says; what waited for it goes on."""
    at = desk(hub, system)
    with hub.store.begin() as work:
        facts_of(work, at, child)
    if not hub.registers.covers(system.municipality):
        raise Problem("no_register", "no population register is set up for your municipality")
    hub.ask_registers(system.municipality, child)
    with hub.store.begin() as work:
        return facts_out(facts_of(work, at, child))


class NumberIn(Strict):
    """A national number. It is not kept, and never given back."""

    number: SecretStr


class ReferenceOut(BaseModel):
    """Whom a consent or a guardian names in this municipality."""

    person: Reference = Field(examples=["p-hbcafeoidjgkbalm"])


@router.post("/v1/persons/reference", responses=documented(422), summary="Whom to name by a national number")
def post_reference(told: NumberIn, hub: TheHub, system: Controller) -> ReferenceOut:
    """The opaque id by which the register's answers name a guardian: what a consent of that person must name."""
    number = told.number.get_secret_value()
    if wrong := check("fnr", number, hub.settings.environment):
        raise Problem(wrong, "the number cannot be used here", place="number")
    return ReferenceOut(person=person_of(hub.keys, system.municipality, number))
