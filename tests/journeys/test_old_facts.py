"""What registers said too long ago: everything waits, nothing is lost, and a fresh answer sends it."""

from __future__ import annotations

from typing import Any

import pytest

from hub.errors import UnusableError
from hub.sdk.directed import INFO
from tests.conftest import StandingClock
from tests.journeys.systems import SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
LETTER = {
    "subject": {"kind": "own", "key": "nora@school-1"},
    "free_text": False,
    "parts": [{"categories": ["education"], "facts": {"starts": "2026-08-17"}}],
}


@pytest.fixture
def chosen() -> dict[str, str]:
    return {"register_hours": "24"}


def say(world: World, title: str = "A quiet start") -> None:
    world.tell(SCHOOL, support_plan("nora@school-1", measures=[measure("m1", title)]))


def told(world: World) -> list[str]:
    return [str(each["title"]) for document in world.take(NURSERY) for each in document.get("measures", ())]


def confirm(world: World, child: str, **changed: Any) -> None:
    """The register has answered now."""
    world.facts(child, as_of=world.hub.clock.now(), **changed)
    world.work()


def test_what_waits_when_the_facts_grow_old_waits_on_and_goes_when_they_are_fresh(
    world: World, clock: StandingClock
) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY)
    say(world)
    clock.go_on(hours=24)
    stale = told(world)
    waiting = [hold.rules for hold in world.holds("nora")]

    confirm(world, child)

    assert (stale, waiting) == ([], [("STALE",)])
    assert told(world) == ["A quiet start"]
    assert world.holds("nora") == []
    assert [row.state for row in world.deliveries("nora", NURSERY) if row.state in ("held", "waiting")] == []


def test_what_is_said_while_the_facts_are_old_goes_when_they_are_fresh(world: World, clock: StandingClock) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY)
    clock.go_on(hours=24)
    say(world)
    stale = told(world)

    confirm(world, child)

    assert stale == []
    assert told(world) == ["A quiet start"]


def test_a_fresh_answer_that_shuts_ends_the_wait_and_sends_nothing(world: World, clock: StandingClock) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY)
    say(world)
    clock.go_on(hours=24)
    told(world)

    confirm(world, child, authority_block=True)

    assert told(world) == []
    assert world.holds("nora") == []


def test_a_clock_that_goes_backwards_opens_nothing(world: World, clock: StandingClock) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    say(world)

    clock.go_on(days=-400)

    assert told(world) == []


def test_a_person_cannot_release_what_waits_for_a_register(world: World, clock: StandingClock) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    say(world)
    clock.go_on(hours=24)
    told(world)

    with pytest.raises(UnusableError, match="register"):
        world.release(*world.holds("nora"))

    assert told(world) == []


def test_a_directed_message_waits_for_the_register_and_goes_when_it_has_answered(
    world: World, clock: StandingClock
) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY)
    clock.go_on(hours=24)
    world.tell(SCHOOL, LETTER, INFO.name, receiver="kindergarten")
    stale = world.take(NURSERY)

    confirm(world, child)
    (document,) = world.take(NURSERY)

    assert stale == []
    assert document["parts"] == LETTER["parts"]
