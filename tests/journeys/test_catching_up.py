"""A system that was away comes back whole: what has changed in its view, its whole view anew, and what expired."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from hub.errors import UnusableError
from hub.ops.milestones import moves
from hub.routing.view_reading import Changes
from hub.sdk import Posted
from tests.conftest import StandingClock
from tests.journeys.offices import UNIT, act, open_offices
from tests.journeys.post import Line
from tests.journeys.systems import EVERYTHING, SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY, WELFARE = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["child_welfare"]


@pytest.fixture
def child(world: World) -> str:
    return world.at_table("nora", SCHOOL, NURSERY)


def say(world: World, *titles: str, **more: Any) -> None:
    measures = [measure(f"m{number}", title, **more) for number, title in enumerate(titles)]
    world.tell(SCHOOL, support_plan("nora@school-1", measures=measures))


def since(world: World, version: int) -> Changes:
    return world.hub.own_view.changes(NURSERY, world.plans["nora"], version)


def told(found: Changes) -> list[tuple[str, str | None]]:
    return [(each.what, str(each.content["title"]) if each.content else None) for each in found.elements]


def a_month(world: World, clock: StandingClock) -> None:
    """Nobody empties the mailbox; the sweeping worker does all it does."""
    for _ in range(5):
        clock.go_on(days=8)
        world.hub.sweep.expire()
        world.sweep()


def test_a_system_that_emptied_no_mailbox_for_a_month_finds_it_whole(
    world: World, clock: StandingClock, child: str
) -> None:
    say(world, "Reading")
    world.take(NURSERY)
    say(world, "Reading", "Swimming")
    a_month(world, clock)

    (document,) = world.take(NURSERY)

    assert [each["title"] for each in document["measures"]] == ["Reading", "Swimming"]
    assert world.ledgers()[1]["expired"] >= 4


def test_what_was_fetched_and_never_acknowledged_is_not_taken_for_known(
    world: World, clock: StandingClock, child: str
) -> None:
    say(world, "Reading")
    world.fetch(NURSERY)
    a_month(world, clock)

    assert [each["title"] for document in world.take(NURSERY) for each in document["measures"]] == ["Reading"]


def test_what_a_view_asked_for_anew_holds_no_longer_is_not_deleted_by_its_absence(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    mother, _ = world.consent(child, "nora", "mother", "father")
    say(world, "Reading")
    (held,) = world.take(NURSERY)
    world.hub.lay_anew(NURSERY, world.plans["nora"], "vendor")
    world.withdraw(mother)
    world.hub.facts_changed(child)
    world.fetch(NURSERY)

    world.tell(NURSERY, held)
    world.tell(NURSERY, {**held, "measures": []})

    assert world.titles("nora", "measure") == {"Reading"} and not world.proposals("nora")


def test_what_was_given_up_is_not_taken_for_known(world: World, child: str) -> None:
    say(world, "Reading")
    (given_up,) = world.fetch(NURSERY)
    world.hub.dispatch.put_off([given_up.id], "receiver_away", None, 0)

    world.hub.facts_changed(child)

    assert [each["title"] for document in world.take(NURSERY) for each in document["measures"]] == ["Reading"]


@pytest.mark.services
def test_a_system_on_amqp_that_was_away_for_a_month_is_sent_it_again(line: Line, clock: StandingClock) -> None:
    line.said()
    a_month(line.world, clock)

    letter = line.nursery.get()

    assert letter.document["measures"][0]["title"] == "A quiet start to the day"
    states = sorted(row.state for row in line.world.deliveries("nora", NURSERY))
    assert (states[0], states[-1]) == ("expired", "sending")


def test_what_has_changed_since_a_version_is_told_element_by_element(world: World, child: str) -> None:
    say(world, "Reading", "Swimming", "Singing")
    world.take(NURSERY)
    say(world, "Reading aloud", "Swimming", "Singing", "Skiing")

    found = since(world, 1)

    assert told(found) == [("changed", "Reading aloud"), ("added", "Skiing")]
    assert (found.since, found.version, found.elements[0].was) == (1, 2, {"title": "Reading", "status": "active"})


def test_asking_is_a_dispatch_that_the_next_question_acknowledges(world: World, child: str) -> None:
    say(world, "Reading")
    first = since(world, 0)
    before = [row.state for row in world.deliveries("nora", NURSERY)]

    second = since(world, first.version)

    assert (first.version, told(first), before) == (1, [("added", "Reading")], ["sending"])
    assert (second.version, second.elements) == (1, [])
    assert [row.state for row in world.deliveries("nora", NURSERY)] == ["delivered"]
    assert world.take(NURSERY) == []
    assert world.decisions("nora", "dispatch") == ["forward", "forward"]


def test_what_was_not_heard_can_be_asked_for_again_under_the_same_version(world: World, child: str) -> None:
    say(world, "Reading")

    assert [(each.version, told(each)) for each in (since(world, 0), since(world, 0))] == [
        (1, [("added", "Reading")]),
        (1, [("added", "Reading")]),
    ]
    assert len(world.deliveries("nora", NURSERY)) == 1


def test_what_nobody_agreed_to_is_not_told_and_what_was_withdrawn_is_gone(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    ids = world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"sped"})
    say(world, "Reading")
    world.tell(SCHOOL, support_plan("nora@school-1", measures=[
        measure("m0", "Reading"), measure("m9", "Own teacher", topic="special_education"),
    ]))  # fmt: skip
    first = since(world, 0)

    world.withdraw(*ids)

    assert told(first) == [("added", "Reading")]
    assert told(since(world, first.version)) == [("gone", None)]


@pytest.mark.parametrize(("version", "code"), [(7, "ahead"), (1, "too_old")])
def test_a_version_of_which_nothing_is_known_is_answered_with_the_way_out(
    world: World, clock: StandingClock, child: str, version: int, code: str
) -> None:
    for titles in (["Reading"], ["Reading", "Swimming"]):
        say(world, *titles)
        world.take(NURSERY)
    clock.go_on(days=100)
    world.hub.sweep.tidy()

    with pytest.raises(UnusableError) as refused:
        since(world, version)

    assert refused.value.code == code
    assert refused.value.way_out
    assert since(world, 2).elements == []


def test_a_system_at_no_such_table_is_told_of_no_plan(world: World, child: str) -> None:
    with pytest.raises(UnusableError) as refused:
        world.hub.own_view.changes(WELFARE, world.plans["nora"], 0)

    assert refused.value.code == "not_found"


def test_a_resync_is_one_new_delivery_of_all_of_it_in_place_of_what_waits(world: World, child: str) -> None:
    say(world, "Reading")
    world.take(NURSERY)
    say(world, "Reading", "Swimming")

    laid = world.hub.lay_anew(NURSERY, world.plans["nora"], NURSERY.id)
    parcels = world.fetch(NURSERY)

    assert [each.id for each in parcels] == [laid.delivery]
    assert [each["title"] for each in orjson.loads(parcels[0].body)["measures"]] == ["Reading", "Swimming"]
    assert sorted(row.state for row in world.deliveries("nora", NURSERY)) == ["delivered", "sending", "superseded"]


def test_a_resync_of_what_is_unchanged_is_whole_all_the_same(world: World, child: str) -> None:
    say(world, "Reading")
    world.take(NURSERY)

    world.hub.lay_anew(NURSERY, world.plans["nora"], NURSERY.id)

    assert [each["title"] for document in world.take(NURSERY) for each in document["measures"]] == ["Reading"]


def test_a_resync_in_the_middle_of_a_delivery_loses_nothing(world: World, child: str) -> None:
    say(world, "Reading")
    (taken,) = world.fetch(NURSERY)
    world.hub.lay_anew(NURSERY, world.plans["nora"], NURSERY.id)

    late = world.hub.mailbox.acknowledge(NURSERY, {taken.id: Posted("delivered")})

    assert list(late) == [taken.id]
    assert len(world.take(NURSERY)) == 1
    assert sorted(row.state for row in world.deliveries("nora", NURSERY)) == ["delivered", "superseded"]


def test_nothing_that_is_withheld_shows_in_what_has_changed(world: World, child: str) -> None:
    """However the withheld element changes, the answer is the same."""
    world.child("ole")
    for each in (SCHOOL, NURSERY):
        world.seat("ole", each, f"ole@{each.id}")
    world.tell(SCHOOL, support_plan("ole@school-1", measures=[measure("m1", "Reading")]))

    answers = []
    for title in ("Swimming", "Singing"):
        world.tell(SCHOOL, support_plan("ole@school-1", measures=[measure("m1", title)]))
        answers.append(world.hub.own_view.changes(NURSERY, world.plans["ole"], 0))

    assert [(each.version, each.elements) for each in answers] == [(0, []), (0, [])]


def test_a_move_in_the_middle_of_a_delivery_sends_nothing_more_and_loses_nothing(world: World, child: str) -> None:
    open_offices(world)
    say(world, "Reading")
    (taken,) = world.fetch(NURSERY)

    act(world, "nora", UNIT, lambda case: moves(case, "0002"))
    again = world.fetch(NURSERY)
    late = list(world.hub.mailbox.acknowledge(NURSERY, {taken.id: Posted("delivered")}))
    world.facts(child, residence=None)  # the register had it wrong
    world.sweep()

    assert (again, late) == ([], [taken.id])
    assert [each["title"] for document in world.take(NURSERY) for each in document["measures"]] == ["Reading"]
