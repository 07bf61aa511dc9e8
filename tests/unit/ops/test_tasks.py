"""Tasks: put to one service, answered with a word of the list by whom they are put to, and going up in time."""

from __future__ import annotations

import pytest

from hub.errors import UnusableError
from hub.model.official import Official
from hub.model.person import Child
from hub.model.plan import Plan
from hub.model.responsibility import Facts, Responsibility
from hub.model.task import Task
from hub.ops.enrol import Desk, make_plan
from hub.ops.hands import Hand, hand_of, systems_hand
from hub.ops.officials import Barred, authorise
from hub.ops.tasks import Put, Reply, answer_task, open_task, tasks_of
from hub.policy.figures import published
from hub.policy.services import services
from hub.policy.tasks import DECISION_AUTHORITY, kinds
from hub.ports import Store
from hub.routing.overdue import Overdue
from tests.unit.ops.conftest import SCHOOL, StandingClock

UNIT = Hand("unit-1", "coordinating_unit")
AUTHORITY = Hand("head-1", "coordinating_unit", decides=True)
TEACHER = Hand("teacher-1", "school")
NURSE = Hand("nurse-1", "municipal_health")


@pytest.fixture
def plan(store: Store, desk: Desk) -> Plan:
    facts = Facts(Child("child-1", "0001"), responsibility=Responsibility(coordinator="municipal_health"))
    with store.begin() as work:
        return make_plan(work, desk, facts, None)


def put(store: Store, desk: Desk, plan: Plan | None, **told: str) -> Task:
    with store.begin() as work:
        return open_task(work, desk, Put(**told), plan, UNIT)  # type: ignore[arg-type]  # each by its own name


def answer(store: Store, desk: Desk, hand: Hand, task: Task, *words: str) -> Task | Barred:
    with store.begin() as work:
        return answer_task(work, desk, hand, task.id, Reply(*words))


def turns(store: Store, clock: StandingClock, task: Task) -> list[Task]:
    """The task after each turn of the sweep, taken when it is due."""
    found = []
    for _ in range(3):
        with store.begin() as work:
            now = work.tasks.find("0001", task.id)
        assert now is not None
        clock.at = now.due_at
        Overdue(store, clock).turn()
        with store.begin() as work:
            found.append(work.tasks.find("0001", task.id) or task)
    return found


def test_every_kind_goes_up_to_somebody_there_is_and_says_which_answers_need_a_reason() -> None:
    ways = {"coordinator", "asked", DECISION_AUTHORITY, *services()}

    assert {kind.up for kind in kinds().values()} <= ways
    assert all(set(kind.why) <= set(kind.answers) for kind in kinds().values())
    assert {kind.becomes for kind in kinds().values()} - {None} <= kinds().keys()


def test_of_secret_tasks_no_figure_of_a_year_tells_by_their_kind() -> None:
    assert {name for name, kind in kinds().items() if kind.secret} <= {*published().together}


def test_a_task_is_put_to_the_service_asked_in_its_one_system(store: Store, desk: Desk, plan: Plan) -> None:
    task = put(store, desk, plan, kind="cooperate", to="school")

    assert (task.addressee, task.system, task.asked_by) == ("school", SCHOOL.id, "coordinating_unit")


def test_a_coordinators_task_is_put_to_whoever_coordinates(store: Store, desk: Desk, plan: Plan) -> None:
    assert put(store, desk, plan, kind="fill_gap").addressee == "municipal_health"


def test_whoever_it_is_put_to_answers_it_once(store: Store, desk: Desk, plan: Plan) -> None:
    task = put(store, desk, plan, kind="cooperate", to="school")

    first = answer(store, desk, TEACHER, task, "accept")
    again = answer(store, desk, TEACHER, task, "accept")

    assert isinstance(first, Task)
    assert (first.state, first.answer, again) == ("answered", "accept", first)
    with pytest.raises(UnusableError) as refused:
        answer(store, desk, Hand("teacher-2", "school"), task, "decline", "no time")
    assert refused.value.code == "already_decided"


