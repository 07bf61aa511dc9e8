"""A report that child welfare has taken in has its deadlines, which nobody else in the municipality learns of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from hub.errors import UnusableError
from hub.model.official import Official
from hub.model.task import Task
from hub.ops.hands import Hand, hand_of, systems_hand
from hub.ops.officials import Barred
from hub.ops.tasks import Reply, answer_task, task_of, tasks_of
from hub.sdk import Posted
from hub.sdk.directed import INFO, REPORT
from tests.conftest import StandingClock
from tests.journeys.systems import HOME, SYSTEMS
from tests.journeys.test_directed import DUTY, EDUCATION, NUMBER, info, report
from tests.journeys.world import World

NURSERY, WELFARE, SCHOOL = SYSTEMS["kindergarten"], SYSTEMS["child_welfare"], SYSTEMS["school"]
OWN = systems_hand(WELFARE, "caseworker-1")


def taken_in(world: World, document: Any = None, kind: str = REPORT.name, **more: Any) -> str:
    """A report that child welfare has acknowledged; gives the sender's own id of it."""
    id = uuid4().hex
    world.tell(NURSERY, document or report(), kind, id=id, claims=more.pop("claims", DUTY), **more)
    world.take(WELFARE)
    return id


def tasks(world: World, hand: Hand | Barred = OWN) -> list[Task]:
    with world.hub.store.begin() as work:
        found = tasks_of(work, world.desk, hand)
    assert not isinstance(found, Barred)
    return sorted(found, key=lambda task: task.due_at)


def answer(world: World, kind: str, word: str, hand: Hand = OWN) -> Task | Barred:
    (task,) = [each for each in tasks(world) if each.kind == kind]
    with world.hub.store.begin() as work:
        return answer_task(work, world.desk, hand, task.id, Reply(word))


def strangers(world: World) -> list[Hand]:
    """Everybody in the municipality who is not of child welfare."""
    systems = [systems_hand(each, "person-1") for each in SYSTEMS.values() if each != WELFARE]
    nurse = Official("nurse-1", HOME, frozenset({"coordinator"}), service="municipal_health")
    world.authorise(nurse)
    with world.hub.store.begin() as work:
        people = [hand_of(work, world.desk, each) for each in ("coordinator-1", "authority-1", "nurse-1")]
    return [*systems, *(each for each in people if isinstance(each, Hand))]


def test_a_report_that_is_taken_in_is_to_be_gone_through_in_a_week_and_answered_in_three(world: World) -> None:
    world.at_table("nora", *SYSTEMS.values(), number=NUMBER)
    world.tell(NURSERY, report(), REPORT.name, claims=DUTY)
    before = tasks(world)
    (parcel,) = world.fetch(WELFARE)

    world.hub.mailbox.acknowledge(WELFARE, {parcel.id: Posted("delivered")})

    assert before == []
    assert world.hub.clock.now() == datetime(2026, 8, 17, 8, 0, tzinfo=UTC)
    assert [(each.kind, each.due_at) for each in tasks(world)] == [
        ("weigh_report", datetime(2026, 8, 24, 22, 0, tzinfo=UTC)),
        ("answer_reporter", datetime(2026, 9, 7, 22, 0, tzinfo=UTC)),
    ]
    assert {(each.subject, each.plan, each.child, each.asked_by) for each in tasks(world)} == {
        (parcel.id, None, None, None)
    }


def test_that_there_is_a_report_nobody_but_child_welfare_learns_from_its_tasks(world: World) -> None:
    world.at_table("nora", *SYSTEMS.values(), number=NUMBER)
    world.authorise(Official("welfare-1", HOME, frozenset({"coordinator"}), service="child_welfare"))
    taken_in(world)
    (task, _) = tasks(world)
    with world.hub.store.begin() as work:
        colleague = hand_of(work, world.desk, "welfare-1")

    others = strangers(world)
    for hand in others:
        with world.hub.store.begin() as work, pytest.raises(UnusableError, match="no such task"):
            task_of(work, world.desk, hand, task.id)
        with world.hub.store.begin() as work, pytest.raises(UnusableError, match="no such task"):
            answer_task(work, world.desk, hand, task.id, Reply("close"))

    assert len(others) == len(SYSTEMS) - 1 + 3
    assert [each.id for each in tasks(world, colleague)] == [each.id for each in tasks(world)]
    assert [tasks(world, hand) for hand in others] == [[]] * len(others)


def test_what_child_welfare_leaves_goes_up_within_child_welfare_and_an_operator_sees_a_number(
    world: World, clock: StandingClock
) -> None:
    world.at_table("nora", *SYSTEMS.values(), number=NUMBER)
    taken_in(world)
    for _ in range(3):
        clock.instant = tasks(world)[0].due_at
        world.hub.overdue.turn()

    found, metrics = tasks(world), world.hub.metrics_text()

    assert {(each.kind, each.addressee, each.escalated_to) for each in found} == {
        ("weigh_report", "child_welfare", "child_welfare"),
        ("answer_reporter", "child_welfare", None),
    }
    assert all(each.due_at > clock.now() for each in found)
    assert [tasks(world, hand) for hand in strangers(world)] == [[]] * (len(SYSTEMS) + 2)
    assert "\nlangbenk_report_overdue 1.0\n" in metrics
    assert "\nlangbenk_task_overdue 0.0\n" in metrics
    assert not [word for word in (NUMBER, "nora", "Nora") if word in metrics]


def test_whoever_reports_without_a_duty_is_answered_by_child_welfare_itself(world: World) -> None:
    world.register(replace(NURSERY, service="private_organisation"))
    taken_in(world)

    assert [each.kind for each in tasks(world)] == ["weigh_report"]


def test_a_report_refused_has_no_deadlines_and_a_message_that_is_none_has_none_either(world: World) -> None:
    world.at_table("nora", NURSERY, WELFARE)
    danger = {"person": "head-1", "duty": {"danger": "self_harm"}}
    taken_in(world, info(EDUCATION), INFO.name, receiver="child_welfare", claims={})
    taken_in(world, info(EDUCATION), INFO.name, receiver="child_welfare", claims=danger)
    world.tell(NURSERY, report(), REPORT.name, claims=DUTY)
    (parcel,) = world.fetch(WELFARE)
    world.hub.mailbox.acknowledge(WELFARE, {parcel.id: Posted("rejected", "unknown_child")})

    assert tasks(world) == []


def test_a_report_in_an_info_message_has_the_same_deadlines(world: World) -> None:
    world.at_table("nora", NURSERY, WELFARE)
    taken_in(world, info(EDUCATION), INFO.name, receiver="child_welfare")

    assert [each.kind for each in tasks(world)] == ["weigh_report", "answer_reporter"]
