"""What a family thinks of a service: a form that is counted and never kept, and figures that name nobody."""

from __future__ import annotations

from typing import Any

import pytest

from hub.ops.experiences import experience_report
from hub.policy.figures import ANSWERS
from tests.journeys.command import Shell
from tests.journeys.nora import LEAD, NURSERY, SCHOOL, code
from tests.journeys.offices import CONTROL, UNIT, open_offices
from tests.journeys.systems import HOME
from tests.journeys.test_yearly_figures import SEVEN, figures
from tests.journeys.town import Town
from tests.journeys.world import World

HEARD = {"heard": "agree"}


@pytest.fixture
def desk(town: Town) -> Town:
    """Seven children with school and kindergarten at the table; the municipal health service coordinates."""
    open_offices(town.world)
    town.world.register(CONTROL)
    for name in SEVEN:
        town.world.at_table(name, SCHOOL, NURSERY)
    return town


def tell(town: Town, name: str, service: str = "school", said_by: str = "", by: str = UNIT, **answers: str) -> Any:
    told = {"person": by, "said_by": said_by or f"{name}-mother", "service": service, "answers": answers or HEARD}
    return town.call(CONTROL, "POST", f"/v1/plans/{town.world.plans[name]}/experiences", json=told)


def report(world: World) -> Any:
    world.clock.instant = world.clock.instant.replace(year=2027, month=2)
    with world.hub.store.begin() as work:
        return experience_report(work, world.desk, 2026)


def test_the_form_is_read_in_three_languages(desk: Town) -> None:
    form = desk.call(CONTROL, "GET", "/v1/experiences/form").json()

    assert [each["id"] for each in form["questions"]] == ["heard", "informed", "together", "helped"]
    assert {tuple(sorted(each["words"])) for each in form["questions"]} == {("en", "nb", "nn")}
    assert form["answers"] == ANSWERS


def test_what_families_answer_is_told_in_figures_of_a_year_that_is_over(desk: Town) -> None:
    for name in SEVEN:
        assert tell(desk, name, heard="agree", together="disagree").status_code == 204
    for name in SEVEN[:5]:
        assert tell(desk, name, "kindergarten", heard="disagree").status_code == 204
    running = desk.call(CONTROL, "GET", "/v1/reports/experiences/2026")
    found = report(desk.world)
    over = desk.call(CONTROL, "GET", "/v1/reports/experiences/2026").json()

    assert code(running) == (409, "year_not_over")
    heard = figures(found, "heard")
    assert (heard["school", "agree"], heard["kindergarten", "disagree"], heard["all", "all"]) == (7, 5, 12)
    assert figures(found, "together") == dict.fromkeys(
        [("school", "disagree"), ("school", "all"), ("all", "disagree"), ("all", "all")], 7
    )
    assert over["tables"][0]["title"]["en"] == "The service listened to us"


def test_of_few_families_nothing_is_told(desk: Town) -> None:
    for name in SEVEN:
        tell(desk, name, heard="agree")
    for name in SEVEN[:2]:
        tell(desk, name, "kindergarten", heard="disagree")

    heard = figures(report(desk.world), "heard")

    assert "kindergarten" not in {row for row, _ in heard}
    assert 2 not in heard.values()


def test_a_form_is_counted_once_and_no_line_tells_who_answered_what(desk: Town) -> None:
    before = trails(desk.world, "nora")
    first, again, father = tell(desk, "nora"), tell(desk, "nora"), tell(desk, "nora", said_by="nora-father")

    assert first.status_code == 204
    assert code(again) == code(father) == (409, "already_decided")
    assert trails(desk.world, "nora") == before
    with desk.world.hub.store.begin() as work:
        assert [each.number for each in work.experiences.answered(HOME, 2026, "heard")] == [1]


def trails(world: World, name: str) -> Any:
    """Everything in the audit chain about the plan or the child, and the lines that the family or a service reads."""
    plan = world.plan(name)
    with world.hub.store.begin() as work:
        lines = [one.action for id in (plan.id, plan.child) for one in work.audit.of(HOME, id)]
        return lines, len(work.tasks.of(HOME, plan.id)), [each.id for each in work.logbook.of(HOME, plan.id, "request")]


def test_the_next_year_it_is_asked_anew(desk: Town) -> None:
    tell(desk, "nora")
    desk.world.clock.instant = desk.world.clock.instant.replace(year=2027)

    assert tell(desk, "nora").status_code == 204
    with desk.world.hub.store.begin() as work:
        assert [work.experiences.answered(HOME, year, "heard")[0].number for year in (2026, 2027)] == [1, 1]


def test_nobody_writes_down_what_is_thought_of_their_own_service_nor_for_a_stranger(desk: Town) -> None:
    own = tell(desk, "nora", "municipal_health", by=LEAD)
    other = tell(desk, "nora", by="teacher-1")
    stranger = tell(desk, "nora", said_by="ola-mother")
    absent = tell(desk, "nora", "ppt")
    odd = tell(desk, "nora", colour="agree")

    assert code(own) == (403, "own_service")
    assert code(other) == (403, "not_authorised")
    assert code(stranger) == (422, "not_family")
    assert code(absent) == (409, "not_at_table")
    assert code(odd) == (422, "unknown_word")
    assert odd.json()["way_out"].startswith("questions: heard")
    with desk.world.hub.store.begin() as work:
        assert work.experiences.answered(HOME, 2026, "heard") == []


def test_the_command_line_counts_it_too(shell: Shell, manned: World) -> None:
    open_offices(manned)
    manned.at_table("nora", SCHOOL, NURSERY)
    plan = manned.plans["nora"]
    asked = ["--person", UNIT, "--said-by", "nora-mother", "--municipality", HOME]

    said = shell.run("plan", "experience", plan, "school", *asked, "--answer", "heard=agree")
    again = shell.run("plan", "experience", plan, "school", *asked, "--answer", "heard=agree")

    assert (said.status, again.status) == (0, 1)
    assert "without who said it" in said.out
