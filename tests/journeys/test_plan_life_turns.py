"""What happens to the child in a plan's life: it is born, identified, moves, and comes of age."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hub.model.life import Life
from hub.model.person import Guardian
from hub.model.responsibility import Responsibility
from hub.ops.appointments import Appointment, appoint
from hub.ops.casework import Casework
from hub.ops.closing import close
from hub.ops.creation import Agreed, begin
from hub.ops.milestones import is_born, is_identified, moves
from hub.ops.officials import Barred
from hub.ops.register import record
from hub.security.identifiers import synthetic_number
from tests.journeys.offices import UNIT, act, leads, open_offices, taken, tasks
from tests.journeys.systems import SYSTEMS, agreed, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
NUMBER = next(found for serial in range(500, 560) if (found := synthetic_number(date(2026, 8, 16), serial)))
HOLDERS = (Guardian("tuva-mother", "mother"), Guardian("tuva-father", "father"))


@pytest.fixture
def town(world: World) -> World:
    open_offices(world)
    return world


def expected(world: World) -> Casework:
    """A family expects Tuva; the plan is about the pregnant person, who has agreed to it and to sharing."""
    child = world.at_table(
        "tuva", SCHOOL, NURSERY, consent=False, unborn=True, birth_date=None, guardians=(), life=Life()
    )
    act(world, "tuva", UNIT, lambda one: begin(one, "municipal_health", [Agreed(child, "form-1")]))
    with world.hub.store.begin() as work:
        record(work, world.desk, agreed(child, child, "pregnant_person"))
    return taken(act(world, "tuva", UNIT, lambda one: one))


def says(world: World, name: str, title: str) -> str:
    (part,) = world.tell(SCHOOL, support_plan(f"{name}@school-1", measures=[measure("m1", title)])).parts
    return part.state


def test_a_child_coordinator_is_appointed_before_the_birth_and_the_consents_end_with_it(town: World) -> None:
    expected(town)
    wished = Appointment("child_coordinator", "school_health", "vedtak-1", wished_on=date(2026, 8, 1))
    taken(act(town, "tuva", UNIT, lambda one: appoint(one, wished)))
    says(town, "tuva", "Visits before the birth")
    before = str(town.take(NURSERY))
    town.clock.instant += timedelta(minutes=1)
    born = taken(act(town, "tuva", UNIT, lambda one: is_born(one, one.today, HOLDERS, NUMBER)))
    says(town, "tuva", "Visits after the birth")

    assert "before the birth" in before
    assert (born.facts.child.unborn, leads(town, "tuva")) == (False, "school_health")
    assert town.fetch(NURSERY) == []
    assert "renew_consents" in [each.kind for each in tasks(town, "tuva")]
    with town.hub.store.begin() as work:
        assert work.persons.by_number("9999", NUMBER) == born.plan.child


def test_a_child_born_without_a_number_has_an_identity_to_be_established_and_gets_no_second_plan(town: World) -> None:
    expected(town)
    act(town, "tuva", UNIT, lambda one: is_born(one, one.today, HOLDERS, None))
    asked = [each.kind for each in tasks(town, "tuva")]
    act(town, "tuva", UNIT, lambda one: is_identified(one, NUMBER))
    again = act(town, "tuva", UNIT, lambda one: is_identified(one, NUMBER))
    town.at_table("ola", SCHOOL)
    other = act(town, "ola", UNIT, lambda one: is_identified(one, NUMBER))

    assert "clarify_identity" in asked
    assert "clarify_identity" not in [each.kind for each in tasks(town, "tuva")]
    assert isinstance(again, Casework)
    assert isinstance(other, Barred)
    assert other.code == "plan_exists"


def test_a_child_born_with_a_number_that_another_has_gets_a_clear_answer(town: World) -> None:
    town.at_table("ola", SCHOOL, number=NUMBER)
    expected(town)

    born = act(town, "tuva", UNIT, lambda one: is_born(one, one.today, HOLDERS, NUMBER))

    assert isinstance(born, Barred)
    assert born.code == "plan_exists"


def test_an_expected_child_that_is_not_born_closes_the_plan_and_nobody_is_sent_anything(town: World) -> None:
    expected(town)
    says(town, "tuva", "Visits before the birth")
    town.take(NURSERY)
    closed = taken(act(town, "tuva", UNIT, lambda one: close(one, "not_born")))

    assert (closed.facts.life.closing is not None, town.fetch(NURSERY)) == (True, [])


def test_a_move_ends_who_coordinates_holds_structure_and_asks_child_welfare_to_notify(town: World) -> None:
    town.at_table("nora", SCHOOL, NURSERY, SYSTEMS["child_welfare"], responsibility=Responsibility())
    told = Appointment("coordinator", "school", "vedtak-1")
    act(town, "nora", UNIT, lambda one: appoint(one, told))
    says(town, "nora", "A quiet start")
    here = "A quiet start" in str(town.take(NURSERY))
    says(town, "nora", "A quieter start")
    moved = taken(act(town, "nora", UNIT, lambda one: moves(one, "0002")))

    assert here
    assert town.fetch(NURSERY) == []  # what waited is decided again at its dispatch, and waits for the new municipality
    assert [each.ended_why for each in moved.facts.mandates] == ["moved"]
    assert [hold for hold in town.holds("nora") if "COO-09" in hold.rules]


def test_what_was_held_by_a_move_is_not_lost(town: World) -> None:
    town.at_table("nora", SCHOOL, NURSERY)
    says(town, "nora", "A quiet start")
    child = taken(act(town, "nora", UNIT, lambda one: moves(one, "0002"))).plan.child
    away = town.fetch(NURSERY)
    town.facts(child, residence=None)  # the register had it wrong
    town.sweep()

    assert away == []
    assert "A quiet start" in str(town.take(NURSERY))


def test_at_18_the_child_coordinators_mandate_ends_and_the_municipality_is_asked_who_follows(town: World) -> None:
    child = town.at_table("nora", SCHOOL, NURSERY, age=17, responsibility=Responsibility())
    wished = Appointment("child_coordinator", "municipal_health", "vedtak-1", wished_on=date(2026, 8, 1))
    act(town, "nora", UNIT, lambda one: appoint(one, wished))
    says(town, "nora", "A quiet start")
    there = town.hub.clock.now().replace(year=2027, month=1, day=3)
    town.clock.instant = there
    town.facts(child, as_of=there)
    town.sweep()

    assert leads(town, "nora") is None
    assert {"decide_coordination", "renew_consents"} <= {each.kind for each in tasks(town, "nora")}
