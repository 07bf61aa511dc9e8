"""A document that says on which version of its view it was written says only what its people changed, however late."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from hub.model.envelope import Parcel, Receipt
from hub.routing.written_on import written_on
from hub.sdk import Posted
from tests.journeys.systems import SYSTEMS, measure, nursery_plan, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]


def school_says(world: World, *titles: str) -> None:
    measures = [measure(f"m{number}", title) for number, title in enumerate(titles)]
    world.tell(SCHOOL, support_plan("nora@school-1", measures=measures))


@pytest.fixture
def first(world: World) -> Any:
    """What the nursery holds in the first version of its view."""
    world.at_table("nora", SCHOOL, NURSERY)
    world.tell(NURSERY, nursery_plan("nora@kindergarten-1", measures=[measure("n", "Playing")]))
    school_says(world, "Reading")
    (document,) = world.take(NURSERY)
    return document


@pytest.fixture
def held(world: World, first: Any) -> Any:
    """The same when it has taken the second version, in which it is another."""
    school_says(world, "Singing", "Skating")
    world.take(NURSERY)
    return first


def late(world: World, document: Any, version: int | None) -> Receipt:
    return world.tell(NURSERY, document, view_version=version)


def test_what_it_still_holds_of_an_older_view_is_no_edit(world: World, held: Any) -> None:
    receipt = late(world, held, 1)

    assert [part.state for part in receipt.parts] == ["unchanged"]
    assert not world.proposals("nora")
    assert world.titles("nora", "measure") == {"Playing", "Singing", "Skating"}


def test_what_it_changed_in_it_is_an_edit_all_the_same(world: World, held: Any) -> None:
    for each in held["measures"]:
        each["title"] = {"Reading": "Reading aloud", "Playing": "Playing outside"}[each["title"]]

    late(world, held, 1)

    assert [dict(each.element)["content"]["title"] for each in world.proposals("nora")] == ["Reading aloud"]
    assert "Playing outside" in world.titles("nora", "measure")


def test_what_it_does_not_hold_yet_is_not_deleted_and_what_it_left_out_is(world: World, held: Any) -> None:
    held["measures"] = [each for each in held["measures"] if each["title"] == "Playing"]

    late(world, held, 1)

    (proposal,) = world.proposals("nora")
    assert dict(proposal.element)["deleted"]
    assert world.plan("nora").elements[str(proposal.element["id"])].content["title"] == "Singing"


def test_without_it_the_hub_can_only_take_what_was_acknowledged_last(world: World, held: Any) -> None:
    late(world, held, None)

    proposals = [dict(each.element) for each in world.proposals("nora")]
    assert sorted(str(each["content"].get("title")) for each in proposals) == ["None", "Reading"]


def test_a_version_it_was_never_sent_is_as_good_as_none(world: World, held: Any) -> None:
    late(world, held, 99)

    assert len(world.proposals("nora")) == 2
    with world.hub.store.begin() as work:
        assert written_on(work, [], {}) == {}


def test_what_its_owner_changes_and_changes_back_is_as_it_was(world: World, first: Any) -> None:
    late(world, retitled(first, {"Playing": "Dancing"}), 1)
    late(world, first, 1)

    assert world.titles("nora", "measure") == {"Reading", "Playing"}


def test_what_waited_here_while_its_system_took_a_newer_view_is_no_edit_of_that(world: World, first: Any) -> None:
    """Nor is what was set aside and put back: it was written before its people had the newer one."""
    school_says(world, "Singing", "Skating")
    sent = world.send(NURSERY, retitled(first, {"Playing": "Playing outside"}))
    world.clock.go_on(seconds=1)
    world.take(NURSERY)

    world.work()

    assert isinstance(sent, Receipt) and not world.proposals("nora")
    assert world.titles("nora", "measure") == {"Playing outside", "Singing", "Skating"}


def retitled(view: Any, titles: dict[str, str]) -> Any:
    return {
        **view,
        "measures": [{**each, "title": titles.get(each["title"], each["title"])} for each in view["measures"]],
    }


@pytest.fixture
def overtaken(world: World, first: Any) -> tuple[Any, Parcel]:
    """What the nursery wrote beside its first view, on its way still; and the second, which knows nothing of that."""
    mine = {**first, "measures": [*first["measures"], measure("n2", "Swimming")]}
    school_says(world, "Reading", "Skating")
    (parcel,) = world.fetch(NURSERY)
    return mine, parcel


@pytest.mark.parametrize("acknowledged", [True, False])
def test_a_view_that_did_not_hold_its_word_yet_takes_nothing_away_from_whoever_took_it(
    world: World, overtaken: tuple[Any, Parcel], acknowledged: bool
) -> None:
    mine, parcel = overtaken
    if acknowledged:
        world.hub.mailbox.acknowledge(NURSERY, {parcel.id: Posted("delivered")})

    late(world, mine, 1)
    late(world, orjson.loads(parcel.body), 2)

    assert "Swimming" in world.titles("nora", "measure")
    assert "Swimming" in str(world.take(NURSERY))


def test_what_it_deletes_before_it_has_taken_that_view_is_deleted(
    world: World, first: Any, overtaken: tuple[Any, Parcel]
) -> None:
    mine, _ = overtaken

    late(world, mine, 1)
    late(world, first, 1)

    assert "Swimming" not in world.titles("nora", "measure")


def test_what_it_has_been_told_anew_and_leaves_out_is_deleted(world: World, overtaken: tuple[Any, Parcel]) -> None:
    mine, parcel = overtaken
    world.hub.mailbox.acknowledge(NURSERY, {parcel.id: Posted("delivered")})
    late(world, mine, 1)
    world.take(NURSERY)

    late(world, orjson.loads(parcel.body), 3)

    assert "Swimming" not in world.titles("nora", "measure")


def test_what_it_changes_late_comes_back_with_its_next_view(world: World, first: Any, overtaken: Any) -> None:
    _, parcel = overtaken
    edited = {
        **first,
        "measures": [{**each, "title": each["title"].replace("Playing", "Climbing")} for each in first["measures"]],
    }

    late(world, edited, 1)
    late(world, orjson.loads(parcel.body), 2)

    assert "Climbing" in world.titles("nora", "measure")
    assert "Climbing" in str(world.take(NURSERY))


def test_what_it_changes_and_changes_back_while_its_whole_view_is_laid_ready_is_as_it_was(
    world: World, first: Any
) -> None:
    world.hub.lay_anew(NURSERY, world.plans["nora"], NURSERY.id)
    edited = {
        **first,
        "measures": [{**each, "title": each["title"].replace("Playing", "Climbing")} for each in first["measures"]],
    }

    world.tell(NURSERY, edited)
    world.tell(NURSERY, first)

    assert "Playing" in world.titles("nora", "measure")
