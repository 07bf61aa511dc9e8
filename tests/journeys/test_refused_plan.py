"""A need of a plan ends in no plan: the family is told where to complain by each act under which it was asked for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hub.model.calendar import norwegian_day
from hub.model.life import Life
from hub.model.service import System
from hub.security.identifiers import synthetic_number
from tests.journeys.offices import UNIT, open_offices
from tests.journeys.systems import PLAN_DOCUMENT, SYSTEMS, system
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.town import Town

SCHOOL, WELFARE, SOCIAL = SYSTEMS["school"], SYSTEMS["child_welfare"], SYSTEMS["nav"]
STATE = system("nav-2", "nav_state", "nav", PLAN_DOCUMENT)
NUMBER = next(found for serial in range(500, 560) if (found := synthetic_number(date(2019, 3, 4), serial)))
WHY = "Hjelpen barnet har, er nok til at det ikke trengs en plan."
GOVERNOR = "county_governor"


@pytest.fixture
def desk(town: Town) -> Town:
    open_offices(town.world)
    town.world.register(CONTROL, STATE)
    return town


def need(town: Town, by: System) -> None:
    told = {"person": "emp-1", "reference": f"sak-{by.service}", "number": NUMBER}
    assert town.call(by, "POST", "/v1/needs", json=told).status_code == 202


def case(town: Town) -> str:
    mine = town.call(CONTROL, "GET", "/v1/tasks", headers={"Langbenk-Person": UNIT}).json()
    (plan,) = {one["plan"] for one in mine if one["kind"] == "consider_need"}
    return str(plan)


def refuse(town: Town, plan: str, authority: str = "vedtak-9", language: str = "nb") -> list[Any]:
    no = {"person": UNIT, "wish": "plan", "authority": authority, "reason": WHY}
    path = f"/v1/plans/{plan}/refusals?language={language}"
    told: list[Any] = town.call(CONTROL, "POST", path, json=no, headers={"If-Match": "*"}).json()
    return told


def ways(refused: Any) -> list[tuple[str, str, str]]:
    return [(one["right"], one["body"], f"{one['act']} {one['section']}") for one in refused["complaints"]]


@pytest.mark.parametrize(
    ("by", "way", "weeks"),
    [
        (SCHOOL, ("pbrl § 2-5", GOVERNOR, "pbrl § 7-2"), 4),
        (WELFARE, ("bvl § 15-9", GOVERNOR, "bvl § 12-9"), 3),
        (SOCIAL, ("sotjl § 28", GOVERNOR, "sotjl § 47"), 3),
        (STATE, ("nav § 15", "nav_appeals", "fvl § 28"), 3),
    ],
)
def test_the_way_to_complain_is_that_of_the_act_under_which_it_was_asked_for(
    desk: Town, by: System, way: tuple[str, str, str], weeks: int
) -> None:
    need(desk, by)
    (refused,) = refuse(desk, case(desk))

    last = norwegian_day(desk.world.hub.clock.now()) + timedelta(weeks=weeks)
    assert ways(refused) == [way]
    assert refused["complaints"][0]["complain_by"] == last.isoformat()
    assert f"innen {weeks} uker" in refused["how_to_complain"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nb", "Etter barnevernsloven § 15-9: Den som er uenig, kan klage innen 3 uker"),
        ("nn", "Etter barnevernsloven § 15-9: Den som er usamd, kan klage innan 3 veker"),
        ("en", "By barnevernsloven § 15-9: Whoever disagrees may complain within 3 weeks"),
    ],
)
def test_where_several_acts_give_the_right_each_way_is_told(desk: Town, language: str, said: str) -> None:
    for by in (SCHOOL, WELFARE):
        need(desk, by)
    (refused,) = refuse(desk, case(desk), language=language)

    told = refused["how_to_complain"]
    assert [right for right, _, _ in ways(refused)] == ["pbrl § 2-5", "bvl § 15-9"]
    assert said in told
    assert "barnevernsloven § 12-9" in told and "pasient- og brukerrettighetsloven § 7-2" in told
    assert "forvaltningsloven § 29" in told and "pasient- og brukerrettighetsloven § 7-5" in told


def test_a_second_refusal_tells_the_ways_of_who_asked_since(desk: Town) -> None:
    need(desk, WELFARE)
    plan = case(desk)
    refuse(desk, plan)
    need(desk, SOCIAL)
    first, second = refuse(desk, plan, "vedtak-10")

    assert [ways(one)[0][0] for one in (first, second)] == ["bvl § 15-9", "sotjl § 28"]


def test_the_family_reads_it_and_no_way_tells_guardians_what_is_withheld_from_them(desk: Town) -> None:
    child = desk.world.at_table("nora", number=NUMBER, life=Life())
    for by in (SCHOOL, WELFARE):
        need(desk, by)
    refuse(desk, case(desk))
    before = told(desk, child, "guardian")
    desk.world.facts(child, withheld=frozenset({"care_situation"}))
    after = told(desk, child, "guardian")

    assert "barnevernsloven" in before["how_to_complain"]
    assert "barnevern" not in str(after) and "bvl" not in str(after)
    assert [one["right"] for one in after["complaints"]] == ["pbrl § 2-5"]
    assert ways(told(desk, child, "child")) == ways(before)


def told(town: Town, child: str, reader: str) -> Any:
    path = f"/v1/persons/{child}/logbook?for={reader}"
    (line,) = town.call(CONTROL, "GET", path).json()["lines"]
    return line
