"""What was told of a part is told anew when that changes; who has left the AMQP door is told nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
import pytest

from hub.model.responsibility import Responsibility
from tests.journeys.offices import open_offices
from tests.journeys.post import Line
from tests.journeys.systems import HOME
from tests.journeys.test_proposer_told_amqp import registered
from tests.journeys.told_by_letter import (
    KIND,
    NUMBER,
    NURSERY,
    PLAN,
    PLAY,
    all_comes_again,
    broken,
    closed,
    edits_the_familys,
    hears,
    more,
    receipt,
    replays,
    rows,
    sends,
    told,
)

pytestmark = pytest.mark.services


@pytest.fixture(autouse=True)
def offices(line: Line) -> None:
    """The people of its services are there."""
    open_offices(line.world)


def test_what_was_set_aside_and_is_taken_in_later_is_told_once_more(line: Line) -> None:
    with broken(line):
        id = sends(line)
        first = hears(line)
        replays(line)
        assert (more(line), len(rows(line.world))) == (0, 1)
    replays(line)

    second = hears(line)

    assert (first.document["state"], first.document["code"]) == ("set_aside", "adapter_broken")
    assert second.document == receipt(line, id)
    assert second.document["state"] == "merged"
    assert "code" not in second.document
    all_comes_again(line)
    assert (more(line), len(rows(line.world))) == (0, 2)


def test_what_has_changed_before_its_letter_left_is_told_as_it_is(line: Line) -> None:
    with broken(line):
        line.nursery.send(KIND, orjson.dumps(PLAN), **NUMBER)
        while not line.front.turn(10, 0.1):
            pass
        line.world.hub.updates.run([line.world.plans["nora"]])  # and dies before it wakes anybody
    line.nursery.get()
    replays(line)

    letter = hears(line)

    assert (letter.document["state"], more(line)) == ("merged", 0)
    assert [row.state for row in rows(line.world)] == ["superseded", "sending"]


def test_what_waits_for_who_coordinates_and_then_enters_is_told_again(line: Line) -> None:
    document = edits_the_familys(line)
    line.world.facts(line.world.plan("nora").child, responsibility=Responsibility())
    id = sends(line, {**document, "goals": [*document["goals"], {"id": "g9", "title": PLAY, "status": "active"}]})
    held, _ = told(hears(line))
    line.world.facts(line.world.plan("nora").child, responsibility=Responsibility(child_coordinator="kindergarten"))
    line.world.work()

    now, _ = told(hears(line))

    assert (held["state"], held["code"]) == ("held", "family_words")
    assert now == receipt(line, id)
    assert (now["state"], now["code"], more(line)) == ("merged", "family_words", 0)


@pytest.mark.parametrize("gone", [{"delivery": "mailbox"}, {"account": None}])
def test_a_system_that_has_left_the_door_before_it_is_told_nothing(line: Line, gone: Mapping[str, Any]) -> None:
    closed(line)
    line.nursery.send(KIND, orjson.dumps(PLAN), **NUMBER)
    while not line.front.turn(10, 0.1):
        pass
    line.world.hub.updates.run([line.world.plans["nora"]])
    line.nursery.get()
    line.world.register(replace(registered(line.world, NURSERY.id), **gone))
    line.world.clock.go_on(minutes=10)
    line.world.hub.sweep.turn(line.world.broker)
    line.world.work()
    line.world.fetch(NURSERY)

    (row,) = rows(line.world)
    with line.world.hub.store.begin() as work:
        (decision,) = work.decisions.of(HOME, row.id)
    assert (row.state, row.code, decision.outcome) == ("denied", "no_account", "deny")
    assert line.nursery.waits() == 0
