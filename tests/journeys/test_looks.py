"""No look at a plan whose facts have changed is lost: not when a worker dies, nor when it is time that changed them."""

from __future__ import annotations

from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Any

import pytest

from hub.model.responsibility import Responsibility
from hub.routing.refresh import Refresh
from hub.worker import Worker
from tests.conftest import StandingClock
from tests.journeys.systems import EVERYTHING, SYSTEMS, measure, nursery_plan, support_plan
from tests.journeys.world import PATIENCE, World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
NURSERY_LEADS = Responsibility(child_coordinator="kindergarten")
QUIET = measure("m1", "A quiet start to the day")
SECRET = {**measure("m2", "Reading in a small group", topic="special_education"), "text": "With Siri"}
GOAL = {"id": "g1", "title": "Sits through a lesson", "status": "active"}


@pytest.fixture
def chosen() -> dict[str, str]:
    return {"sweep_seconds": "0.05"}


def say(world: World, *measures: dict[str, Any], **more: Any) -> list[str]:
    receipt = world.tell(SCHOOL, support_plan("nora@school-1", measures=list(measures), **more))
    return [part.state for part in receipt.parts]


def from_now_on_all_die(world: World) -> None:
    """Nothing is owed; whoever commits a fact from here on dies before it looks at the plan."""
    world.sweep()
    world.alive = False


def proposed(world: World) -> None:
    """The school has proposed to call the kindergarten's measure something else."""
    world.at_table("nora", SCHOOL, NURSERY, responsibility=NURSERY_LEADS)
    world.tell(NURSERY, nursery_plan("nora@kindergarten-1", measures=[measure("k1", "Play")]))
    (document,) = world.take(SCHOOL)
    world.tell(SCHOOL, {**document, "measures": [{**each, "title": "Play outside"} for each in document["measures"]]})


def test_a_consent_opens_though_whoever_took_it_died_at_once(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    say(world, QUIET)
    from_now_on_all_die(world)

    world.consent(child, "nora", "mother", "father")
    before = world.take(NURSERY)
    world.sweep()

    assert before == []
    assert "A quiet start" in str(world.take(NURSERY))


def test_a_system_linked_by_a_process_that_died_is_told_what_was_said(world: World) -> None:
    world.at_table("nora", SCHOOL)
    say(world, QUIET)
    from_now_on_all_die(world)

    world.seat("nora", NURSERY, "nora@kindergarten-1")
    world.sweep()

    assert "A quiet start" in str(world.take(NURSERY))


def test_a_release_goes_though_whoever_released_it_died_at_once(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"sped"})
    say(world, SECRET)
    from_now_on_all_die(world)

    world.release(*world.holds("nora"))
    world.sweep()

    assert "With Siri" in str(world.take(NURSERY))
    assert world.ledgers()[1] == {"superseded": 1, "delivered": 1}


def test_a_refusal_ends_what_waited_though_whoever_refused_died_at_once(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"sped"})
    say(world, SECRET)
    from_now_on_all_die(world)

    world.refuse(*world.holds("nora"))
    world.sweep()

    assert world.ledgers()[1] == {"denied": 1}


def test_an_accepted_proposal_is_in_the_plan_though_whoever_accepted_it_died_at_once(world: World) -> None:
    proposed(world)
    from_now_on_all_die(world)

    world.answer(*world.proposals("nora"), accepted=True)
    before = world.titles("nora", "measure")
    world.sweep()

    assert before == {"Play"}
    assert world.titles("nora", "measure") == {"Play outside"}
    assert "Play outside" in str(world.take(NURSERY))


def test_a_proposal_that_is_in_the_plan_does_not_come_back_with_a_later_look(world: World) -> None:
    proposed(world)
    world.answer(*world.proposals("nora"), accepted=True)
    world.tell(NURSERY, nursery_plan("nora@kindergarten-1", measures=[measure("k1", "Play in the rain")]))

    world.hub.refresh.plan(world.plans["nora"])

    assert world.titles("nora", "measure") == {"Play in the rain"}


