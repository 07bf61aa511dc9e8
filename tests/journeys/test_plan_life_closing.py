"""A plan is closed: what waited ends with its ledger line, what comes is refused, and it may be opened anew."""

from __future__ import annotations

from typing import Any

import pytest

from hub.model.responsibility import Responsibility
from hub.ops.appointments import wish
from hub.ops.closing import close, reopen
from hub.ops.creation import Agreed, begin
from hub.ops.milestones import moves
from hub.ops.officials import Barred
from hub.ops.refusals import refuse
from hub.ops.seats import answer, invite
from tests.journeys.offices import UNIT, act, open_offices, reply, taken, tasks
from tests.journeys.systems import SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
LEAD = "nurse-1"
BOTH = [Agreed("nora-mother", "form-2"), Agreed("nora-father", "form-2")]
GOAL = {"id": "g1", "title": "Sits through a lesson", "status": "active"}


@pytest.fixture
def table(world: World) -> World:
    """School and kindergarten at Nora's table; the municipal health service coordinates."""
    open_offices(world)
    world.at_table("nora", SCHOOL, NURSERY)
    return world


def says(world: World, name: str = "nora", **told: Any) -> tuple[str, str | None]:
    (part,) = world.tell(SCHOOL, support_plan(f"{name}@school-1", **told)).parts
    return part.state, part.code


def ends(world: World, person: str = LEAD, name: str = "nora") -> Any:
    return act(world, name, person, lambda one: close(one, "no_need"))


def again(world: World) -> Any:
    return act(world, "nora", UNIT, reopen)


def test_a_proposal_that_waits_ends_with_the_plan_and_is_not_accepted_afterwards(table: World) -> None:
    says(table, goals=[GOAL])
    (proposal,) = table.proposals("nora")
    ends(table)
    late = table.answer(proposal, accepted=True)

    assert (table.proposals("nora"), table.titles("nora", "goal")) == ([], set())
    assert isinstance(late, Barred)
    assert late.code == "plan_closed"


def test_a_change_that_waits_for_who_coordinates_ends_with_the_plan_and_the_ledgers_add_up(table: World) -> None:
    table.at_table("ola", SCHOOL, NURSERY, responsibility=Responsibility())
    before = says(table, "ola", goals=[GOAL])
    ends(table, UNIT, "ola")

    assert before[0] == "held"
    assert (table.holds("ola"), table.ledgers()[0]) == ([], {"proposed": 1})


def test_an_element_that_waits_for_a_person_ends_with_the_plan(table: World) -> None:
    child = table.at_table("ola", SCHOOL, NURSERY, understands=None, age=13)
    says(table, "ola", measures=[measure("m1", "A quiet start")])
    waited = table.holds("ola")
    ends(table, UNIT, "ola")
    table.facts(child, hearing=None)
    table.sweep()

    assert (len(waited) > 0, table.holds("ola")) == (True, [])
    assert "held" not in table.ledgers()[1]


def test_closing_twice_tells_once(table: World) -> None:
    says(table, measures=[measure("m1", "A quiet start")])
    table.take(NURSERY)
    ends(table)
    ends(table)

    assert (len(table.take(NURSERY)), table.fetch(NURSERY)) == (1, [])


def test_a_plan_opened_anew_begins_with_consent_asked_anew(table: World) -> None:
    says(table, measures=[measure("m1", "A quiet start")])
    ends(table)
    opened = taken(again(table))
    refused = says(table, measures=[measure("m1", "Too soon")])
    without = act(table, "nora", UNIT, lambda one: begin(one, "municipal_health", BOTH[:1]))
    taken(act(table, "nora", UNIT, lambda one: begin(one, "municipal_health", BOTH)))
    now = says(table, measures=[measure("m1", "Again")])

    assert (opened.facts.life.begun, [one.why for one in opened.facts.life.closed_before]) == (None, ["no_need"])
    assert refused == ("refused", "plan_not_begun")
    assert isinstance(without, Barred)
    assert without.code == "no_plan_consent"
    assert now == ("merged", None)
    assert "Again" in str(table.take(NURSERY))


def test_only_the_unit_opens_it_anew_and_not_what_has_ended_for_good(table: World) -> None:
    ends(table)
    assert isinstance(act(table, "nora", LEAD, reopen), Barred)
    again(table)
    act(table, "nora", UNIT, lambda one: close(one, "deceased"))

    refused = again(table)
    assert isinstance(refused, Barred)
    assert refused.code == "closed_for_good"


@pytest.mark.parametrize("why", ["no_need", "no_consent"])
def test_what_the_family_asked_for_is_still_decided_with_a_reason(table: World, why: Any) -> None:
    act(table, "nora", "teacher-1", wish)
    act(table, "nora", LEAD, lambda one: close(one, why))
    waits = [each.kind for each in tasks(table, "nora")]
    done = act(table, "nora", UNIT, lambda one: refuse(one, "child_coordinator", "vedtak-1", "Behovet er ikke varig."))

    assert waits == ["decide_child_coordinator"]
    assert [one.wish for one in taken(done).facts.refusals] == ["child_coordinator"]
    assert tasks(table, "nora") == []


def test_child_welfare_still_notifies_the_new_municipality_of_a_child_that_has_moved(table: World) -> None:
    act(table, "nora", UNIT, lambda one: invite(one, "child_welfare"))
    act(table, "nora", "caseworker-1", lambda one: answer(one, "accept"))
    act(table, "nora", LEAD, lambda one: moves(one, "9998"))
    act(table, "nora", UNIT, lambda one: close(one, "moved"))
    (waits,) = tasks(table, "nora")
    reply(table, waits, "caseworker-1", "notified")

    assert (waits.kind, waits.addressee) == ("notify_new_municipality", "child_welfare")
    assert tasks(table, "nora") == []


def test_of_one_who_has_died_nothing_is_asked_any_more(table: World) -> None:
    act(table, "nora", "teacher-1", wish)
    act(table, "nora", LEAD, lambda one: close(one, "deceased"))

    assert tasks(table, "nora") == []


def test_who_was_invited_before_is_asked_anew(table: World) -> None:
    act(table, "nora", LEAD, lambda one: invite(one, "school"))
    ends(table)
    again(table)

    assert [each.kind for each in tasks(table, "nora")] == ["decide_coordination"]  # whose mandate ended with the plan
    assert taken(act(table, "nora", UNIT, lambda one: one)).facts.life.seats == ()
