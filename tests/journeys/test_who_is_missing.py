"""Which services are in a plan and which are missing, for whoever coordinates; nobody else, and nobody secret."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from hub.model.official import Official
from hub.model.service import System
from tests.journeys.command import Shell
from tests.journeys.nora import LEAD, SCHOOL, code, day, post, set_table
from tests.journeys.offices import CONTROL, UNIT, open_offices
from tests.journeys.systems import HOME, PLAN_DOCUMENT, SYSTEMS
from tests.journeys.town import Town
from tests.journeys.world import World

HEALTH, WELFARE = SYSTEMS["health"], SYSTEMS["child_welfare"]
NOTICE = "Visningen kan være ufullstendig. This view may be incomplete."
WISHED = [{"id": "w1", "title": "Utredning", "service": "ppt", "status": "wished", "categories": ["care_situation"]}]


@pytest.fixture
def desk(town: Town) -> Town:
    """School, kindergarten and child welfare at Nora's table; the municipal health service coordinates, and asks."""
    set_table(town)
    town.world.seat("nora", WELFARE, f"nora@{WELFARE.id}")
    return town


def read(town: Town, person: str, by: System = CONTROL) -> Any:
    path = f"/v1/plans/{town.world.plans['nora']}/services"
    return town.call(by, "GET", path, headers={"Langbenk-Person": person})


def states(answer: Any) -> dict[str, str]:
    return {each["service"]: each["state"] for each in answer.json()["services"]}


def words(answer: Any, service: str, language: str = "nb") -> str:
    (found,) = (each["words"][language] for each in answer.json()["services"] if each["service"] == service)
    return str(found)


def test_whoever_coordinates_sees_who_takes_part_who_is_silent_and_who_is_missing(desk: Town) -> None:
    for service, starts_on in (("school", None), ("family_counselling", None), ("after_school", day(desk, 30))):
        post(desk, LEAD, "invitations", service=service, starts_on=starts_on)
    post(desk, "teacher-1", "invitations/answer", answer="decline", reason="no capacity")
    document = {"schema": PLAN_DOCUMENT, "notice": NOTICE, "child": {"id": f"nora@{WELFARE.id}"}, "cooperation": WISHED}
    (part,) = desk.settled(WELFARE, desk.post(WELFARE, orjson.dumps(document)))
    found = read(desk, LEAD)

    assert part["state"] == "merged"
    assert states(found) == {
        "child_welfare": "takes_part",
        "kindergarten": "takes_part",
        "municipal_health": "takes_part",
        "after_school": "invited",
        "family_counselling": "invited",
        "school": "declined",
        "nav_social": "missing",
        "ppt": "missing",
    }
    assert words(found, "school", "nn") == "Skule har sagt nei til å delta."
    assert "has not been asked: the plan wishes for cooperation" in words(found, "ppt", "en")
    assert words(found, "after_school").startswith(f"Skolefritidsordning (SFO) er spurt om å delta fra {day(desk, 30)}")
    assert "ufullstendig" in found.json()["notice"]["nb"]


def test_nobody_else_reads_it(desk: Town) -> None:
    stranger = read(desk, "emp-1", SYSTEMS["nav"])

    assert code(read(desk, "teacher-1")) == code(read(desk, "emp-1", SCHOOL)) == (403, "not_authorised")
    assert code(stranger) == (404, "not_found")
    assert code(read(desk, "nobody-7")) == (403, "not_authorised")


def test_a_coordinator_does_not_learn_of_a_service_it_may_not_know_of_and_the_office_does(desk: Town) -> None:
    desk.world.at_table("nora", SCHOOL, HEALTH, WELFARE, consent=False)
    child = desk.world.plan("nora").child
    desk.world.consent(child, "nora", "mother", "father", receivers=frozenset({"municipal_health", "crisis_centre"}),
                       categories=frozenset({"education", "plan_goal"}))  # fmt: skip
    post(desk, UNIT, "invitations", service="family_counselling")
    post(desk, LEAD, "invitations", service="ppt")
    lead, office = read(desk, LEAD), read(desk, UNIT)
    own_system = read(desk, "emp-1", HEALTH)

    assert (
        states(lead)
        == states(own_system)
        == {"municipal_health": "takes_part", "school": "takes_part", "ppt": "invited"}
    )
    assert states(office).keys() - states(lead).keys() == {"child_welfare", "family_counselling", "crisis_centre"}
    assert "crisis" not in lead.text
    assert lead.json()["notice"] == office.json()["notice"]


def test_a_plans_life_names_to_a_service_only_those_it_may_know_of(desk: Town) -> None:
    desk.world.at_table("nora", SCHOOL, HEALTH, consent=False)
    for service in ("ppt", "crisis_centre"):
        post(desk, UNIT, "invitations", service=service)
    path = f"/v1/plans/{desk.world.plans['nora']}/life"
    seats = {
        by.service: [
            each["service"] for each in desk.call(by, "GET", path, headers={"Langbenk-Person": UNIT}).json()["seats"]
        ]
        for by in (SCHOOL, CONTROL)
    }

    assert seats == {"school": ["ppt"], "coordinating_unit": ["ppt", "crisis_centre"]}


def test_the_command_line_says_it_in_the_readers_language(shell: Shell, manned: World) -> None:
    open_offices(manned)
    manned.authorise(Official("nurse-2", HOME, frozenset({"coordinator"}), "municipal_health"))
    manned.at_table("nora", SCHOOL)
    plan = manned.plans["nora"]
    shell.run("plan", "invite", plan, "after_school", "--person", "nurse-2")

    told = shell.run("plan", "services", plan, "--person", "nurse-2", "-l", "nn").out
    listed = shell.run("plan", "services", plan, "--person", UNIT, "--json").json
    refused = shell.run("plan", "services", plan, "--person", "teacher-1")

    assert "har ikkje svart" in told and "Lista kan vere ufullstendig" in told
    assert ("child_welfare", "missing") in [(one["service"], one["state"]) for one in listed]
    assert (refused.status, "not_authorised" in refused.err) == (1, True)
