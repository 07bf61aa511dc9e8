"""Who might coordinate: a ranked suggestion to the municipality beside its task to decide; it appoints nobody."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from hub.model.responsibility import Responsibility
from hub.model.service import System
from hub.ops.coordination import ask_service, decline, dispute
from tests.journeys.command import Shell
from tests.journeys.nora import BUP, code
from tests.journeys.offices import AUTHORITY, CONTROL, UNIT, act, open_offices
from tests.journeys.systems import SYSTEMS, measure, nursery_plan, support_plan
from tests.journeys.town import Town
from tests.journeys.world import World

SCHOOL, NURSERY, WELFARE = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["child_welfare"]


@pytest.fixture
def desk(town: Town) -> Town:
    """Nobody coordinates Nora's plan. School and kindergarten have a measure each; one more is over. BUP sits there."""
    open_offices(town.world)
    town.world.register(CONTROL, BUP)
    town.world.at_table("nora", SCHOOL, NURSERY, WELFARE, BUP, responsibility=Responsibility())
    over = measure("m3", "A photo book") | {"status": "completed"}
    for system, plan in (
        (SCHOOL, support_plan("nora@school-1", measures=[measure("m1", "A quiet start")])),
        (NURSERY, nursery_plan("nora@kindergarten-1", measures=[measure("m2", "A friend"), over])),
    ):
        town.settled(system, town.post(system, orjson.dumps(plan)))
    return town


def read(town: Town, person: str, by: System = CONTROL) -> Any:
    path = f"/v1/plans/{town.world.plans['nora']}/coordination/suggestions"
    return town.call(by, "GET", path, headers={"Langbenk-Person": person})


def ranked(told: Any) -> list[tuple[str, list[str]]]:
    return [(each["service"], each["reasons"]) for each in told["services"]]


def test_the_one_with_most_measures_comes_first_and_the_one_who_said_no_last(desk: Town) -> None:
    more = [measure("m2", "A friend"), measure("m4", "A walk") | {"start": "2020-01-07"}]
    desk.settled(NURSERY, desk.post(NURSERY, orjson.dumps(nursery_plan("nora@kindergarten-1", measures=more))))
    before = ranked(read(desk, UNIT).json())
    act(desk.world, "nora", UNIT, lambda case: ask_service(case, "kindergarten"))
    act(desk.world, "nora", "nursery-1", lambda case: decline(case, "no capacity"))
    found = read(desk, AUTHORITY).json()

    assert before == [("kindergarten", ["measures"]), ("school", ["measures"]), ("child_welfare", ["starts_plans"])]
    assert ranked(found) == [
        ("school", ["measures"]),
        ("child_welfare", ["starts_plans"]),
        ("kindergarten", ["declined", "measures"]),
    ]
    assert found["services"][0]["words"]["nb"] == "Skole: den har 1 tiltak i gang i planen."
    assert "kommunen bestemmer" in found["notice"]["nb"]


def test_a_post_by_the_laws_order_goes_before_measures(desk: Town) -> None:
    child = desk.world.plan("nora").child
    desk.world.facts(child, responsibility=Responsibility(coordinator="child_welfare", main_responsible="kindergarten"))

    assert ranked(read(desk, UNIT).json())[:2] == [
        ("child_welfare", ["coordinator", "starts_plans"]),
        ("kindergarten", ["main_responsible", "measures"]),
    ]


def test_it_stands_beside_the_task_to_decide_and_appoints_nobody(desk: Town) -> None:
    act(desk.world, "nora", "teacher-1", lambda case: dispute(case, "we have no capacity"))
    listed = desk.call(CONTROL, "GET", "/v1/tasks", headers={"Langbenk-Person": AUTHORITY}).json()
    (task,) = (each["id"] for each in listed if each["kind"] == "decide_coordination")
    shown = desk.call(CONTROL, "GET", f"/v1/tasks/{task}", headers={"Langbenk-Person": AUTHORITY}).json()
    path = f"/v1/plans/{desk.world.plans['nora']}/coordination"
    stands = desk.call(CONTROL, "GET", path, headers={"Langbenk-Person": AUTHORITY}).json()

    assert [each["service"] for each in shown["suggestions"]["services"]] == ["kindergarten", "school", "child_welfare"]
    assert (shown["state"], stands["leads"], stands["history"]) == ("open", None, [])


def test_only_the_municipalitys_office_reads_it(desk: Town) -> None:
    assert code(read(desk, "teacher-1")) == (403, "not_authorised")
    assert code(read(desk, "emp-1", SCHOOL)) == (403, "insufficient_scope")
    assert code(read(desk, "nobody-7")) == (403, "not_authorised")


def test_the_command_line_says_why(shell: Shell, manned: World) -> None:
    open_offices(manned)
    manned.at_table("nora", SCHOOL, NURSERY, responsibility=Responsibility())
    plan = manned.plans["nora"]

    told = shell.run("coordination", "suggest", plan, "--person", AUTHORITY, "--language", "nn").out
    listed = shell.run("coordination", "suggest", plan, "--person", AUTHORITY, "--json").json
    refused = shell.run("coordination", "suggest", plan, "--person", "teacher-1")

    assert "Skule: ho deltek i planen." in told and "avgjer ingenting" in told
    assert [one["service"] for one in listed] == ["kindergarten", "school"]
    assert (refused.status, "not_authorised" in refused.err) == (1, True)