def test_a_no_needs_a_reason_and_a_word_must_be_of_the_list(store: Store, desk: Desk, plan: Plan) -> None:
    task = put(store, desk, plan, kind="cooperate", to="school")

    for words, code in ((("decline",), "no_reason"), (("perhaps", "why not"), "unknown_word")):
        with pytest.raises(UnusableError) as refused:
            answer(store, desk, TEACHER, task, *words)
        assert refused.value.code == code


def test_another_service_does_not_even_learn_of_it(store: Store, desk: Desk, plan: Plan) -> None:
    task = put(store, desk, plan, kind="cooperate", to="school")

    with store.begin() as work:
        seen = tasks_of(work, desk, NURSE, plan.id)
        by_the_unit = tasks_of(work, desk, UNIT, plan.id)
    with pytest.raises(UnusableError) as refused:
        answer(store, desk, NURSE, task, "accept")

    assert (seen, by_the_unit, refused.value.code) == ([], [task], "not_found")


def test_the_unit_sees_what_is_put_to_others_and_may_not_answer_it(store: Store, desk: Desk, plan: Plan) -> None:
    task = put(store, desk, plan, kind="cooperate", to="school")

    barred = answer(store, desk, UNIT, task, "accept")

    assert isinstance(barred, Barred)
    assert barred.code == "not_authorised"


def test_a_system_answers_what_is_put_to_itself(store: Store, desk: Desk, plan: Plan) -> None:
    task = put(store, desk, plan, kind="cooperate", to="school")

    given = answer(store, desk, systems_hand(SCHOOL, "teacher-9"), task, "accept")

    assert isinstance(given, Task)
    assert given.answered_by == "teacher-9"


def test_a_person_acts_for_the_service_the_register_says(store: Store, desk: Desk) -> None:
    with store.begin() as work:
        authorise(work, desk, [Official("t", "0001", frozenset({"coordinator"}), "school")])
        authorise(work, desk, [Official("h", "0001", frozenset({"decision_authority"}))])
        found = [hand_of(work, desk, person) for person in ("t", "h", "nobody")]

    assert found[:2] == [Hand("t", "school"), Hand("h", "coordinating_unit", decides=True)]
    assert isinstance(found[2], Barred)


def test_five_working_days_later_it_goes_up_and_is_reminded_of_for_ever(
    store: Store, desk: Desk, plan: Plan, clock: StandingClock
) -> None:
    task = put(store, desk, plan, kind="cooperate", to="school")

    first, second, third = turns(store, clock, task)

    assert task.due_at.isoformat() == "2026-09-08T22:00:00+00:00"  # a Tuesday, and five working days
    assert [each.escalated_to for each in (first, second, third)] == ["coordinating_unit", *["decision_authority"] * 2]
    assert task.due_at < first.due_at < second.due_at < third.due_at


def test_the_coordinators_own_task_goes_up_past_itself(
    store: Store, desk: Desk, plan: Plan, clock: StandingClock
) -> None:
    task = put(store, desk, plan, kind="take_part", to="municipal_health")

    assert turns(store, clock, task)[0].escalated_to == "coordinating_unit"


def test_what_went_up_may_be_answered_by_whom_it_went_up_to(
    store: Store, desk: Desk, plan: Plan, clock: StandingClock
) -> None:
    task = put(store, desk, plan, kind="cooperate", to="school")
    turns(store, clock, task)

    assert isinstance(answer(store, desk, AUTHORITY, task, "accept"), Task)


def test_a_task_for_later_has_its_whole_time_from_its_start(store: Store, desk: Desk, plan: Plan) -> None:
    start = desk.clock.now().replace(month=10)
    with store.begin() as work:
        task = open_task(work, desk, Put("start_measure", "school", starts_at=start), plan, UNIT)

    assert task.due_at > start
