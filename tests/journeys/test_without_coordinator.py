"""The report of cases without a coordinator: how many, why and since when; which, for the municipality's own office."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hub.model.calendar import norwegian_day
from hub.model.life import Life
from hub.model.responsibility import Responsibility
from hub.model.service import System
from hub.ops.appointments import Appointment, appoint
from hub.ops.closing import close
from hub.ops.coordination import Decided, decide_coordination, dispute
from tests.journeys.command import Shell
from tests.journeys.nora import SCHOOL, code
from tests.journeys.offices import AUTHORITY, CONTROL, UNIT, act, open_offices
from tests.journeys.town import Town
from tests.journeys.world import World

ELSEWHERE = replace(CONTROL, id="control-2", municipality="9998", client_id="client-control-2")
NOBODY = Responsibility()


@pytest.fixture
def desk(town: Town) -> Town:
    """Nora's plan is led; Ola's case nobody ever led, Amir's is disputed, Ida's coordinator is one for a week only."""
    world = town.world
    open_offices(world)
    world.register(CONTROL, ELSEWHERE)
    world.at_table("nora", SCHOOL)
    world.at_table("ola", SCHOOL, responsibility=NOBODY, life=Life())
    world.at_table("amir", SCHOOL, responsibility=Responsibility(coordinator="municipal_health"))
    act(world, "amir", "teacher-1", lambda case: dispute(case, "it should be us"))
    world.at_table("ida", SCHOOL, responsibility=NOBODY)
    week = Appointment("coordinator", "school", "vedtak-1", until=today(town) + timedelta(days=7))
    act(world, "ida", UNIT, lambda case: appoint(case, week))
    return town


def today(town: Town) -> date:
    return town.world.hub.clock.now().date()


def read(town: Town, person: str | None = None, by: System = CONTROL) -> Any:
    headers = {"Langbenk-Person": person} if person else {}
    return town.call(by, "GET", "/v1/reports/without-coordinator", headers=headers)


def cases(town: Town) -> dict[str, Any]:
    return {each["plan"]: each for each in read(town, UNIT).json()["cases"]}


def test_the_numbers_alone_are_for_any_control_room_and_only_of_its_own_municipality(desk: Town) -> None:
    own, elsewhere = read(desk).json(), read(desk, by=ELSEWHERE).json()

    assert (own["open_cases"], own["without"], own["cases"]) == (4, {"nobody": 1, "lapsed": 0, "disputed": 1}, None)
    assert own["without_task"] == 1
    assert (elsewhere["open_cases"], set(elsewhere["without"].values())) == (0, {0})


def test_the_coordinating_unit_sees_which_since_when_and_what_is_being_done(desk: Town) -> None:
    plans, began = desk.world.plans, desk.world.hub.clock.now()
    found = cases(desk)
    asked = found[plans["amir"]]["tasks"]

    assert found.keys() == {plans["ola"], plans["amir"]}
    assert (found[plans["ola"]]["why"], found[plans["ola"]]["begun"], found[plans["ola"]]["tasks"]) == (
        "nobody",
        False,
        [],
    )
    assert (found[plans["amir"]]["why"], [each["kind"] for each in asked]) == ("disputed", ["decide_coordination"])
    assert datetime.fromisoformat(found[plans["amir"]]["since"]) == began


def test_one_whose_coordinators_time_is_over_is_in_it_from_that_day(desk: Town) -> None:
    last = today(desk) + timedelta(days=7)
    before = cases(desk)
    desk.world.clock.instant += timedelta(days=10)
    found = cases(desk)[desk.world.plans["ida"]]

    assert desk.world.plans["ida"] not in before
    assert (found["why"], norwegian_day(datetime.fromisoformat(found["since"]))) == ("lapsed", last)


def test_it_goes_out_of_the_report_when_somebody_coordinates_or_it_is_closed(desk: Town) -> None:
    made = Decided("school", "sak-1")
    act(desk.world, "amir", AUTHORITY, lambda case: decide_coordination(case, made))
    act(desk.world, "ola", UNIT, lambda case: close(case, "no_need"))
    report = read(desk, UNIT).json()

    assert (report["open_cases"], report["cases"]) == (3, [])


def test_a_service_is_not_told_which_cases_they_are(desk: Town) -> None:
    assert code(read(desk, "teacher-1")) == (403, "not_authorised")
    assert code(read(desk, "nobody-7")) == (403, "not_authorised")
    assert code(read(desk, by=SCHOOL)) == (403, "insufficient_scope")


def test_the_command_line_counts_them_and_shows_the_office_which(shell: Shell, manned: World) -> None:
    open_offices(manned)
    manned.at_table("nora", SCHOOL, responsibility=NOBODY)

    numbers = shell.run("report", "without-coordinator").out
    listed = shell.run("report", "without-coordinator", "--person", UNIT, "--json").json
    refused = shell.run("report", "without-coordinator", "--person", "teacher-1")

    assert "nobody 1" in numbers and manned.plans["nora"] not in numbers
    assert [each["plan"] for each in listed["cases"]] == [manned.plans["nora"]]
    assert (refused.status, "not_authorised" in refused.err) == (1, True)
