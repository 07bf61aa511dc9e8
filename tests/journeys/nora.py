"""Nora's plan in a town that runs: who acts on it over HTTP, and what each of them then sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hub.model.official import Official
from hub.model.service import System
from tests.journeys.offices import open_offices
from tests.journeys.systems import HOME, SYSTEMS, system
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.town import Town

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
BUP = system("bup-1", "bup", "health", "no.langbenk.health.v1.fhir-bundle")
LEAD = "nurse-1"
WHATEVER = {"If-Match": "*"}
"""However it stands: nobody else writes in these journeys."""


def set_table(town: Town) -> None:
    """School and kindergarten at Nora's table; the municipal health service coordinates."""
    open_offices(town.world)
    town.world.authorise(Official("piano-1", HOME, frozenset({"coordinator"}), "arts_school"))
    town.world.register(CONTROL, BUP)
    town.world.at_table("nora", SCHOOL, NURSERY)


def post(town: Town, person: str, step: str, by: System = CONTROL, **told: Any) -> Any:
    path = f"/v1/plans/{town.world.plans['nora']}/{step}"
    return town.call(by, "POST", path, json={"person": person, **told}, headers=WHATEVER)


def tasks(town: Town, by: System, person: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = town.call(by, "GET", "/v1/tasks", headers={"Langbenk-Person": person}).json()
    return found


def family(town: Town, reader: str, language: str = "nb") -> Any:
    child = town.world.plan("nora").child
    return town.call(CONTROL, "GET", f"/v1/persons/{child}/logbook?for={reader}&language={language}").json()


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def day(town: Town, days: int) -> str:
    return (town.world.hub.clock.now() + timedelta(days=days)).date().isoformat()


def takes_part(town: Town, service: str, by: System) -> None:
    post(town, LEAD, "invitations", service=service)
    post(town, "emp-1", "invitations/answer", by, answer="accept")
