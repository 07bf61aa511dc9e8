"""A plan is closed: nobody is asked to coordinate it, nobody new is told of it, and what comes in the very instant in
which it is closed has its answer too."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from hub.api.acting import step
from hub.api.problems import Problem
from hub.ops.casework import Casework
from hub.ops.closing import close, while_open
from hub.ops.family_asks import Asked, ask
from hub.ops.family_said import Said
from hub.ops.officials import Barred
from hub.ops.together import raise_gap
from tests.journeys.nora import LEAD, NURSERY, SCHOOL, code, post, set_table, tasks
from tests.journeys.offices import AUTHORITY, CONTROL, UNIT, open_offices
from tests.journeys.offices import tasks as open_tasks
from tests.journeys.systems import SYSTEMS, measure, support_plan
from tests.journeys.town import Town
from tests.journeys.world import World

NAV = SYSTEMS["nav"]
WHY = "we see her every day"
STEPS: dict[str, dict[str, Any]] = {
    "claims": {"person": "teacher-1"},
    "requests": {"person": UNIT, "service": "school"},
    "declines": {"person": "teacher-1", "reason": WHY},
    "disputes": {"person": "teacher-1", "reason": WHY},
    "decisions": {"person": AUTHORITY, "service": "school", "authority": "sak-1"},
    "appointments": {"person": UNIT, "service": "school", "authority": "sak-1", "post": "coordinator"},
    "ends": {"person": UNIT, "post": "coordinator", "why": "resigned"},
    "wishes": {"person": LEAD},
}


@pytest.fixture
def closed(town: Town) -> Town:
    """Nora has died; the kindergarten had been told of a measure."""
    set_table(town)
    said = support_plan("nora@school-1", measures=[measure("m1", "Early")])
    town.settled(SCHOOL, town.post(SCHOOL, orjson.dumps(said)))
    assert town.empty_mailbox(NURSERY)
    assert post(town, LEAD, "closing", why="deceased").status_code == 200
    return town


@pytest.mark.parametrize("what", STEPS)
def test_nobody_is_asked_to_coordinate_a_plan_that_is_closed(closed: Town, what: str) -> None:
    told = dict(STEPS[what])
    answer = post(closed, told.pop("person"), f"coordination/{what}", **told)

    assert code(answer) == (409, "plan_closed")
    assert answer.json()["way_out"]
    assert [tasks(closed, CONTROL, UNIT), tasks(closed, SCHOOL, "emp-1")] == [[], []]


def test_a_register_puts_no_coordinator_on_a_plan_that_is_closed(closed: Town) -> None:
    path = f"/v1/plans/{closed.world.plans['nora']}/coordination"
    answer = closed.call(CONTROL, "PUT", path, json={"coordinator": "school"}, headers={"If-Match": "*"})

    assert code(answer) == (409, "plan_closed")


def test_nobody_new_is_told_of_a_plan_that_is_closed(closed: Town) -> None:
    path = f"/v1/plans/{closed.world.plans['nora']}/links/{NAV.id}"
    answer = closed.call(CONTROL, "PUT", path, json={"key": {"value": "nora@nav-1"}}, headers={"If-Match": "*"})
    closed.world.sweep()

    assert code(answer) == (409, "plan_closed")
    assert answer.json()["way_out"]
    assert closed.empty_mailbox(NAV) == []


def gap(case: Casework) -> Casework | Barred:
    return raise_gap(case, "nobody drives her")


def asks(case: Casework) -> Any:
    said = Said("nora-mother", "oral", case.now, "journal-1")
    return ask(case, said, Asked("We want to meet more often.", kind="frame", content={"status": "active"},
                                 categories=frozenset({"plan_goal"})))  # fmt: skip


def ends(case: Casework) -> Casework | Barred:
    return close(case, "deceased")


Act = Callable[[Casework], Any]


@pytest.fixture
def table(world: World) -> World:
    open_offices(world)
    world.at_table("nora", SCHOOL, NURSERY)
    return world


def in_the_same_instant(world: World, first: Act, then: Callable[[], Any]) -> None:
    """`then` begins before the first is committed. The first waits a moment for it, in vain where it comes second."""
    other = threading.Thread(target=then)

    def with_company(case: Casework) -> Any:
        done = first(case)
        other.start()
        other.join(0.5)
        return done

    step(world.hub, CONTROL, LEAD, world.plans["nora"], with_company)
    other.join()


@pytest.mark.parametrize("asked", [gap, asks])
def test_what_is_asked_just_before_ends_with_the_plan(table: World, asked: Act) -> None:
    in_the_same_instant(table, while_open(asked), lambda: step(table.hub, CONTROL, LEAD, table.plans["nora"], ends))

    assert (open_tasks(table, "nora"), table.proposals("nora")) == ([], [])


@pytest.mark.parametrize("asked", [gap, asks])
def test_what_is_asked_just_after_is_answered_that_the_plan_is_closed(table: World, asked: Act) -> None:
    told: list[str] = []

    def late() -> None:
        try:
            step(table.hub, CONTROL, LEAD, table.plans["nora"], while_open(asked))
        except Problem as why:
            told.append(why.code)

    in_the_same_instant(table, ends, late)

    assert told == ["plan_closed"]
    assert (open_tasks(table, "nora"), table.proposals("nora")) == ([], [])


def test_a_message_merged_while_the_plan_is_closed_leaves_nothing_that_nobody_can_answer(table: World) -> None:
    goal = {"id": "g1", "title": "Sits through a lesson", "status": "active"}
    sent = table.send(SCHOOL, support_plan("nora@school-1", goals=[goal]))
    in_the_same_instant(table, ends, lambda: table.hub.updates.run([table.plans["nora"]]))
    table.work()
    (part,) = table.receipt(SCHOOL, sent).parts  # type: ignore[arg-type]  # it was taken in

    assert table.proposals("nora") == []
    assert (part.state, part.code) == ("refused", "plan_closed")
