"""Who coordinates: exactly one at any time, by the law's order; unclear or disputed, the municipality is asked."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from hub.model.responsibility import Responsibility
from hub.ops.appointments import Appointment, appoint, end_mandate, wish
from hub.ops.casework import Casework, take_up
from hub.ops.coordination import Decided, ask_service, claim, decide_coordination, decline, dispute
from hub.ops.hands import hand_of
from hub.ops.officials import Barred
from hub.ops.refusals import refuse
from hub.ops.tasks import Put
from tests.journeys.offices import AUTHORITY, UNIT, act, barred, leads, open_offices, tasks
from tests.journeys.systems import HOME, PLAN_DOCUMENT, SYSTEMS, measure, nursery_plan, support_plan, system
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
GOAL = {"id": "g1", "title": "Sits through a lesson", "status": "active"}
DAY = date(2026, 8, 17)


@pytest.fixture
def table(world: World) -> World:
    """School and kindergarten at Nora's table, and nobody coordinates."""
    open_offices(world)
    world.at_table("nora", SCHOOL, NURSERY, responsibility=Responsibility())
    return world


def says(world: World, *measures: dict[str, Any], **more: Any) -> list[str]:
    receipt = world.tell(SCHOOL, support_plan("nora@school-1", measures=list(measures), **more))
    return [part.state for part in receipt.parts]


def decides(service: str, **more: Any) -> Any:
    return lambda case: decide_coordination(case, Decided(service, "sak-2026-1", **more))


def bko(service: str, **more: Any) -> Any:
    return lambda case: appoint(case, Appointment("child_coordinator", service, "vedtak-1", wished_on=DAY, **more))


def test_a_structural_change_nobody_may_decide_opens_one_task_with_a_deadline(table: World) -> None:
    says(table, goals=[GOAL])
    says(table, measure("m1", "Quiet start"), goals=[GOAL, {**GOAL, "id": "g2", "title": "Has a friend"}])

    (task,) = tasks(table, "nora")

    assert (task.kind, task.addressee, task.subject) == ("decide_coordination", "coordinating_unit", None)
    assert task.due_at - table.hub.clock.now() > timedelta(days=7)  # five working days and a weekend


def test_a_dispute_holds_structure_lets_own_measures_flow_and_the_decision_releases_what_waits(table: World) -> None:
    act(table, "nora", "teacher-1", claim)
    act(table, "nora", "nursery-1", lambda case: dispute(case, "we see her every day"))

    states = says(table, measure("m1", "A quiet start"), goals=[GOAL])
    seen = str(table.take(NURSERY))
    act(table, "nora", AUTHORITY, decides("school"))

    assert (states, "A quiet start" in seen, "lesson" in seen) == (["merged"], True, False)
    assert (table.holds("nora"), table.proposals("nora"), tasks(table, "nora")) == ([], [], [])
    assert table.titles("nora", "goal") == {"Sits through a lesson"}
    assert "lesson" in str(table.take(NURSERY))


def test_a_decision_for_another_puts_what_waits_to_that_one_as_a_proposal(table: World) -> None:
    act(table, "nora", "teacher-1", claim)
    act(table, "nora", "nursery-1", lambda case: dispute(case, "we see her every day"))
    says(table, goals=[GOAL])

    act(table, "nora", AUTHORITY, decides("kindergarten"))

    assert (leads(table, "nora"), table.holds("nora"), len(table.proposals("nora"))) == ("kindergarten", [], 1)


def test_a_decision_beats_coordinator_and_main_responsible_and_their_lines_stay(table: World) -> None:
    act(table, "nora", UNIT, lambda case: appoint(case, Appointment("coordinator", "municipal_health", "vedtak-1")))
    act(table, "nora", "teacher-1", lambda case: dispute(case, "nobody comes to the meetings"))
    case = act(table, "nora", AUTHORITY, decides("school"))

    assert isinstance(case, Casework)
    assert [(one.post, one.service, one.ended_why) for one in case.facts.mandates] == [
        ("coordinator", "municipal_health", "decided"),
        ("appointed", "school", None),
    ]
    assert case.leader == "school"


def test_a_child_coordinators_mandate_stands_above_the_decision(table: World) -> None:
    act(table, "nora", UNIT, bko("municipal_health"))
    act(table, "nora", "teacher-1", lambda case: dispute(case, "it should be us"))
    act(table, "nora", AUTHORITY, decides("school"))

    assert leads(table, "nora") == "municipal_health"


@pytest.mark.parametrize(
    "posts, first",
    [
        (["child_coordinator", "coordinator", "main_responsible"], "municipal_health"),
        (["coordinator", "main_responsible"], "school"),
        (["main_responsible"], "kindergarten"),
    ],
)
def test_the_order_of_the_law_gives_exactly_one(table: World, posts: list[Any], first: str) -> None:
    services = {"child_coordinator": "municipal_health", "coordinator": "school", "main_responsible": "kindergarten"}
    for post in reversed(posts):
        told = Appointment(post, services[post], "vedtak-1", wished_on=DAY)
        act(table, "nora", UNIT, partial(appoint, told=told))

    assert leads(table, "nora") == first