def test_two_proposals_accepted_by_one_who_died_are_both_in_the_plan(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY, responsibility=NURSERY_LEADS)
    say(world, goals=[GOAL, {**GOAL, "id": "g2", "title": "Has a friend"}])
    from_now_on_all_die(world)

    for each in world.proposals("nora"):
        world.answer(each, accepted=True)
    world.sweep()

    assert world.titles("nora", "goal") == {"Sits through a lesson", "Has a friend"}


def test_a_child_that_is_better_protected_is_looked_at_too(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, protection="strictly_confidential")
    say(world, {**QUIET, "text": "in the green house"})
    from_now_on_all_die(world)

    world.facts(child, protection="none")
    world.sweep()

    assert world.holds("nora") == []
    assert "green house" in str(world.take(NURSERY))


def test_a_consent_that_begins_tomorrow_sends_tomorrow(world: World, clock: StandingClock) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    say(world, QUIET)
    world.consent(child, "nora", "mother", "father", valid_from=clock.now() + timedelta(days=1))
    world.sweep()
    today = world.take(NURSERY)

    clock.go_on(days=1)
    world.sweep()

    assert today == []
    assert "A quiet start" in str(world.take(NURSERY))


def test_a_child_decides_about_its_schooling_from_the_day_it_is_fifteen(world: World, clock: StandingClock) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False, age=14, understands=True)
    world.consent(child, "nora", "child")
    say(world, QUIET)
    today = world.take(NURSERY)

    clock.go_on(days=140)
    world.sweep()

    assert today == []
    assert "A quiet start" in str(world.take(NURSERY))


class Broken:
    """A registry that fails in a way nobody foresaw."""

    def adapter(self, name: str) -> Any:
        raise ZeroDivisionError

    def lens(self, adapter: str, kind: str) -> Any:
        raise ZeroDivisionError


def test_a_look_that_fails_is_owed_still_and_stops_no_other(world: World, clock: StandingClock) -> None:
    hub = world.hub
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    say(world, QUIET)
    from_now_on_all_die(world)
    world.consent(child, "nora", "mother", "father")

    failed = Refresh(hub.store, clock, Broken(), hub.watch).catch_up(world.broker, timedelta())
    clock.go_on(minutes=1)
    world.sweep()

    assert failed == 1
    assert "A quiet start" in str(world.take(NURSERY))


def test_what_a_consent_opens_only_in_part_waits_for_a_human_once(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    say(world, SECRET)
    before = world.holds("nora")

    world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"sped"})
    world.hub.refresh.plan(world.plans["nora"])
    (hold,) = world.holds("nora")
    rows = world.ledgers()[1]
    world.release(hold)

    assert (before, hold.receiver) == ([], NURSERY.id)
    assert rows == {"denied": 1, "held": 1}


def test_a_worker_of_the_role_sweep_takes_the_looks_that_are_owed(world: World, clock: StandingClock) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    say(world, QUIET)
    from_now_on_all_die(world)
    world.consent(child, "nora", "mother", "father")
    clock.go_on(minutes=1)
    worker, until, pause = Worker(world.hub, ["sweep"]), monotonic() + PATIENCE, Event()

    worker.start()
    while world.ledgers()[1].get("waiting", 0) == 0 and monotonic() < until:
        pause.wait(0.05)
    worker.stop()

    assert "A quiet start" in str(world.take(NURSERY))


def test_a_look_that_was_taken_is_owed_to_nobody(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    say(world, QUIET)
    world.consent(child, "nora", "mother", "father")

    looked = world.hub.refresh.catch_up(world.broker, timedelta())

    assert looked == 0


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
@pytest.mark.parametrize("named", ["start", "due"])
def test_a_measure_without_an_end_as_systems_write_it_is_part_of_the_plan_as_any_other(
    world: World, day: str, named: str
) -> None:
    """The calendar's last day stands for none in many systems."""
    world.at_table("nora", SCHOOL, NURSERY)

    assert say(world, {**QUIET, named: day}) == ["merged"]
    world.sweep()
    assert "A quiet start" in str(world.take(NURSERY))
    assert world.aside() == []
