"""From the population register to what is sent: enrolment, events, facts that grow old, and days when it is away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from hub.errors import TryAgainError
from hub.model.life import Life
from hub.model.person import Child
from hub.model.responsibility import Facts, Responsibility
from hub.ops.enrol import facts_of, make_plan
from hub.ops.population import person_of
from hub.ops.register import record
from hub.sandbox.population import INTEGRATION, PASSWORD, ROLE, Population, Resident
from hub.security.identifiers import synthetic_number
from tests.conftest import StandingClock
from tests.journeys.systems import HOME, SYSTEMS, agreed, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
BORN = date(2020, 1, 2)
CHILD, MOTHER, FATHER, AUNT = [found for serial in range(500, 560) if (found := synthetic_number(BORN, serial))][:4]
PLACE = {"id": "x1", "title": "First meeting", "place": "Lindely"}


@pytest.fixture
def register() -> Iterator[Population]:
    made = Population([Resident(CHILD, BORN, HOME, holders={MOTHER: "mor", FATHER: "far"})])
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
    """Enrolled with a number and nothing else known, as the API enrols her."""
    led = Responsibility(child_coordinator="municipal_health")
    child, begun = Child("child-nora", HOME), Life(begun=world.hub.clock.now())
    with world.hub.store.begin() as work:
        world.plans["nora"] = make_plan(work, world.desk, Facts(child, responsibility=led, life=begun), CHILD).id
    for each in (SCHOOL, NURSERY):
        world.seat("nora", each, f"nora@{each.id}")
    return child.id


def agree(world: World, child: str, *numbers: str) -> None:
    for number in numbers:
        giver = {MOTHER: "mother", FATHER: "father"}.get(number, "other")
        consent = agreed(child, person_of(world.hub.keys, HOME, number), giver)
        with world.hub.store.begin() as work:
            record(work, world.desk, consent)
    world.facts(child, hearing=world.hub.clock.now().date())


def say(world: World, title: str = "A quiet start") -> None:
    world.tell(SCHOOL, support_plan("nora@school-1", measures=[measure("m1", title)]))


def told(world: World) -> list[str]:
    return [str(each["title"]) for document in world.take(NURSERY) for each in document.get("measures", ())]


def facts(world: World, child: str) -> Child:
    with world.hub.store.begin() as work:
        return facts_of(work, world.desk, child).child


def test_what_a_child_needs_to_be_known_comes_from_the_register(world: World, nora: str) -> None:
    say(world)
    before = told(world)

    world.hub.ask_registers(HOME, nora)
    agree(world, nora, MOTHER, FATHER)
    known = facts(world, nora)

    assert before == []
    assert told(world) == ["A quiet start"]
    assert (known.birth_date, known.protection, known.residence) == (BORN, "none", None)
    assert known.as_of == world.hub.clock.now()
    assert {(each.person, each.relation) for each in known.guardians} == {
        (person_of(world.hub.keys, HOME, MOTHER), "mother"),
        (person_of(world.hub.keys, HOME, FATHER), "father"),
    }


def test_a_protection_that_comes_while_something_waits_takes_the_place_out(
    world: World, nora: str, register: Population
) -> None:
    world.hub.ask_registers(HOME, nora)
    world.hub.follow_registers()
    agree(world, nora, MOTHER, FATHER)
    world.tell(SCHOOL, support_plan("nora@school-1", meetings=[PLACE]))
    before = str([parcel.body for parcel in world.fetch(NURSERY)])

    register.change(CHILD, "endringIAdressebeskyttelse", level="strengtFortrolig")
    world.hub.follow_registers()

    assert facts(world, nora).protection == "strictly_confidential"
    assert "Lindely" in before
    assert "Lindely" not in str(world.take(NURSERY))


def test_a_new_holder_of_responsibility_must_agree_too(world: World, nora: str, register: Population) -> None:
    world.hub.ask_registers(HOME, nora)
    world.hub.follow_registers()
    agree(world, nora, MOTHER, FATHER)
    register.change(CHILD, "endringIForeldreansvar", holders={MOTHER: "mor", AUNT: "andre"})
    world.hub.follow_registers()
    say(world)
    without = told(world)

    agree(world, nora, AUNT)

    assert without == []
    assert told(world) == ["A quiet start"]


def test_a_holder_the_register_cannot_name_makes_it_wait(world: World, nora: str, register: Population) -> None:
    register.change(CHILD, "endringIForeldreansvar", nameless=True)
    world.hub.ask_registers(HOME, nora)
    agree(world, nora, MOTHER, FATHER)

    say(world)

    assert told(world) == []
    assert facts(world, nora).guardians == ()


def test_of_a_child_who_has_died_everything_waits(world: World, nora: str, register: Population) -> None:
    world.hub.ask_registers(HOME, nora)
    agree(world, nora, MOTHER, FATHER)
    world.hub.follow_registers()
    register.change(CHILD, "personErDoed", died=date(2026, 8, 16))
    world.hub.follow_registers()

    say(world)

    assert told(world) == []
    assert facts(world, nora).deceased


def test_while_the_register_is_away_the_facts_grow_old_and_wait_and_nothing_is_lost(
    world: World, nora: str, register: Population, clock: StandingClock
) -> None:
    world.hub.ask_registers(HOME, nora)
    agree(world, nora, MOTHER, FATHER)
    register.away = True
    clock.go_on(hours=23)
    with pytest.raises(TryAgainError):
        world.hub.follow_registers()
    say(world, "Within the limit")
    within = told(world)
    clock.go_on(hours=2)
    say(world, "Past the limit")
    past = told(world)
    aged = gauge(world)

    register.away = False
    world.hub.follow_registers()
    world.work()

    assert (within, past) == (["Within the limit"], [])
    assert aged == timedelta(hours=25).total_seconds()
    assert told(world) == ["Past the limit"]


def gauge(world: World) -> float:
    lines = world.hub.metrics_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("langbenk_facts_oldest_age_seconds "))


def test_facts_are_asked_for_anew_before_they_are_too_old_and_no_oftener(
    world: World, nora: str, register: Population, clock: StandingClock
) -> None:
    world.hub.follow_registers()
    for hours, asked in ((0, 0), (11, 0), (2, 1), (11, 0), (2, 1)):
        clock.go_on(hours=hours)
        before = len(look_ups(register))

        world.hub.follow_registers()

        assert len(look_ups(register)) - before == asked
    assert facts(world, nora).as_of == clock.now()


def look_ups(register: Population) -> list[str]:
    return [address for address in register.asked if "bulkoppslag" in address]


def test_an_event_about_somebody_else_asks_about_nobody(world: World, nora: str, register: Population) -> None:
    world.hub.follow_registers()
    before = len(look_ups(register))
    register.settle(Resident(AUNT, BORN))

    world.hub.follow_registers()

    assert len(look_ups(register)) == before


def test_the_feed_is_read_on_from_where_another_worker_left_it(world: World, nora: str, register: Population) -> None:
    world.hub.follow_registers()
    for _ in range(3):
        register.change(CHILD, "endringIBostedsadresse", municipality="0301")

    world.hub.follow_registers()
    world.hub.follow_registers()
    feeds = [address for address in register.asked if "/feed" in address]

    assert facts(world, nora).residence == "0301"
    assert [address.rsplit("=", 1)[1] for address in feeds] == ["1", "4", "4"]


def test_a_child_the_register_does_not_know_is_not_confirmed(world: World, clock: StandingClock) -> None:
    with world.hub.store.begin() as work:
        make_plan(work, world.desk, Facts(Child("child-ola", HOME)), AUNT)

    world.hub.follow_registers()

    assert facts(world, "child-ola").as_of is None


def test_facts_that_others_record_stay_when_the_register_answers(world: World, nora: str) -> None:
    world.facts(nora, care_order=True, opposes_health_disclosure=True, hearing=date(2026, 8, 1))

    world.hub.ask_registers(HOME, nora)
    known: Any = facts(world, nora)

    assert (known.care_order, known.opposes_health_disclosure, known.hearing) == (True, True, date(2026, 8, 1))


def test_no_number_stands_in_an_address_the_hub_asks(world: World, nora: str, register: Population) -> None:
    world.hub.ask_registers(HOME, nora)
    register.change(CHILD, "endringIAdressebeskyttelse", level="fortrolig")
    world.hub.follow_registers()

    assert not any(number in address for number in (CHILD, MOTHER, FATHER) for address in register.asked)