@pytest.mark.parametrize("service", ["bup", "hospital", "upper_secondary", "nav_state", "private_school", "bufetat"])
def test_only_a_municipal_provider_can_be_appointed_and_the_refusal_says_whom_one_can(
    table: World, service: str
) -> None:
    for step in (decides(service), bko(service)):
        refused = act(table, "nora", AUTHORITY, step)
        assert isinstance(refused, Barred)
        assert (refused.code, "municipal_health" in str(refused.way_out)) == ("not_appointable", True)
    with table.hub.store.begin() as work:
        kept = [row.outcome for row in work.decisions.of(HOME, table.plans["nora"]) if row.stage == "control"]

    assert kept == ["deny", "deny"]


def test_a_service_outside_the_municipality_cannot_claim(table: World) -> None:
    clinic = system("bup-1", "bup", "child-welfare", PLAN_DOCUMENT)
    table.register(clinic)
    table.seat("nora", clinic, "nora@bup-1")

    assert barred(act(table, "nora", "therapist-1", claim)) == "not_appointable"


def test_silence_for_five_working_days_is_the_municipalitys_to_decide(table: World) -> None:
    act(table, "nora", UNIT, lambda case: ask_service(case, "school"))
    (asked,) = tasks(table, "nora", "take_coordination")

    table.clock.instant = asked.due_at
    table.hub.overdue.turn()

    (task,) = tasks(table, "nora")
    assert (asked.addressee, task.kind, task.subject) == ("school", "decide_coordination", "school")


def test_a_no_is_kept_sealed_and_opens_the_same_task(table: World) -> None:
    act(table, "nora", UNIT, lambda case: ask_service(case, "school"))

    act(table, "nora", "teacher-1", lambda case: decline(case, "vi har ikke kapasitet"))

    (task,) = tasks(table, "nora")
    with table.hub.store.begin() as work:
        said = work.logbook.of(HOME, table.plans["nora"], "statement")
    assert (task.kind, task.reason, [one.words for one in said]) == (
        "decide_coordination",
        None,
        ["vi har ikke kapasitet"],
    )


def test_whoever_lays_it_down_is_followed_by_the_next(table: World) -> None:
    act(table, "nora", UNIT, bko("municipal_health"))
    act(table, "nora", "teacher-1", lambda case: case)
    act(table, "nora", UNIT, lambda case: appoint(case, Appointment("coordinator", "school", "vedtak-2")))

    act(table, "nora", UNIT, lambda case: end_mandate(case, "child_coordinator", "family"))

    assert (leads(table, "nora"), tasks(table, "nora")) == ("school", [])


def test_where_nobody_follows_the_municipality_is_asked(table: World) -> None:
    act(table, "nora", UNIT, bko("municipal_health"))

    act(table, "nora", UNIT, lambda case: end_mandate(case, "child_coordinator", "family"))

    assert [each.kind for each in tasks(table, "nora")] == ["decide_coordination"]


def test_a_child_coordinator_needs_the_familys_wish_and_someone_under_eighteen(table: World) -> None:
    table.at_table("ola", SCHOOL, age=18, responsibility=Responsibility())
    unwished = Appointment("child_coordinator", "municipal_health", "vedtak-1")

    assert barred(act(table, "nora", UNIT, lambda case: appoint(case, unwished))) == "no_wish"
    assert barred(act(table, "ola", UNIT, bko("municipal_health"))) == "of_age"


def test_a_child_coordinator_may_be_appointed_before_the_birth(table: World) -> None:
    table.at_table(
        "unborn", SCHOOL, responsibility=Responsibility(), unborn=True, birth_date=None, hearing=None, maturity=None
    )

    act(table, "unborn", UNIT, bko("municipal_health"))

    assert leads(table, "unborn") == "municipal_health"


def test_a_mandate_counts_on_its_own_days_only(table: World) -> None:
    act(table, "nora", UNIT, bko("municipal_health", since=DAY + timedelta(days=7), until=DAY + timedelta(days=14)))

    found = []
    for _ in range(3):
        found.append(leads(table, "nora"))
        table.clock.go_on(days=7)

    assert found == [None, "municipal_health", None]


def test_a_wish_is_decided_on_by_an_appointment_or_a_refusal_with_a_reason(table: World) -> None:
    act(table, "nora", "teacher-1", wish)
    act(table, "nora", UNIT, lambda case: refuse(case, "child_coordinator", "vedtak-43", "needs are not long-lasting"))
    assert tasks(table, "nora") == []
    act(table, "nora", "teacher-1", wish)
    act(table, "nora", UNIT, bko("municipal_health"))

    assert tasks(table, "nora") == []


def test_the_coordinator_of_record_gets_no_content_that_is_not_covered(table: World) -> None:
    """The role opens nothing: without consent the coordinator's own system is sent nothing."""
    table.at_table("ola", SCHOOL, NURSERY, consent=False, responsibility=Responsibility())
    act(table, "ola", UNIT, bko("kindergarten"))

    table.tell(SCHOOL, support_plan("ola@school-1", measures=[measure("m1", "A quiet start")]))

    assert table.take(NURSERY) == []


def test_what_the_coordinator_must_answer_follows_the_coordination(table: World) -> None:
    act(table, "nora", "teacher-1", claim)
    with table.hub.store.begin() as work:
        case = take_up(work, table.desk, hand_of(work, table.desk, "nursery-1"), table.plans["nora"])
        assert isinstance(case, Casework)
        case.put(Put("fill_gap"))
    table.tell(NURSERY, nursery_plan("nora@kindergarten-1", measures=[measure("k1", "Play")]))

    act(table, "nora", UNIT, bko("municipal_health"))

    assert [each.addressee for each in tasks(table, "nora")] == ["municipal_health"]
