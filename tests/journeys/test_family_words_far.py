"""The family's own words in every format there is, and where they wait for people."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from hub.model.service import System
from hub.ops.casework import Casework, take_up
from hub.ops.family_said import Said, Words
from hub.ops.hands import hand_of
from hub.ops.own_words import say
from tests.journeys.family import child_of, says
from tests.journeys.nora import SCHOOL
from tests.journeys.offices import open_offices
from tests.journeys.systems import SYSTEMS
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.town import Town
from tests.journeys.world import World

GOAL = "To swim to the raft"


def table(town: Town, *seated: System, **told: Any) -> None:
    open_offices(town.world)
    town.world.register(CONTROL)
    town.world.at_table("nora", **told)
    for each in seated:
        town.world.seat("nora", each, "pat-nora")


@pytest.mark.parametrize("receiver", ["child_welfare", "nav", "health", "school", "kindergarten"])
def test_a_goal_reaches_each_sector_in_its_own_format_and_a_copy_that_comes_back_changes_nothing(
    town: Town, receiver: str
) -> None:
    system = SYSTEMS[receiver]
    table(town, system)
    says(town, child_of(town), "goal", title=GOAL)
    (document,) = town.world.take(system)
    version = town.world.plan("nora").version
    reads = {kind.name for kind in town.world.hub.registry.adapter(system.adapter).manifest.reads}

    assert GOAL in str(document)
    if system.document in reads:
        (part,) = town.settled(system, town.post(system, orjson.dumps(document)))
        assert (part["state"], town.world.plan("nora").version) == ("unchanged", version), part


def test_a_health_record_that_drops_it_is_refused_as_any_other(town: Town) -> None:
    system = SYSTEMS["health"]
    table(town, system)
    says(town, child_of(town), "goal", title=GOAL)
    (document,) = town.world.take(system)
    edited = orjson.loads(orjson.dumps(document).replace(GOAL.encode(), b"To float"))

    (part,) = town.settled(system, town.post(system, orjson.dumps(edited)))
    (right,) = town.world.take(system)

    assert (part["state"], part["code"]) == ("refused", "family_words")
    assert GOAL in str(right)


def test_of_a_hidden_child_free_words_wait_for_those_who_may_release_a_place(town: Town) -> None:
    table(town, SCHOOL, protection="strictly_confidential")
    says(town, child_of(town), "voice", words="I like the harbour.", categories=["plan_goal"])
    (hold,) = town.world.holds("nora")
    before = town.world.take(SCHOOL)
    shown = town.call(CONTROL, "GET", f"/v1/holds/{hold.id}", headers={"Langbenk-Person": "coordinator-1"})
    asked = town.call(
        CONTROL, "POST", f"/v1/holds/{hold.id}/question", json={"person": "coordinator-1", "question": "Which one?"}
    )
    town.world.release(hold)
    (after,) = town.world.take(SCHOOL)

    assert (before, hold.sender) == ([], "family")
    assert (shown.status_code, asked.status_code) == (200, 409), (shown.text, asked.text)
    assert "harbour" not in shown.text
    assert [each["words"] for each in after["childVoice"]] == ["I like the harbour."]


def test_what_whoever_wrote_it_down_did_not_live_to_tell_is_told_by_the_sweep(world: World) -> None:
    open_offices(world)
    child = world.at_table("nora", SCHOOL)
    said = Said(child, "oral", world.clock.now(), "journal-1")
    with world.hub.store.begin() as work:
        case = take_up(work, world.desk, hand_of(work, world.desk, "nurse-1"), world.plans["nora"])
        assert isinstance(case, Casework)
        say(case, said, Words("goal", frozenset({"plan_goal"}), GOAL))
    before = world.take(SCHOOL)
    world.sweep()
    (after,) = world.take(SCHOOL)

    assert before == []
    assert [each["title"] for each in after["goals"]] == [GOAL]
