"""One message through three doors between two sectors."""

from __future__ import annotations

from tests.journeys.systems import SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, RECEIVER = SYSTEMS["school"], SYSTEMS["kindergarten"]


def at_one_table(world: World, *, consent: bool = True) -> str:
    child = world.child("nora")
    world.seat("nora", SCHOOL, "pupil-1")
    world.seat("nora", RECEIVER, "child-1")
    if consent:
        world.consent(child, "nora", "mother", "father")
    return child


def test_what_the_school_says_reaches_the_kindergarten_in_its_own_format(world: World) -> None:
    at_one_table(world)

    receipt = world.tell(SCHOOL, support_plan("pupil-1", measures=[measure("m1", "A quiet start to the day")]))
    (document,) = world.take(RECEIVER)

    assert [part.state for part in receipt.parts] == ["merged"]
    assert "A quiet start to the day" in str(document)
    assert "pupil-1" not in str(document)
    assert world.ledgers() == ({"merged": 1}, {"delivered": 1})


def test_without_consent_nothing_leaves_and_the_denial_is_kept(world: World) -> None:
    at_one_table(world, consent=False)

    world.tell(SCHOOL, support_plan("pupil-1", measures=[measure("m1", "A quiet start to the day")]))

    assert world.take(RECEIVER) == []
    assert world.ledgers() == ({"merged": 1}, {"denied": 1})


def test_a_consent_withdrawn_while_it_waits_stops_it_at_dispatch(world: World) -> None:
    child = at_one_table(world, consent=False)
    mother, _ = world.consent(child, "nora", "mother", "father")
    world.tell(SCHOOL, support_plan("pupil-1", measures=[measure("m1", "A quiet start to the day")]))

    world.withdraw(mother)

    assert world.take(RECEIVER) == []
    assert world.ledgers() == ({"merged": 1}, {"denied": 1})


def test_the_same_message_again_has_no_second_effect(world: World) -> None:
    at_one_table(world)
    document = support_plan("pupil-1", measures=[measure("m1", "A quiet start to the day")])
    first = world.tell(SCHOOL, document, id="once")

    again = world.tell(SCHOOL, document, id="once")

    assert again.id == first.id
    assert world.ledgers() == ({"merged": 1, "duplicate": 1}, {"waiting": 1})


def test_the_same_content_in_a_new_message_changes_nothing(world: World) -> None:
    at_one_table(world)
    document = support_plan("pupil-1", measures=[measure("m1", "A quiet start to the day")])
    world.tell(SCHOOL, document)

    world.tell(SCHOOL, document)

    assert world.ledgers() == ({"merged": 1, "unchanged": 1}, {"waiting": 1})


def test_a_pupil_the_hub_does_not_know_is_refused_and_has_its_line(world: World) -> None:
    at_one_table(world)

    receipt = world.tell(SCHOOL, support_plan("pupil-2", measures=[measure("m1", "Somebody else")]))

    assert [(part.state, part.code) for part in receipt.parts] == [("refused", "no_link")]
    assert world.ledgers() == ({"refused": 1}, {})
