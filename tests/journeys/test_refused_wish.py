"""A family wishes a child coordinator and is refused: with a reason, a body to complain to, and a day to do it by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.model.responsibility import Responsibility
from hub.model.service import System
from tests.journeys.offices import AUTHORITY, UNIT, act, open_offices, reply, tasks
from tests.journeys.systems import SYSTEMS
from tests.journeys.test_coordination_over_http import CONTROL, post
from tests.journeys.town import Town

SCHOOL = SYSTEMS["school"]
WHY = "Behovet for tjenester er ikke langvarig."


@pytest.fixture
def desk(town: Town) -> Town:
    """The school at Nora's table, whose family has said that it wishes a child coordinator."""
    open_offices(town.world)
    town.world.register(CONTROL)
    town.world.at_table("nora", SCHOOL, responsibility=Responsibility())
    post(town, SCHOOL, "emp-1", "wishes")
    return town


def refuse(town: Town, by: System = CONTROL, person: str = UNIT, authority: str = "vedtak-43", seen: str = "*") -> Any:
    path = f"/v1/plans/{town.world.plans['nora']}/refusals"
    told = {"person": person, "wish": "child_coordinator", "authority": authority, "reason": WHY}
    return town.call(by, "POST", path, json=told, headers={"If-Match": seen})


def read(town: Town, language: str, by: System = CONTROL, person: str = UNIT) -> Any:
    path = f"/v1/plans/{town.world.plans['nora']}/refusals?language={language}"
    return town.call(by, "GET", path, headers={"Langbenk-Person": person})


def test_a_refusal_says_why_and_where_and_by_when_to_complain(desk: Town) -> None:
    (told,) = refuse(desk).json()

    last = desk.world.hub.clock.now().date() + timedelta(weeks=4)
    assert (told["authority"], told["reason"]) == ("vedtak-43", WHY)
    (way,) = told["complaints"]
    assert (way["body"], way["act"], way["section"]) == ("county_governor", "pbrl", "§ 7-2")
    assert abs((last - type(last).fromisoformat(way["complain_by"])).days) <= 1  # the day in Norway
    assert tasks(desk.world, "nora") == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("nb", "kan klage innen 4 uker"), ("nn", "kan klage innan 4 veker"), ("en", "may complain within 4 weeks")],
)
def test_it_is_told_in_the_familys_language(desk: Town, language: str, said: str) -> None:
    refuse(desk)

    (told,) = read(desk, language).json()
    assert said in told["how_to_complain"]
    assert "§ 2-5 c" in told["how_to_complain"]


def test_only_the_municipalitys_office_refuses_and_reads_it(desk: Town) -> None:
    barred = refuse(desk, person="teacher-1")
    refuse(desk)

    assert (barred.status_code, barred.json()["code"]) == (403, "not_authorised")
    assert read(desk, "nb", person="teacher-1").status_code == 403
    assert refuse(desk, SCHOOL, "emp-1").json()["code"] == "insufficient_scope"


def test_the_same_refusal_twice_is_one_and_without_a_wish_there_is_none(desk: Town) -> None:
    refuse(desk)
    again = refuse(desk)
    without = refuse(desk, authority="vedtak-44")

    assert len(again.json()) == 1
    assert (without.status_code, without.json()["code"]) == (422, "not_asked")


def test_a_new_wish_after_a_refusal_is_decided_anew(desk: Town) -> None:
    refuse(desk)
    post(desk, SCHOOL, "emp-1", "wishes")
    refuse(desk, authority="vedtak-44")

    assert [one["authority"] for one in read(desk, "nb").json()] == ["vedtak-43", "vedtak-44"]


def test_a_new_wish_that_is_refused_in_the_same_case_is_answered_too(desk: Town) -> None:
    refuse(desk)
    post(desk, SCHOOL, "emp-1", "wishes")
    refuse(desk)

    assert [one["authority"] for one in read(desk, "nb").json()] == ["vedtak-43", "vedtak-43"]
    assert tasks(desk.world, "nora") == []


def test_a_plain_answer_refuses_nobody(desk: Town) -> None:
    (task,) = tasks(desk.world, "nora")
    with pytest.raises(Exception, match="answered by what it asks for"):
        reply(desk.world, task, AUTHORITY, "refuse", WHY)

    assert act(desk.world, "nora", AUTHORITY, lambda case: case.facts.refusals) == ()


def test_a_need_that_makes_no_plan_is_a_refusal_too_and_whoever_notified_it_learns_of_it(desk: Town) -> None:
    told = {"person": "emp-1", "reference": "sak-7", "unborn": True}
    desk.call(SCHOOL, "POST", "/v1/needs", json=told)
    mine = desk.call(CONTROL, "GET", "/v1/tasks", headers={"Langbenk-Person": UNIT}).json()
    (need,) = [one for one in mine if one["kind"] == "consider_need"]
    no = {"person": UNIT, "wish": "plan", "authority": "vedtak-9", "reason": WHY}
    path = f"/v1/plans/{need['plan']}/refusals?language=nn"
    (refused,) = desk.call(CONTROL, "POST", path, json=no, headers={"If-Match": "*"}).json()
    seen = desk.call(SCHOOL, "GET", f"/v1/tasks/{need['id']}", headers={"Langbenk-Person": "emp-1"}).json()

    assert (refused["wish"], refused["complaints"][0]["section"]) == ("plan", "§ 7-2")
    assert "lagar ingen individuell plan" in refused["how_to_complain"]
    assert (seen["state"], seen["answer"], seen["reason"]) == (
        "answered",
        "no_plan",
        None,
    )  # only the family is told
