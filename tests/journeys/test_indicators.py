"""Indicators for a preventive plan: of a year's work for children with compound needs, with no child in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

from hub.model.life import Life, Need, RelayLog
from hub.model.responsibility import Responsibility
from hub.ops.closing import close
from hub.ops.indicators import indicators
from hub.ops.published import as_csv, document
from hub.ops.together import ask_to_cooperate, raise_gap
from hub.ops.yearly import Report
from tests.journeys.command import Shell
from tests.journeys.offices import CONTROL, UNIT, act, open_offices, reply, tasks
from tests.journeys.systems import SYSTEMS
from tests.journeys.test_yearly_figures import SEVEN, figures
from tests.journeys.town import Town
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]


def cases(world: World, names: tuple[str, ...] = SEVEN, **told: Any) -> None:
    """A hospital saw the need ten days ago; the plan begins today, and it is described how the child took part."""
    now = world.clock.now()
    life = Life(now, (Need("hospital", "sak-1", now - timedelta(days=10)),), participation=now)
    for name in names:
        world.at_table(name, SCHOOL, NURSERY, SYSTEMS["child_welfare"], **{"life": life, **told})


def year_over(world: World, year: int = 2026) -> Report:
    world.clock.instant = world.clock.instant.replace(year=year + 1, month=2)
    with world.hub.store.begin() as work:
        return indicators(work, world.desk, year)


def test_how_many_have_a_plan_a_child_coordinator_and_a_say_and_how_long_it_took(world: World) -> None:
    cases(world)

    found = year_over(world)
    begun, appointed = (next(each for each in found.tables if each.id == id) for id in ("begun", "appointed"))

    assert figures(found, "coordinated") == {("all", "all"): 7, ("child_coordinator", "all"): 7}
    assert figures(found, "participation") == {("all", "all"): 7, ("described", "all"): 7}
    assert (begun.figures["3", "all"], begun.took["all"].median) == (7, 10.0)
    assert (appointed.figures["child_coordinator", "all"], appointed.took["all"].longest) == (7, 10.0)


def test_of_few_nothing_is_told_nor_can_it_be_worked_out_from_another_table(world: World) -> None:
    cases(world)
    cases(world, ("liv", "per"), responsibility=Responsibility(), life=Life(world.clock.now()))

    found = year_over(world)

    assert figures(found, "coordinated") == {("other", "all"): 9, ("all", "all"): 9}
    assert figures(found, "participation") == {("other", "all"): 9, ("all", "all"): 9}


def test_how_long_it_took_is_not_told_of_few(world: World) -> None:
    cases(world, SEVEN[:3])
    cases(world, SEVEN[3:], life=Life(world.clock.now()))

    (begun,) = [each for each in year_over(world).tables if each.id == "begun"]

    assert (begun.figures["all", "all"], begun.took) == (7, {})


def test_as_it_stood_when_the_year_was_over_whatever_has_happened_since(world: World) -> None:
    open_offices(world)
    cases(world)
    before = document(year_over(world))
    for name in SEVEN:
        act(world, name, UNIT, lambda case: close(case, "no_need"))

    assert document(year_over(world)) == before


def test_gaps_and_requests_without_an_answer_are_told_by_service_and_the_protected_ones_as_other(world: World) -> None:
    open_offices(world)
    cases(world)
    for name in SEVEN:
        for person in ("teacher-1", "caseworker-1"):
            act(world, name, person, lambda case: raise_gap(case, "nobody can drive her"))
        act(world, name, "nurse-1", lambda case: ask_to_cooperate(case, "school", "let us see the classroom"))
        for task in tasks(world, name, "cooperate")[: name != "nora"]:
            reply(world, task, "teacher-1", "accept")

    found = year_over(world)
    told = as_csv(found)

    assert figures(found, "gaps")["school", "unanswered"] == figures(found, "gaps")["other", "unanswered"] == 7
    assert figures(found, "cooperation") == dict.fromkeys(product(("school", "all"), ("other", "all")), 7)
    assert [word for word in ("child_welfare", *world.plans, *world.plans.values()) if word in told] == []


def test_relay_logs_handed_over_are_counted(world: World) -> None:
    now = world.clock.now()
    cases(world, life=Life(now, relay_logs=(RelayLog("school", now),)))

    assert figures(year_over(world), "handed_over")["3", "all"] == 7


def test_they_leave_in_open_form_with_a_description_in_three_languages(town: Town) -> None:
    cases(town.world)
    town.world.register(CONTROL, replace(CONTROL, id="control-2", municipality="9998", client_id="client-control-2"))
    town.world.clock.instant += timedelta(days=200)

    told = town.call(CONTROL, "GET", "/v1/reports/indicators/2026").json()
    lines = town.call(CONTROL, "GET", "/v1/reports/indicators/2026?format=csv").text

    assert all(each[name].keys() == {"nb", "nn", "en"} for each in told["tables"] for name in ("title", "about"))
    assert "indicators,9999,2026,coordinated,child_coordinator,all,number,7" in lines.splitlines()
    assert town.call(SCHOOL, "GET", "/v1/reports/indicators/2026").status_code == 403


def test_the_command_line_has_them(shell: Shell, manned: World) -> None:
    told = shell.run("report", "indicators", 2025, "--json").json

    assert (told["report"], told["year"], len(told["tables"])) == ("indicators", 2025, 8)
