"""Turns in a child's life that are told wrongly over HTTP, or turn back: born with another's number, home again."""

from __future__ import annotations

import pytest

from tests.journeys.nora import LEAD, code, day, post, set_table
from tests.journeys.offices import UNIT
from tests.journeys.systems import HOME
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.test_plan_life_over_http import NUMBER
from tests.journeys.town import Town


@pytest.fixture
def desk(town: Town) -> Town:
    """School and kindergarten at Nora's table; the municipal health service coordinates."""
    set_table(town)
    return town


def test_a_child_is_not_born_with_the_number_of_somebody_who_has_a_plan(desk: Town) -> None:
    desk.call(CONTROL, "POST", "/v1/plans", json={"child": {"number": NUMBER}})
    expected = desk.call(CONTROL, "POST", "/v1/plans", json={"child": {"unborn": True}}).json()
    desk.world.plans["nora"] = expected["id"]
    refused = post(desk, UNIT, "birth", birth_date=day(desk, 0), number=NUMBER)
    born = post(desk, UNIT, "birth", birth_date=day(desk, 0))

    assert (code(refused), born.status_code) == ((409, "plan_exists"), 200)
    assert NUMBER not in refused.text


def test_a_child_that_has_moved_away_can_come_back(desk: Town) -> None:
    child = desk.world.plan("nora").child
    post(desk, LEAD, "moves", to="0002")
    back = post(desk, UNIT, "moves", to=HOME)
    again = post(desk, UNIT, "moves", to=HOME)

    assert (back.status_code, back.json()["leads"], code(again)) == (200, None, (422, "impossible_fact"))
    assert desk.call(CONTROL, "GET", f"/v1/persons/{child}").json()["facts"]["residence"] is None


@pytest.mark.parametrize("service", ["family", "guardian", "police", "child_coordinator", "no-such-service"])
def test_nobody_is_asked_to_cooperate_who_works_on_no_plan(desk: Town, service: str) -> None:
    asked = post(desk, LEAD, "cooperation", service=service, words="Can you take part on Mondays?")

    assert code(asked) == (422, "unknown_word")
