"""A plan begins: a need is notified, a relay log handed over, the family agrees; only then services work on it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hub.model.life import Life
from hub.model.official import Agreement
from hub.ops.casework import Casework
from hub.ops.creation import Agreed, begin, hand_over_stafettlogg, keep_stafettlogg
from hub.ops.hands import systems_hand
from hub.ops.needs import Notice, notify
from hub.ops.officials import Barred
from hub.ops.tasks import Put
from hub.security.identifiers import synthetic_number
from tests.journeys.offices import UNIT, act, barred, open_offices, tasks
from tests.journeys.systems import HOME, SYSTEMS, measure, support_plan, system
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
BUP = system("bup-1", "bup", "health", "no.langbenk.health.v1.fhir-bundle")
NUMBER = next(found for serial in range(500, 560) if (found := synthetic_number(date(2019, 3, 4), serial)))
BOTH = (Agreed("nora-mother", "form-1"), Agreed("nora-father", "form-2"))


@pytest.fixture
def case(world: World) -> World:
    """A case has been opened for Nora; the plan has not begun."""
    open_offices(world)
    world.at_table("nora", SCHOOL, NURSERY, life=Life())
    return world


def says(world: World) -> tuple[str, str | None]:
    (part,) = world.tell(SCHOOL, support_plan("nora@school-1", measures=[measure("m1", "A quiet start")])).parts
    return part.state, part.code


def starts(service: str = "municipal_health", *agreed: Agreed) -> Any:
    return lambda case: begin(case, service, agreed or BOTH)


def notice(world: World, told: Notice) -> Casework | Barred:
    with world.hub.store.begin() as work:
        done = notify(work, world.desk, systems_hand(BUP, "emp-9"), told)
    if isinstance(done, Casework):
        world.plans["needed"] = done.plan.id
    return done


def test_nothing_is_merged_or_told_before_the_family_has_agreed_to_the_plan(case: World) -> None:
    before = says(case)
    act(case, "nora", UNIT, starts())
    after = says(case)

    assert (before, after) == (("refused", "plan_not_begun"), ("merged", None))
    assert "A quiet start" in str(case.take(NURSERY))


def test_there_is_no_plan_without_the_consent_of_everybody_who_must_agree(case: World) -> None:
    refused = act(case, "nora", UNIT, starts("municipal_health", BOTH[0]))

    assert isinstance(refused, Barred)
    assert (refused.code, "nora-father" in str(refused.way_out)) == ("no_plan_consent", True)


def test_consent_to_the_plan_opens_nothing(case: World) -> None:
    opened = act(case, "nora", UNIT, lambda one: one)
    assert isinstance(opened, Casework)
    case.withdraw(*[one.id for one in opened.facts.consents])
    act(case, "nora", UNIT, starts())
    says(case)

    assert case.fetch(NURSERY) == []


@pytest.mark.parametrize(
    ("service", "may"),
    [("municipal_health", True), ("child_welfare", True), ("school", False), ("kindergarten", False)],
)
def test_those_with_the_duty_start_plans_and_others_notify_the_need(case: World, service: str, may: bool) -> None:
    done = act(case, "nora", UNIT, starts(service))

    assert isinstance(done, Casework) if may else barred(done) == "no_duty_to_start"


def test_an_open_relay_log_is_handed_over_first_and_its_keeper_has_a_task(case: World) -> None:
    act(case, "nora", "teacher-1", keep_stafettlogg)
    refused = act(case, "nora", UNIT, starts())
    (task,) = tasks(case, "nora", "hand_over_stafettlogg")
    history = [(case.hub.clock.now(), "We met her parents twice.")]
    act(case, "nora", "teacher-1", lambda one: hand_over_stafettlogg(one, history))
    begun = act(case, "nora", UNIT, starts())

    assert (barred(refused), task.addressee, task.system) == ("stafettlogg_open", "school", SCHOOL.id)
    assert isinstance(begun, Casework)
    assert (begun.facts.life.stafettlogg, tasks(case, "nora", "hand_over_stafettlogg")) == (None, [])
    with case.hub.store.begin() as work:
        assert [one.words for one in work.logbook.of(HOME, begun.plan.id, "stafettlogg")] == [history[0][1]]


def test_who_keeps_the_relay_log_is_not_told_whoever_may_not_know_it(case: World) -> None:
    case.register(BUP)
    case.at_table("nora", BUP, life=Life(stafettlogg="child_welfare"), consent=False)
    told = act(case, "nora", UNIT, starts())
    untold = act(case, "nora", "therapist-1", starts("bup"))

    assert (barred(told), barred(untold)) == ("stafettlogg_open", "stafettlogg_open")
    assert isinstance(told, Barred) and "child_welfare" in str(told.way_out)
    assert isinstance(untold, Barred) and "child_welfare" not in str(untold.way_out)


def test_a_need_that_waits_is_not_ended_by_one_who_starts_no_plans(case: World) -> None:
    act(case, "nora", UNIT, starts())
    act(case, "nora", UNIT, lambda one: (one.put(Put("consider_need", subject="sak-7")), one)[1])
    refused = act(case, "nora", "teacher-1", starts("school"))
    waits = [each.kind for each in tasks(case, "nora", "consider_need")]
    act(case, "nora", UNIT, starts())

    assert (barred(refused), waits) == ("no_duty_to_start", ["consider_need"])
    assert tasks(case, "nora", "consider_need") == []


def test_a_need_is_notified_along_the_agreement_and_is_a_task_for_the_unit_without_content(world: World) -> None:
    open_offices(world)
    with world.hub.store.begin() as work:
        work.directory.agree([Agreement("avtale-13", HOME, ("bup", "hospital"), "kontakt@bup")])
    done = notice(world, Notice("sak-7", NUMBER))
    notice(world, Notice("sak-7", NUMBER))

    (task,) = tasks(world, "needed")
    assert isinstance(done, Casework)
    assert (task.kind, task.addressee, task.subject, task.asked_by) == (
        "consider_need",
        "coordinating_unit",
        "sak-7",
        "bup",
    )
    assert [(one.service, one.agreement) for one in done.facts.life.needs] == [("bup", "avtale-13")]


def test_without_an_agreement_the_notice_comes_through_and_the_municipality_is_told_that_one_is_missing(
    world: World,
) -> None:
    open_offices(world)
    notice(world, Notice("sak-7", unborn=True))

    assert [each.kind for each in tasks(world, "needed")] == ["consider_need", "agree_on_cooperation"]


def test_two_who_notify_the_same_person_come_to_one_case(world: World) -> None:
    open_offices(world)
    notice(world, Notice("sak-7", NUMBER))
    first = world.plans["needed"]
    notice(world, Notice("sak-8", NUMBER))

    assert world.plans["needed"] == first
