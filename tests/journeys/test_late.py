"""A report that does not come through: its sender reads so and telephones, an operator sees it until that is done."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from hub.errors import TryAgainError
from hub.model.envelope import Receipt
from hub.ops.backlog import backlog
from hub.ops.late import is_late
from hub.ops.set_aside import discard, replay
from hub.sdk import Posted
from hub.sdk.directed import INFO, REPORT
from tests.conftest import StandingClock
from tests.journeys.systems import HOME, SYSTEMS
from tests.journeys.test_directed import DUTY, EDUCATION, NUMBER, info, report
from tests.journeys.test_urgent import decide_all, reported, told, with_an_api
from tests.journeys.town import Town
from tests.journeys.world import World

NURSERY, WELFARE, SCHOOL = SYSTEMS["kindergarten"], SYSTEMS["child_welfare"], SYSTEMS["school"]
AN_HOUR = {"minutes": 61}


def late(world: World, receipt: Receipt) -> bool:
    """Whether the sender's receipt says so."""
    with world.hub.store.begin() as work:
        return is_late(work, HOME, receipt.id, world.hub.clock.now() - world.hub.patience)


def alarms(world: World) -> int:
    """What an operator sees."""
    with world.hub.store.begin() as work:
        return backlog(work, HOME, world.hub.clock.now(), world.hub.patience).late


def test_a_report_nobody_has_fetched_in_time_is_told_its_sender_and_the_operator(
    world: World, clock: StandingClock
) -> None:
    world.at_table("nora", NURSERY, WELFARE, number=NUMBER)
    receipt = reported(world)
    world.fetch(WELFARE)
    before = (late(world, receipt), alarms(world))

    clock.go_on(**AN_HOUR)
    after = (late(world, receipt), alarms(world))
    metrics = world.hub.metrics_text()
    world.take(WELFARE)

    assert (before, after) == ((False, 0), (True, 1))
    assert "\nlangbenk_urgent_late 1.0\n" in metrics
    assert not [word for word in (NUMBER, "nora", "Nora") if word in metrics]
    assert (late(world, receipt), alarms(world)) == (False, 0)


def test_other_messages_that_wait_are_no_alarm(world: World, clock: StandingClock) -> None:
    world.at_table("nora", NURSERY, SCHOOL)
    receipt = world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="school")

    clock.go_on(**AN_HOUR)

    assert (late(world, receipt), alarms(world)) == (False, 0)


def test_a_report_that_no_worker_has_taken_is_late_too(world: World, clock: StandingClock) -> None:
    receipt = told(world, report(), REPORT.name, claims=DUTY)

    clock.go_on(**AN_HOUR)

    assert (late(world, receipt), alarms(world)) == (True, 1)


@pytest.mark.parametrize("again", [True, False])
def test_a_report_its_receiver_refuses_is_an_alarm_at_once_until_somebody_has_dealt_with_it(
    world: World, again: bool
) -> None:
    receipt = reported(world)
    (parcel,) = world.fetch(WELFARE)
    world.hub.mailbox.acknowledge(WELFARE, {parcel.id: Posted("rejected", "unknown_child")})
    refused = (late(world, receipt), alarms(world))
    (row,) = world.aside()

    with world.hub.store.begin() as work:
        if again:
            replay(work, world.desk, row.id)
        else:
            discard(work, world.desk, row.id, "operator-1", "the sender has telephoned")
    world.take(WELFARE)

    assert (refused, row.code) == ((True, 1), "not_received")
    assert alarms(world) == 0
    assert late(world, receipt) is not again


def test_a_report_nobody_fetches_for_a_week_is_not_forgotten(world: World, clock: StandingClock) -> None:
    receipt = reported(world)

    clock.go_on(days=8)
    world.hub.sweep.expire()

    assert (late(world, receipt), alarms(world)) == (True, 1)
    assert [(row.subject, row.code) for row in world.aside()] == [("delivery", "not_received")]


def test_a_report_to_a_municipality_without_a_child_welfare_system_is_an_alarm_at_once(world: World) -> None:
    world.register(replace(WELFARE, municipality="8888"))
    receipt = reported(world)

    assert [row.code for row in world.aside()] == ["no_receiver"]
    assert (late(world, receipt), alarms(world)) == (True, 1)


def test_a_report_without_a_ground_was_refused_and_is_no_alarm(world: World, clock: StandingClock) -> None:
    receipt = reported(world, claims={"person": "head-1", "duty": {"ground": "x"}})

    clock.go_on(**AN_HOUR)

    assert (late(world, receipt), alarms(world)) == (False, 0)


def test_a_sender_reads_over_http_that_it_must_telephone(town: Town, clock: StandingClock) -> None:
    head = {"Langbenk-Claims": orjson.dumps(DUTY).decode()}
    answer = town.post(NURSERY, orjson.dumps(report()), REPORT.name, headers=head)
    town.settled(NURSERY, answer)
    place = answer.headers["Location"]
    before = town.call(NURSERY, "GET", place).json()["late"]

    clock.go_on(**AN_HOUR)
    after = town.call(NURSERY, "GET", place).json()["late"]
    town.empty_mailbox(WELFARE)

    assert (before, after) == (False, True)
    assert town.call(NURSERY, "GET", place).json()["late"] is False
    assert town.call(WELFARE, "GET", place).status_code == 404


def test_a_report_is_tried_again_each_minute_and_never_given_up_for_an_absence(
    world: World, clock: StandingClock
) -> None:
    made, turn = with_an_api(world)
    made.answer = TryAgainError("away")
    receipt = told(world, report(), REPORT.name, claims=DUTY)
    decide_all(world)
    for _ in range(20):
        turn()
        clock.go_on(seconds=70)
        world.hub.sweep.turn(world.broker)
    in_time = alarms(world)
    clock.go_on(minutes=45)
    afterwards, told_so = alarms(world), late(world, receipt)

    made.answer = Posted("delivered")
    world.hub.sweep.turn(world.broker)
    turn()

    assert len(made.handed) >= 20
    assert (in_time, afterwards, told_so) == (0, 1, True)
    assert (alarms(world), late(world, receipt)) == (0, False)
    assert len({each.id for each in made.handed}) == 1
