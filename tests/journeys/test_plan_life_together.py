"""Working together on a plan: invited and answering, approved and revised, met, guided; and closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hub.errors import UnusableError
from hub.model.life import Word
from hub.ops.approval import approve, describe
from hub.ops.casework import Casework
from hub.ops.closing import close, while_open
from hub.ops.seats import answer, invite, start, weigh
from hub.ops.together import ask_to_cooperate, call_meeting, guide, raise_gap
from tests.journeys.offices import AUTHORITY, UNIT, act, barred, open_offices, reply, taken, tasks
from tests.journeys.systems import HOME, SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
LEAD = "nurse-1"
FAMILY = ("nora-mother", "nora-father")


@pytest.fixture
def table(world: World) -> World:
    """School and kindergarten at Nora's table; the municipal health service coordinates."""
    open_offices(world)
    world.at_table("nora", SCHOOL, NURSERY)
    return world


def answered(done: Casework, service: str) -> Word | None:
    seat = done.facts.life.seat(service)
    assert seat is not None, f"{service} was not asked"
    return seat.answer


def day(world: World, days: int) -> date:
    return (world.hub.clock.now() + timedelta(days=days)).date()


def later(world: World, **step: float) -> None:
    world.clock.instant += timedelta(**step)
    child = taken(act(world, "nora", AUTHORITY, lambda one: one)).plan.child
    world.facts(child, as_of=world.hub.clock.now())
    world.sweep()


def says(world: World, **told: Any) -> tuple[str, str | None]:
    (part,) = world.tell(SCHOOL, support_plan("nora@school-1", **told)).parts
    return part.state, part.code


def test_a_service_is_invited_and_its_yes_is_enough(table: World) -> None:
    act(table, "nora", LEAD, lambda one: invite(one, "school"))
    (asked,) = tasks(table, "nora", "take_part")
    done = taken(act(table, "nora", "teacher-1", lambda one: answer(one, "accept")))

    assert (asked.addressee, asked.system) == ("school", SCHOOL.id)
    assert (answered(done, "school"), tasks(table, "nora")) == ("accept", [])


@pytest.mark.parametrize(("word", "left"), [("excuse", []), ("keep", ["take_part"])])
def test_the_no_of_one_who_must_take_part_waits_for_the_coordinator(table: World, word: Any, left: list[str]) -> None:
    act(table, "nora", LEAD, lambda one: invite(one, "school"))
    with pytest.raises(Exception, match="reason"):
        act(table, "nora", "teacher-1", lambda one: answer(one, "decline"))
    act(table, "nora", "teacher-1", lambda one: answer(one, "decline", "no capacity"))
    (waits,) = tasks(table, "nora")
    done = taken(act(table, "nora", LEAD, lambda one: weigh(one, "school", word, "we have talked")))

    assert (waits.kind, waits.addressee, waits.subject) == ("weigh_decline", "municipal_health", "school")
    assert [each.kind for each in tasks(table, "nora")] == left
    assert answered(done, "school") == ("excused" if word == "excuse" else None)


def test_silence_goes_up(table: World) -> None:
    act(table, "nora", LEAD, lambda one: invite(one, "school"))
    (asked,) = tasks(table, "nora")
    table.clock.instant = asked.due_at
    table.hub.overdue.turn()

    assert [each.escalated_to for each in tasks(table, "nora")] == ["municipal_health"]


def test_one_invited_from_a_later_day_has_its_working_days_from_then(table: World) -> None:
    act(table, "nora", LEAD, lambda one: invite(one, "kindergarten", day(table, 30)))
    act(table, "nora", LEAD, lambda one: invite(one, "school"))
    at_once, later_on = sorted(tasks(table, "nora", "take_part"), key=lambda each: each.due_at)

    assert (at_once.addressee, at_once.starts_at) == ("school", None)
    assert (later_on.addressee, later_on.due_at.date() > day(table, 34)) == ("kindergarten", True)


def test_only_the_coordinator_invites_approves_calls_and_closes(table: World) -> None:
    steps: list[Any] = [
        lambda one: invite(one, "ppt"),
        lambda one: approve(one, FAMILY, day(table, 90)),
        lambda one: call_meeting(one, table.hub.clock.now() + timedelta(days=9)),
        lambda one: guide(one, "words"),
        lambda one: close(one, "no_need"),
    ]
    assert {barred(act(table, "nora", "teacher-1", each)) for each in steps} == {"not_authorised"}


def test_before_its_day_a_service_that_starts_later_is_told_nothing(table: World) -> None:
    act(table, "nora", LEAD, lambda one: start(one, "kindergarten", day(table, 3)))
    says(table, measures=[measure("m1", "A quiet start")])
    before = table.fetch(NURSERY)
    later(table, days=4)

    assert before == []
    assert "A quiet start" in str(table.take(NURSERY))


@pytest.mark.parametrize("stranger", ["ppt", "police", "no-such-service"])
def test_nobody_is_given_a_part_by_being_given_a_day(table: World, stranger: str) -> None:
    with pytest.raises(UnusableError, match="has not been asked"):
        act(table, "nora", LEAD, lambda one: start(one, stranger, day(table, 3)))

    assert taken(act(table, "nora", UNIT, lambda one: one)).facts.life.seats == ()


def test_a_delivery_that_waits_is_not_sent_to_one_who_has_been_put_off(table: World) -> None:
    says(table, measures=[measure("m1", "A quiet start")])
    act(table, "nora", LEAD, lambda one: start(one, "kindergarten", day(table, 3)))

    assert table.fetch(NURSERY) == []


