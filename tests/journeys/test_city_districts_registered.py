"""The population register tells in which city district a child lives; a move between them leaves its plan alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from hub.model.life import Life
from hub.model.official import District, Official
from hub.model.person import Child
from hub.model.responsibility import Facts, Responsibility
from hub.ops.districts import declare
from hub.ops.enrol import facts_of, make_plan
from hub.ops.settling import ask_where
from hub.sandbox.population import INTEGRATION, PASSWORD, ROLE, Population, Resident
from hub.security.identifiers import synthetic_number
from tests.journeys.offices import leads, tasks
from tests.journeys.systems import HOME
from tests.journeys.world import World

BORN = date(2020, 1, 2)
CHILD = next(found for serial in range(500, 560) if (found := synthetic_number(BORN, serial)))
EAST, WEST = "999901", "999902"


@pytest.fixture
def register() -> Iterator[Population]:
    made = Population([Resident(CHILD, BORN, HOME)])
    yield made
    made.close()


@pytest.fixture
def chosen(register: Population) -> dict[str, str]:
    return {
        "population_url": register.url,
        "population_roles": f"{HOME}={ROLE}",
        "population_integration": INTEGRATION,
        "population_password": PASSWORD,
        "register_hours": "24",
    }


@pytest.fixture
def nora(world: World) -> str:
    """Enrolled with a number in a municipality of two districts; nobody knows in which of them she lives."""
    world.authorise(
        *(Official(f"unit-{each}", HOME, frozenset({"coordinator"}), district=each) for each in (EAST, WEST))
    )
    led, begun = Responsibility(child_coordinator="municipal_health"), Life(begun=world.hub.clock.now())
    facts = Facts(Child("child-nora", HOME), responsibility=led, life=begun)
    with world.hub.store.begin() as work:
        declare(work, world.desk, [District(HOME, each, "Bydel") for each in (EAST, WEST)])
        plan = make_plan(work, world.desk, facts, CHILD)
        ask_where(work, world.desk, plan, facts)
    world.plans["nora"] = plan.id
    return plan.child


def district(world: World, child: str) -> str | None:
    with world.hub.store.begin() as work:
        return facts_of(work, world.desk, child).child.district


def test_the_register_places_the_child_and_the_plan_stays_when_it_moves(
    world: World, nora: str, register: Population
) -> None:
    before, lived = [each.kind for each in tasks(world, "nora")], []
    world.hub.follow_registers()
    for each in (EAST, WEST):
        register.change(CHILD, "endringIBostedsadresse", district=each)
        world.hub.follow_registers()
        lived.append(district(world, nora))

    assert (before, lived, tasks(world, "nora")) == (["find_district"], [EAST, WEST], [])
    assert leads(world, "nora") == "municipal_health"


@pytest.mark.parametrize("changed", [{"level": "strengtFortrolig"}, {"municipality": "0001", "district": None}])
def test_of_a_child_that_is_hidden_or_has_left_no_district_is_kept(
    world: World, nora: str, register: Population, changed: dict[str, str | None]
) -> None:
    world.hub.follow_registers()
    register.change(CHILD, "endringIBostedsadresse", district=EAST)
    world.hub.follow_registers()
    before = district(world, nora)
    register.change(CHILD, "endringIBostedsadresse", **changed)
    world.hub.follow_registers()

    assert (before, district(world, nora)) == (EAST, None)
