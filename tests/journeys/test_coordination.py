"""Who may change what: own measures flow, structure is the coordinator's, anyone else's edit is a proposal."""

from __future__ import annotations

from typing import Any

import pytest

from hub.model.official import Official
from hub.model.responsibility import Responsibility
from hub.ops.officials import Barred
from tests.journeys.systems import HOME, SYSTEMS, measure, nursery_plan, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
QUIET = measure("m1", "A quiet start to the day")
NURSERY_LEADS = Responsibility(child_coordinator="kindergarten")


def say(world: World, *measures: dict[str, Any], **more: Any) -> list[str]:
    receipt = world.tell(SCHOOL, support_plan("nora@school-1", measures=list(measures), **more))
    return [part.state for part in receipt.parts]


def nursery_says(*measures: dict[str, Any]) -> dict[str, Any]:
    goals = [{"id": "g1", "title": "Has a friend", "status": "active"}]
    return nursery_plan("nora@kindergarten-1", measures=list(measures), goals=goals)


def shared(world: World) -> dict[str, Any]:
    """The kindergarten leads, has told of a goal and a measure of its own, and the school has them."""
    world.at_table("nora", SCHOOL, NURSERY, responsibility=NURSERY_LEADS)
    world.tell(NURSERY, nursery_says(measure("k1", "Play with the big ones")))
    (document,) = world.take(SCHOOL)
    found: dict[str, Any] = document
    return found


def edited(document: dict[str, Any], title: str) -> dict[str, Any]:
    """The school's own copy, in which somebody has written on the kindergarten's measure."""
    return {**document, "measures": [{**each, "title": title} for each in document["measures"]]}


def test_anothers_measure_becomes_a_proposal_and_the_plan_stays(world: World) -> None:
    document = shared(world)

    receipt = world.tell(SCHOOL, edited(document, "Play in the afternoon"))

    assert [part.state for part in receipt.parts] == ["proposed"]
    assert [each.system for each in world.proposals("nora")] == [SCHOOL.id]
    assert world.titles("nora", "measure") == {"Play with the big ones"}


def test_the_same_edit_sent_again_makes_no_second_proposal(world: World) -> None:
    document = edited(shared(world), "Play in the afternoon")
    world.tell(SCHOOL, document)

    world.tell(SCHOOL, document)

    assert len(world.proposals("nora")) == 1


def test_an_accepted_proposal_is_the_plan_and_everybody_has_it(world: World) -> None:
    document = shared(world)
    world.tell(SCHOOL, edited(document, "Play in the afternoon"))

    world.answer(*world.proposals("nora"), accepted=True)

    assert world.titles("nora", "measure") == {"Play in the afternoon"}
    assert "Play in the afternoon" in str(world.take(NURSERY))


def test_a_declined_proposal_is_undone_in_the_proposers_next_view(world: World) -> None:
    document = shared(world)
    world.tell(SCHOOL, edited(document, "Play in the afternoon"))

    world.answer(*world.proposals("nora"), accepted=False)
    world.tell(NURSERY, nursery_says(measure("k1", "Play with the big ones", extent="2 hours")))
    (document,) = world.take(SCHOOL)

    assert [each["title"] for each in document["measures"]] == ["Play with the big ones"]
    assert world.take(NURSERY) == []


def test_the_coordinator_changes_a_goal_directly(world: World) -> None:
    shared(world)

    assert world.titles("nora", "goal") == {"Has a friend"}


def test_another_services_goal_waits_for_the_coordinator(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY, responsibility=NURSERY_LEADS)

    states = say(world, goals=[{"id": "g1", "title": "Sits through a lesson", "status": "active"}])

    assert states == ["proposed"]
    assert world.take(NURSERY) == []


def test_without_a_coordinator_structure_waits_while_own_measures_flow(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY, responsibility=Responsibility())

    states = say(world, QUIET, goals=[{"id": "g1", "title": "Sits through a lesson", "status": "active"}])
    (document,) = world.take(NURSERY)

    assert states == ["merged"]
    assert "A quiet start" in str(document)
    assert "lesson" not in str(document)
    assert [(hold.receiver, hold.rules) for hold in world.holds("nora")] == [("", ("COO-04",))]


def test_where_it_is_disputed_a_structural_change_alone_waits_as_held(world: World) -> None:
    disputed = Responsibility(coordinator="school", disputed=True)
    world.at_table("nora", SCHOOL, NURSERY, responsibility=disputed)

    states = say(world, goals=[{"id": "g1", "title": "Sits through a lesson", "status": "active"}])

    assert states == ["held"]
    assert world.ledgers() == ({"held": 1}, {})