def test_a_plan_is_approved_once_it_says_how_the_child_took_part_and_until_it_is_revised(table: World) -> None:
    refused = act(table, "nora", LEAD, lambda one: approve(one, FAMILY, day(table, 90)))
    (asked,) = tasks(table, "nora")
    act(table, "nora", LEAD, lambda one: describe(one, "Nora drew what she wants."))
    done = taken(act(table, "nora", LEAD, lambda one: approve(one, FAMILY, day(table, 90))))
    quiet = tasks(table, "nora")
    later(table, days=91)

    assert (barred(refused), asked.kind) == ("no_participation", "describe_participation")
    assert [(one.version, one.agreed_by) for one in done.facts.life.approvals] == [
        (done.plan.version, tuple(sorted(FAMILY)))
    ]
    assert (quiet, [each.kind for each in tasks(table, "nora")]) == ([], ["revise"])


def test_a_revision_needs_the_child_again(table: World) -> None:
    act(table, "nora", LEAD, lambda one: describe(one, "Nora drew what she wants."))
    act(table, "nora", LEAD, lambda one: approve(one, FAMILY, day(table, 90)))
    table.clock.instant += timedelta(days=1)

    assert barred(act(table, "nora", LEAD, lambda one: approve(one, FAMILY, day(table, 90)))) == "no_participation"


def test_a_measure_over_its_day_is_asked_about_within_a_day_and_once(table: World) -> None:
    said = {**measure("m1", "A quiet start"), "due": day(table, 2).isoformat()}
    says(table, measures=[said])
    later(table, days=2)
    in_time = tasks(table, "nora")
    later(table, days=1)
    (asked,) = tasks(table, "nora")
    reply(table, asked, "teacher-1", "postponed", "she was ill")
    later(table, days=1)

    assert (in_time, asked.kind, asked.addressee, tasks(table, "nora")) == ([], "follow_up_measure", "school", [])


def test_a_meeting_is_a_task_for_each_who_takes_part(table: World) -> None:
    for service, person in (("school", "teacher-1"), ("kindergarten", "nursery-1")):
        act(table, "nora", LEAD, lambda one, service=service: invite(one, service))
        act(table, "nora", person, lambda one: answer(one, "accept"))
    stranger = act(table, "nora", LEAD, lambda one: call_meeting(one, one.now + timedelta(days=9), ["ppt"]))
    act(table, "nora", LEAD, lambda one: call_meeting(one, one.now + timedelta(days=9)))

    assert barred(stranger) == "not_at_table"
    assert sorted((each.kind, each.addressee) for each in tasks(table, "nora")) == [
        ("attend_meeting", "kindergarten"),
        ("attend_meeting", "school"),
    ]


def test_gaps_and_requests_to_cooperate_are_answered_or_go_up_and_their_words_are_sealed(table: World) -> None:
    act(table, "nora", LEAD, lambda one: invite(one, "kindergarten"))
    act(table, "nora", "nursery-1", lambda one: answer(one, "accept"))
    act(table, "nora", "teacher-1", lambda one: raise_gap(one, "nobody drives her"))
    act(table, "nora", "teacher-1", lambda one: ask_to_cooperate(one, "kindergarten", "let us meet"))
    found = tasks(table, "nora")

    assert sorted((each.kind, each.addressee) for each in found) == [
        ("cooperate", "kindergarten"),
        ("fill_gap", "municipal_health"),
    ]
    assert "drives" not in str(found)


@pytest.mark.parametrize("service", ["guardian", "police", "school_of_magic"])
def test_only_who_works_on_plans_is_asked_to_cooperate(table: World, service: str) -> None:
    with pytest.raises(UnusableError, match="not another service"):
        act(table, "nora", LEAD, lambda one: ask_to_cooperate(one, service, "let us meet"))


def test_guidance_is_written_down(table: World) -> None:
    done = taken(act(table, "nora", LEAD, lambda one: guide(one, "We looked at respite care.")))
    with table.hub.store.begin() as work:
        lines = work.logbook.of(HOME, done.plan.id, "guidance")

    assert [one.words for one in lines] == ["We looked at respite care."]


def test_a_closed_plan_tells_everybody_once_and_refuses_what_comes_later(table: World) -> None:
    says(table, measures=[measure("m1", "A quiet start")])
    table.take(NURSERY)
    act(table, "nora", "teacher-1", lambda one: raise_gap(one, "nobody drives her"))
    act(table, "nora", LEAD, lambda one: close(one, "no_need"))
    told = str(table.take(NURSERY))
    again = act(table, "nora", UNIT, while_open(lambda one: guide(one, "words")))

    assert "completed" in told or "ended" in told
    assert (table.fetch(NURSERY), tasks(table, "nora"), barred(again)) == ([], [], "plan_closed")
    assert says(table, measures=[measure("m1", "Late")]) == ("refused", "plan_closed")


def test_a_consent_given_after_the_closing_opens_nothing(table: World) -> None:
    ids = [one.id for one in taken(act(table, "nora", LEAD, lambda one: one)).facts.consents]
    says(table, measures=[measure("m1", "A quiet start")])
    table.withdraw(*ids)
    child = taken(act(table, "nora", LEAD, lambda one: close(one, "no_need"))).plan.child
    table.clock.instant += timedelta(minutes=1)
    table.consent(child, "nora", "mother", "father")
    table.sweep()

    assert table.fetch(NURSERY) == []
