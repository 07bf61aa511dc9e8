"""The figures of a year: what waited for people, how it ended and how long it took; nothing of too few."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.errors import UnusableError
from hub.ops.published import as_csv, document
from hub.ops.together import raise_gap
from hub.ops.yearly import Report, year_report
from tests.journeys.command import Shell
from tests.journeys.offices import CONTROL, act, open_offices
from tests.journeys.systems import EVERYTHING, SYSTEMS, measure, support_plan
from tests.journeys.town import Town
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
ELSEWHERE = replace(CONTROL, id="control-2", municipality="9998", client_id="client-control-2")
SEVEN = ("nora", "ola", "amir", "ida", "kim", "mia", "jon")


def waits(world: World, name: str) -> None:
    """The school's measure towards the kindergarten: free text, of which something has no consent."""
    child = world.at_table(name, SCHOOL, NURSERY, consent=False)
    world.consent(child, name, "mother", "father", categories=EVERYTHING - {"sped"})
    plain = measure("m1", "Reading alone", topic="special_education", text="with Siri")
    world.tell(SCHOOL, support_plan(f"{name}@school-1", measures=[plain]))


def year_over(world: World, names: tuple[str, ...]) -> None:
    """Each child's hold is decided after a day, the last one's never; then the year goes."""
    for name in names:
        waits(world, name)
    world.clock.instant += timedelta(days=1)
    for name in names[:-1]:
        world.release(*world.holds(name))
    world.clock.instant += timedelta(days=200)


def report(world: World, year: int = 2026) -> Report:
    with world.hub.store.begin() as work:
        return year_report(work, world.desk, year)


def figures(found: Report, table: str) -> dict[tuple[str, str], int | None]:
    (one,) = [each for each in found.tables if each.id == table]
    return dict(one.figures)


def test_what_waited_how_it_ended_and_how_long_it_took_is_counted_over_a_year(world: World) -> None:
    year_over(world, SEVEN)

    found = report(world)
    ended = next(each for each in found.tables if each.id == "holds_ended")

    assert figures(found, "holds_opened")["all", "3"] == 7
    assert (ended.figures["all", "released_in_time"], ended.figures["all", "all"]) == (6, 6)
    assert (ended.took["all"].median, ended.took["all"].longest, ended.took["all"].in_time) == (1.0, 1.0, 100)
    assert set(found.laws) >= {row for row in ended.rows if row[:3] == "RED"}


def test_of_so_few_nothing_is_told_and_no_id_of_anybody(world: World) -> None:
    year_over(world, SEVEN[:3])

    found = report(world)
    told = as_csv(found) + str(document(found))

    assert set(figures(found, "holds_opened").values()) == {None}
    assert all(not each.took for each in found.tables)
    assert [name for name in (*world.plans, *world.plans.values(), "Siri") if name in told] == []


def test_of_a_year_that_is_not_over_nothing_is_told(world: World) -> None:
    with pytest.raises(UnusableError) as caught:
        report(world)

    assert caught.value.code == "year_not_over"


def test_tasks_are_counted_with_those_who_never_answered(world: World) -> None:
    open_offices(world)
    for name in SEVEN:
        world.at_table(name, SCHOOL)
        act(world, name, "teacher-1", lambda case: raise_gap(case, "nobody can drive her"))
    world.clock.instant += timedelta(days=200)

    found = report(world)

    assert figures(found, "tasks_put")["fill_gap", "3"] == 7
    assert ("fill_gap", "all") not in figures(found, "tasks_answered")


def test_the_municipalitys_office_reads_them_over_http_and_only_its_own(town: Town) -> None:
    world = town.world
    world.register(CONTROL, ELSEWHERE)
    world.clock.instant += timedelta(days=200)
    seen: dict[str, Any] = town.call(CONTROL, "GET", "/v1/reports/year/2026").json()
    lines = town.call(CONTROL, "GET", "/v1/reports/year/2026?format=csv")
    early, stranger = (town.call(by, "GET", f"/v1/reports/year/{of}") for by, of in ((CONTROL, 2027), (SCHOOL, 2026)))

    assert (seen["municipality"], seen["fewest"], len(seen["tables"])) == ("9999", 5, 6)
    assert next(csv.reader(lines.text.splitlines()))[:3] == ["report", "municipality", "year"]
    assert lines.headers["content-type"].startswith("text/csv")
    assert (early.json()["code"], stranger.json()["code"]) == ("year_not_over", "insufficient_scope")
    assert town.call(ELSEWHERE, "GET", "/v1/reports/year/2026").json()["municipality"] == "9998"


def test_the_command_line_shows_a_table_json_and_csv(shell: Shell, manned: World) -> None:
    table = shell.run("report", "year", 2025, "-l", "en")
    json, lines = (shell.run("report", "year", 2025, form) for form in ("--json", "--csv"))
    early = shell.run("report", "year", 2999)

    assert "How what waited ended" in table.out and "fewer than 5 children" in table.out
    assert [each["id"] for each in json.json["tables"]][:2] == ["holds_opened", "holds_ended"]
    assert lines.out.startswith("report,municipality,year,table,row,column,measure,value\n")
    assert (early.status, "year_not_over" in early.err) == (1, True)
