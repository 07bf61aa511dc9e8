"""A municipality with city districts: each unit sees its own children's cases, and the plans are everybody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hub.model.life import Life
from hub.model.official import District, Official
from hub.model.responsibility import Responsibility
from hub.ops.districts import declare
from hub.ops.hold_view import Shown, show
from hub.ops.holds import Judgement, seen_by
from hub.ops.proposals import decide_proposal
from hub.ops.settling import settle
from hub.ports import Proposal
from hub.security.identifiers import synthetic_number
from tests.journeys.nora import NURSERY, SCHOOL, code, post, tasks
from tests.journeys.offices import AUTHORITY, CONTROL, UNIT, act, barred, leads, open_offices, taken
from tests.journeys.systems import HOME, measure, support_plan
from tests.journeys.town import Town
from tests.journeys.waiting import ONE, people, protected
from tests.journeys.world import World

EAST, WEST, NORTH = "999901", "999902", "999903"
IN_EAST, IN_WEST = "east-1", "west-1"
NUMBER = next(found for serial in range(500, 560) if (found := synthetic_number(date(2019, 3, 4), serial)))
DAY = "2026-08-20"


@pytest.fixture
def city(world: World) -> World:
    """Three districts, two of which have somebody of their own unit."""
    open_offices(world)
    with world.hub.store.begin() as work:
        declare(work, world.desk, [District(HOME, number, f"Bydel {number}") for number in (EAST, WEST, NORTH)])
    of = ((IN_EAST, EAST), (IN_WEST, WEST))
    world.authorise(*(Official(who, HOME, frozenset({"coordinator"}), district=where) for who, where in of))
    return world


@pytest.fixture
def desk(city: World, town: Town) -> Town:
    """Nora lives in the east; school and kindergarten sit at her table, and nobody coordinates."""
    city.register(CONTROL)
    city.at_table("nora", SCHOOL, NURSERY, responsibility=Responsibility(), district=EAST)
    return town


def seen(town: Town, person: str) -> list[str]:
    return [one["kind"] for one in tasks(town, CONTROL, person)]


def life(town: Town, person: str) -> Any:
    path = f"/v1/plans/{town.world.plans['nora']}/life"
    return town.call(CONTROL, "GET", path, headers={"Langbenk-Person": person})


def test_what_waits_for_the_unit_is_seen_in_the_childs_own_district_alone(desk: Town) -> None:
    post(desk, "emp-1", "coordination/wishes", SCHOOL)
    (task,) = tasks(desk, CONTROL, IN_EAST)
    one = f"/v1/tasks/{task['id']}"
    asked = {who: desk.call(CONTROL, "GET", one, headers={"Langbenk-Person": who}) for who in (IN_EAST, IN_WEST, UNIT)}

    assert task["kind"] == "decide_child_coordinator"
    assert {who: seen(desk, who) for who in (IN_WEST, UNIT)} == {IN_WEST: [], UNIT: []}
    assert seen(desk, AUTHORITY) == ["decide_child_coordinator"]  # decides for the whole municipality
    assert [answer.status_code for answer in asked.values()] == [200, 404, 404]
    assert (code(life(desk, IN_WEST)), life(desk, IN_EAST).status_code) == ((404, "not_found"), 200)


def test_a_districts_unit_appoints_a_service_that_lies_outside_all_districts(desk: Town) -> None:
    post(desk, "emp-1", "coordination/wishes", SCHOOL)
    told = {"post": "child_coordinator", "service": "school", "authority": "vedtak-1", "wished_on": DAY}
    elsewhere = post(desk, IN_WEST, "coordination/appointments", **told)
    done = post(desk, IN_EAST, "coordination/appointments", **told)

    assert (code(elsewhere), done.status_code) == ((404, "not_found"), 200)
    assert (leads(desk.world, "nora"), seen(desk, IN_EAST)) == ("school", [])
    assert life(desk, "teacher-1").status_code == 200  # of a service outside the districts


def test_services_outside_the_districts_take_part_all_the_same(city: World) -> None:
    city.at_table("nora", SCHOOL, NURSERY, district=EAST)

    city.tell(SCHOOL, support_plan("nora@school-1", measures=[measure("m1", "A quiet start")]))

    assert "A quiet start" in str(city.take(NURSERY))


def test_a_move_between_districts_moves_what_waits_and_nothing_else(desk: Town) -> None:
    post(desk, UNIT, "coordination/appointments")  # not of its own unit: nothing happens
    told = {"post": "coordinator", "service": "school", "authority": "vedtak-1"}
    post(desk, IN_EAST, "coordination/appointments", **told)
    post(desk, "emp-1", "coordination/wishes", SCHOOL)
    moved = post(desk, IN_EAST, "district", district=WEST)

    assert (moved.status_code, moved.json()["leads"]) == (200, "school")
    assert (seen(desk, IN_EAST), seen(desk, IN_WEST)) == ([], ["decide_child_coordinator"])
    assert (life(desk, IN_EAST).status_code, life(desk, IN_WEST).json()["closing"]) == (404, None)
    assert leads(desk.world, "nora") == "school"


def test_a_need_of_a_child_whose_district_nobody_knows_is_the_municipalitys_own_to_place(desk: Town) -> None:
    desk.call(SCHOOL, "POST", "/v1/needs", json={"person": "emp-1", "reference": "sak-7", "number": NUMBER})
    before = {who: sorted(seen(desk, who)) for who in (UNIT, IN_EAST)}
    desk.world.plans["nora"] = tasks(desk, CONTROL, UNIT)[0]["plan"]
    wrong = post(desk, UNIT, "district", district="999977")
    post(desk, UNIT, "district", district=EAST)

    assert before == {UNIT: ["consider_need", "find_district"], IN_EAST: []}
    assert code(wrong) == (422, "unknown_word")
    assert (seen(desk, UNIT), seen(desk, IN_EAST)) == ([], ["consider_need"])


def test_a_case_is_opened_with_the_childs_district_or_somebody_is_to_find_it(desk: Town) -> None:
    for more in ({"district": WEST}, {}, {"protection": "strictly_confidential"}, {"residence": "0001"}):
        child = {"birth_date": "2019-03-04", **more}
        assert desk.call(CONTROL, "POST", "/v1/plans", json={"child": child}).status_code == 201

    assert (seen(desk, UNIT), seen(desk, IN_WEST)) == (["find_district"], [])


def test_whoever_has_no_unit_to_go_to_is_the_municipalitys_own(desk: Town) -> None:
    desk.world.facts(desk.world.plan("nora").child, district=NORTH)
    post(desk, "emp-1", "coordination/wishes", SCHOOL)

    assert (seen(desk, UNIT), seen(desk, IN_EAST)) == (["decide_child_coordinator"], [])


def test_no_district_learns_that_a_hidden_child_lives_there(desk: Town) -> None:
    desk.world.facts(desk.world.plan("nora").child, protection="strictly_confidential")
    post(desk, "emp-1", "coordination/wishes", SCHOOL)
    told = post(desk, UNIT, "district", district=WEST)

    assert (seen(desk, UNIT), seen(desk, IN_EAST), life(desk, IN_EAST).status_code) == (
        ["decide_child_coordinator"],
        [],
        404,
    )
    assert code(told) == (422, "impossible_fact")


def test_what_waits_for_a_person_is_the_districts_too(city: World) -> None:
    city.at_table("nora", SCHOOL, NURSERY, age=14, understands=None, district=EAST)
    city.tell(SCHOOL, support_plan("nora@school-1", measures=[measure("m1", "A quiet start")]))
    with city.hub.store.begin() as work:
        found: dict[str, Any] = {who: seen_by(work, city.desk, who) for who in (IN_EAST, IN_WEST, UNIT)}
        (hold,) = found[IN_EAST]
        opened = {who: show(work, city.desk, hold.id, who) for who in (IN_EAST, IN_WEST)}

    assert (len(found[IN_WEST]), len(found[UNIT])) == (0, 0)
    assert isinstance(opened[IN_EAST], Shown)
    assert barred(opened[IN_WEST]) == "not_found"


def test_a_proposal_is_answered_in_the_childs_own_district(city: World) -> None:
    led = Responsibility(coordinator="municipal_health")
    city.at_table("nora", SCHOOL, NURSERY, responsibility=led, district=EAST)
    city.tell(SCHOOL, support_plan("nora@school-1", goals=[{"id": "g1", "title": "Swim", "status": "active"}]))
    (proposal,) = city.proposals("nora")
    no = Judgement(IN_WEST, "not agreed")
    with city.hub.store.begin() as work:
        elsewhere = decide_proposal(work, city.desk, proposal.id, no, accepted=False)
        here = decide_proposal(work, city.desk, proposal.id, replace(no, person=IN_EAST), accepted=False)

    assert barred(elsewhere) == "not_found"
    assert isinstance(here, Proposal) and here.state == "declined"


def test_which_cases_have_no_coordinator_is_told_in_their_own_district(desk: Town) -> None:
    path = "/v1/reports/without-coordinator"
    told = {
        who: desk.call(CONTROL, "GET", path, headers={"Langbenk-Person": who}).json()
        for who in (IN_EAST, IN_WEST, AUTHORITY)
    }

    assert {who: len(one["cases"]) for who, one in told.items()} == {IN_EAST: 1, IN_WEST: 0, AUTHORITY: 1}
    assert {one["open_cases"] for one in told.values()} == {1}


def test_a_municipality_without_districts_is_as_before(world: World) -> None:
    open_offices(world)
    world.at_table("nora", SCHOOL, life=Life(), district=EAST)

    taken(act(world, "nora", UNIT, lambda case: case))
    with pytest.raises(Exception, match="not a district of this municipality"):
        act(world, "nora", UNIT, lambda case: settle(case, EAST))


def told(answer: Any) -> dict[str, Any]:
    """What a problem says, but for its own number."""
    return {name: value for name, value in answer.json().items() if name != "instance"}


@pytest.mark.parametrize("seen", ["*", '"old"'])
@pytest.mark.parametrize("verb", ["acceptance", "decline", "counter"])
def test_a_proposal_of_another_districts_child_is_answered_as_one_that_nobody_made(
    city: World, town: Town, verb: str, seen: str
) -> None:
    city.register(CONTROL)
    city.at_table("nora", SCHOOL, NURSERY, district=EAST)
    city.tell(SCHOOL, support_plan("nora@school-1", goals=[{"id": "g1", "title": "Reads", "status": "active"}]))
    (proposal,) = city.proposals("nora")
    body = {"person": IN_WEST, "reason": "of our own children"} | (
        {"content": {"title": "R"}} if verb == "counter" else {}
    )

    there, nowhere = (
        town.call(CONTROL, "POST", f"/v1/proposals/{id}/{verb}", json=body, headers={"If-Match": seen})
        for id in (proposal.id, "0" * 32)
    )

    assert told(there) == told(nowhere)
    assert code(there) == (404, "not_found")


def test_a_hold_of_a_hidden_child_is_answered_as_one_that_there_is_not(city: World, town: Town) -> None:
    city.register(CONTROL)
    people(city)
    hold = protected(city)
    body = {"person": ONE, "reason": "not needed"}

    there, nowhere = (town.call(CONTROL, "POST", f"/v1/holds/{id}/refusal", json=body) for id in (hold.id, "0" * 32))

    assert told(there) == told(nowhere)
    assert code(there) == (404, "not_found")
