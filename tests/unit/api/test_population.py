"""The register over the API: asked at once, and whom its answers name. Without one the API says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hub.ops.population import person_of
from hub.registers import FiksPopulation, Integration
from hub.sandbox.population import INTEGRATION, PASSWORD, ROLE, Population, Resident
from hub.sdk.http import HttpClient
from hub.security.identifiers import synthetic_number
from tests.unit.api.conftest import OTHER_OFFICE, World
from tests.unit.api.test_messages import problem

BORN = date(2018, 1, 2)
CHILD, MOTHER = [found for serial in range(500, 540) if (found := synthetic_number(BORN, serial))][:2]


@pytest.fixture
def register(world: World) -> Any:
    made = Population([Resident(CHILD, BORN, "0001", holders={MOTHER: "mor"})])
    http = HttpClient(made.url, sleep=lambda _: None)
    world.hub.registers._sources["0001"] = FiksPopulation(http, ROLE, Integration(INTEGRATION, PASSWORD))  # type: ignore[index]  # a test's own
    yield made
    made.close()


def enrolled(world: World, **told: Any) -> dict[str, Any]:
    made = world.call("POST", "/v1/plans", json={"child": {"number": CHILD, **told}})
    assert made.status_code == 201, made.text
    facts: dict[str, Any] = world.call("GET", f"/v1/persons/{made.json()['child']}").json()
    return facts


def test_at_enrolment_the_register_says_who_the_child_is_whatever_the_request_said(
    world: World, register: Population
) -> None:
    facts = enrolled(world, birth_date="2001-01-01", protection="confidential")["facts"]

    assert (facts["birth_date"], facts["protection"]) == ("2018-01-02", "none")
    assert facts["guardians"] == [{"person": person_of(world.hub.keys, "0001", MOTHER), "relation": "mother"}]
    assert facts["as_of"] is not None


def test_a_child_enrolled_while_the_register_is_away_is_not_confirmed_until_it_is_asked(
    world: World, register: Population
) -> None:
    register.away = True
    enrolled_ = enrolled(world)
    address = f"/v1/persons/{enrolled_['child']}/confirmation"
    problem(world.call("POST", address), 503, "try_again")
    register.away = False

    confirmed = world.call("POST", address)

    assert enrolled_["facts"]["as_of"] is None
    assert (confirmed.status_code, confirmed.json()["facts"]["birth_date"]) == (200, "2018-01-02")


def test_a_guardian_is_named_by_a_reference_that_tells_no_number(world: World, register: Population) -> None:
    named = world.call("POST", "/v1/persons/reference", json={"number": MOTHER})
    elsewhere = world.call("POST", "/v1/persons/reference", by=OTHER_OFFICE, json={"number": MOTHER})
    guardian = enrolled(world)["facts"]["guardians"][0]["person"]

    assert named.json() == {"person": guardian}
    assert elsewhere.json() != named.json()
    assert not any(letter.isdigit() for letter in guardian)


def test_a_number_that_cannot_be_is_refused_unshown(world: World) -> None:
    answer = world.call("POST", "/v1/persons/reference", json={"number": "02841810043"})

    problem(answer, 422, "wrong_check_digit")
    assert "02841810043" not in answer.text


def test_without_a_register_the_api_says_so(world: World, plan: dict[str, Any]) -> None:
    problem(world.call("POST", f"/v1/persons/{plan['child']}/confirmation"), 409, "no_register")
    problem(world.call("POST", f"/v1/persons/{plan['child']}/confirmation", by=OTHER_OFFICE), 404, "not_found")