def without_a_leader(world: World) -> str:
    """The school wants a goal while nobody coordinates, so both a hold and a proposal wait."""
    child = world.at_table("nora", SCHOOL, NURSERY, responsibility=Responsibility())
    say(world, goals=[{"id": "g1", "title": "Sits through a lesson", "status": "active"}])
    return child


def test_a_held_change_is_declined_with_its_hold(world: World) -> None:
    without_a_leader(world)

    world.refuse(*world.holds("nora"))

    assert world.ledgers()[0] == {"proposed": 1}
    assert (world.proposals("nora"), world.titles("nora", "goal")) == ([], set())


def test_a_held_change_is_in_the_plan_once_its_hold_is_released(world: World) -> None:
    without_a_leader(world)

    world.release(*world.holds("nora"))

    assert world.ledgers()[0] == {"merged": 1}
    assert (world.proposals("nora"), world.titles("nora", "goal")) == ([], {"Sits through a lesson"})
    assert "lesson" in str(world.take(NURSERY))


@pytest.mark.parametrize("accepted, ends", [(True, "merged"), (False, "proposed")])
def test_whoever_decides_the_proposal_has_answered_the_hold(world: World, accepted: bool, ends: str) -> None:
    without_a_leader(world)

    world.answer(*world.proposals("nora"), accepted=accepted)

    assert world.holds("nora") == []
    assert world.ledgers()[0] == {ends: 1}


def barred(world: World, person: str) -> str | None:
    (proposal,) = world.proposals("nora")
    answer = world.answer(proposal, accepted=True, by=person)
    if not isinstance(answer, Barred):
        return None
    with world.hub.store.begin() as work:
        last = work.audit.of(HOME, proposal.id)[-1]
    assert (last.action, last.detail) == ("proposal.barred", {"person": person, "code": answer.code})
    assert [each.state for each in world.proposals("nora")] == ["open"]
    return answer.code


@pytest.mark.parametrize(
    "person, code",
    [("nobody-1", "not_authorised"), ("helper-1", "not_authorised"), ("teacher-1", "not_authorised"),
     ("rector-1", "own_message"), ("nursery-1", None), ("coordinator-1", None)],
)  # fmt: skip
def test_a_proposal_is_decided_by_people_of_whoever_coordinates(world: World, person: str, code: str | None) -> None:
    world.authorise(
        Official("helper-1", HOME, frozenset({"health_personnel"})),
        Official("teacher-1", HOME, frozenset({"coordinator"}), "school"),
        Official("rector-1", HOME, frozenset({"decision_authority"}), "school"),
        Official("nursery-1", HOME, frozenset({"coordinator"}), "kindergarten"),
    )
    world.tell(SCHOOL, edited(shared(world), "Play in the afternoon"))

    assert barred(world, person) == code


@pytest.mark.parametrize("person, code", [("coordinator-1", "not_authorised"), ("authority-1", None)])
def test_where_nobody_coordinates_the_municipality_decides(world: World, person: str, code: str | None) -> None:
    without_a_leader(world)

    assert barred(world, person) == code


def test_a_change_of_whoever_comes_to_coordinate_is_in_the_plan(world: World) -> None:
    child = without_a_leader(world)

    world.facts(child, responsibility=Responsibility(coordinator="school"))

    assert (world.holds("nora"), world.proposals("nora")) == ([], [])
    assert world.titles("nora", "goal") == {"Sits through a lesson"}
    assert world.ledgers()[0] == {"merged": 1}


def test_a_change_of_another_goes_on_as_a_proposal_to_whoever_comes_to_coordinate(world: World) -> None:
    child = without_a_leader(world)

    world.facts(child, responsibility=Responsibility(coordinator="kindergarten"))

    assert (world.holds("nora"), len(world.proposals("nora"))) == ([], 1)
    assert world.ledgers()[0] == {"proposed": 1}


def test_a_dispute_that_goes_on_decides_nothing(world: World) -> None:
    child = without_a_leader(world)

    world.facts(child, responsibility=Responsibility(coordinator="school", disputed=True))

    assert (len(world.holds("nora")), len(world.proposals("nora"))) == (1, 1)
    assert world.ledgers()[0] == {"held": 1}


def test_what_a_system_deletes_goes_where_it_was(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    say(world, QUIET, measure("m2", "Reading with Siri"))
    world.take(NURSERY)

    say(world, QUIET)
    (document,) = world.take(NURSERY)

    assert [each["title"] for each in document["measures"]] == ["A quiet start to the day"]


def test_a_system_that_never_saw_an_element_does_not_delete_it_by_leaving_it_out(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY, responsibility=NURSERY_LEADS)
    world.tell(NURSERY, nursery_plan("nora@kindergarten-1", measures=[measure("k1", "Play")]))

    say(world, QUIET)

    assert world.titles("nora", "measure") == {"Play", "A quiet start to the day"}
    assert world.proposals("nora") == []
