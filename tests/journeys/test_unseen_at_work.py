"""Who takes part unseen says no, keeps silent or raises a gap: the coordinating unit sees to it, and no coordinator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.errors import UnusableError
from hub.ops.appointments import Appointment, appoint
from hub.ops.hands import hand_of
from hub.ops.officials import Barred
from hub.ops.presence import present_and_missing
from hub.ops.seats import answer, invite, weigh
from hub.ops.tasks import tasks_of
from hub.ops.together import ask_to_cooperate, call_meeting, lines_of, raise_gap
from tests.journeys.offices import UNIT, act, barred, open_offices, taken, tasks
from tests.journeys.systems import EVERYTHING, SYSTEMS, measure
from tests.journeys.world import World

SCHOOL, NURSERY, WELFARE = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["child_welfare"]
LEAD, CASEWORKER = "nurse-1", "caseworker-1"
UNSEEN = "child_welfare"
NO = ("decline", "no case of ours")


@pytest.fixture
def table(world: World) -> World:
    """Nora's plan is the municipal health service's to coordinate, which may not know that child welfare has a part."""
    open_offices(world)
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"care_situation"})
    return world


def seen(world: World, person: str) -> list[str]:
    """Kinds of the open tasks that this person may know of."""
    with world.hub.store.begin() as work:
        found = tasks_of(work, world.desk, hand_of(work, world.desk, person))
    assert not isinstance(found, Barred)
    return [each.kind for each in found]


def asked(world: World, by: str = UNIT, *word: Any) -> None:
    """Child welfare is asked to take part, and answers."""
    taken(act(world, "nora", by, lambda one: invite(one, UNSEEN)))
    if word:
        taken(act(world, "nora", CASEWORKER, lambda one: answer(one, *word)))


def overdue(world: World) -> None:
    """The deadline of every task has passed."""
    world.clock.instant = max(each.due_at for each in tasks(world, "nora"))
    world.hub.overdue.turn()


def test_its_no_is_weighed_by_the_unit(table: World) -> None:
    asked(table, UNIT, *NO)
    with pytest.raises(UnusableError, match="no such answer waits"):
        act(table, "nora", LEAD, lambda one: weigh(one, UNSEEN, "excuse", "we have talked"))
    before = seen(table, LEAD), seen(table, UNIT)
    act(table, "nora", UNIT, lambda one: weigh(one, UNSEEN, "excuse", "we have talked"))

    assert before == ([], ["weigh_decline"])
    assert seen(table, UNIT) == []


def test_its_silence_goes_up_to_the_unit(table: World) -> None:
    asked(table)
    overdue(table)

    assert (seen(table, LEAD), seen(table, UNIT)) == ([], ["take_part"])
    assert [each.escalated_to for each in tasks(table, "nora")] == ["coordinating_unit"]


def test_the_silence_of_one_that_the_coordinator_has_asked_is_the_coordinators(table: World) -> None:
    asked(table, LEAD)
    overdue(table)

    assert seen(table, LEAD) == ["take_part"]


def test_both_questions_that_it_says_no_to_are_weighed_each_by_whose_it_was(table: World) -> None:
    asked(table, UNIT, *NO)
    asked(table, LEAD, *NO)

    assert (seen(table, LEAD), seen(table, UNIT)) == (["weigh_decline"], ["weigh_decline", "weigh_decline"])


def test_a_gap_it_raises_is_filled_by_the_unit(table: World) -> None:
    asked(table, UNIT, "accept")
    act(table, "nora", CASEWORKER, lambda one: raise_gap(one, "Ingen følger opp hjemme."))

    assert (seen(table, LEAD), seen(table, UNIT)) == ([], ["fill_gap"])
    assert act(table, "nora", LEAD, lambda one: lines_of(one, "gap")) == []
    raised: Any = act(table, "nora", UNIT, lambda one: lines_of(one, "gap"))
    assert [each.service for each in raised] == [UNSEEN]


def test_it_asks_nobody_to_cooperate_who_may_not_know_of_it(table: World) -> None:
    asked(table, UNIT, "accept")
    act(table, "nora", LEAD, lambda one: invite(one, "school"))
    act(table, "nora", "teacher-1", lambda one: answer(one, "accept"))
    refused = act(table, "nora", CASEWORKER, lambda one: ask_to_cooperate(one, "school", "Kan vi snakkes?"))
    before = seen(table, "teacher-1")
    child = table.plan("nora").child
    table.consent(child, "nora", "mother", "father")
    act(table, "nora", CASEWORKER, lambda one: ask_to_cooperate(one, "school", "Kan vi snakkes?"))

    assert (barred(refused), before) == ("not_covered", [])
    assert seen(table, "teacher-1") == ["cooperate"]


def test_a_meeting_that_it_does_not_answer_is_the_units(table: World) -> None:
    asked(table, UNIT, "accept")
    act(table, "nora", LEAD, lambda one: invite(one, "school"))
    act(table, "nora", "teacher-1", lambda one: answer(one, "accept"))
    act(table, "nora", LEAD, lambda one: call_meeting(one, one.now + timedelta(days=20)))
    overdue(table)

    assert sorted(each.addressee for each in tasks(table, "nora")) == [UNSEEN, "school"]
    assert seen(table, LEAD) == ["attend_meeting"]


def test_a_measure_of_its_own_that_is_over_its_day_is_the_units(table: World) -> None:
    table.seat("nora", WELFARE, "nora@child-welfare-1")
    late = measure("m1", "Besøkshjem", due="2026-08-20", topic="child_welfare")
    table.tell(WELFARE, {"schema": WELFARE.document, "child": {"id": "nora@child-welfare-1"}, "measures": [late]})
    table.clock.go_on(days=5)
    table.sweep()
    before = [(each.kind, each.addressee) for each in tasks(table, "nora")]
    overdue(table)

    assert before == [("follow_up_measure", UNSEEN)]
    assert (seen(table, LEAD), seen(table, UNIT)) == ([], ["follow_up_measure"])


def test_whoever_coordinates_next_gets_no_task_about_it_either(table: World) -> None:
    asked(table, UNIT, "accept")
    act(table, "nora", CASEWORKER, lambda one: raise_gap(one, "Ingen følger opp hjemme."))
    told = Appointment("child_coordinator", "school", "vedtak-1", wished_on=table.clock.now().date())
    act(table, "nora", UNIT, lambda one: appoint(one, told))

    assert ("fill_gap" in seen(table, "teacher-1"), "fill_gap" in seen(table, UNIT)) == (False, True)


def test_when_its_answer_is_due_to_others_is_not_told_whoever_asks_it_too(table: World) -> None:
    table.at_table("kari", SCHOOL, NURSERY, consent=False)
    later = (table.clock.now() + timedelta(days=40)).date()
    act(table, "nora", UNIT, lambda one: invite(one, UNSEEN, later))
    due: list[Any] = []
    for name in ("nora", "kari"):
        act(table, name, LEAD, lambda one: invite(one, UNSEEN))
        found = act(table, name, LEAD, present_and_missing)
        assert not isinstance(found, Barred)
        due += [(each.state, each.due_at) for each in found if each.service == UNSEEN]

    assert due[0] == due[1]
