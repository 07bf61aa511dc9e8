"""Who coordinates, over HTTP, while the hub runs: two at the same instant, systems for themselves, a dispute told."""

from __future__ import annotations

import threading
from typing import Any

import orjson
import pytest

from hub.model.official import Official
from hub.model.responsibility import Responsibility
from hub.model.service import System
from hub.ops.config import systems_from
from tests.journeys.offices import AUTHORITY, CONTROL, UNIT, open_offices
from tests.journeys.systems import HOME, NURSERY_PLAN, SEND, SYSTEMS, measure, nursery_plan
from tests.journeys.town import Town

SCHOOL, NURSERY, WELFARE = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["child_welfare"]


@pytest.fixture
def desk(town: Town) -> Town:
    """School and kindergarten at Nora's table; nobody coordinates."""
    open_offices(town.world)
    town.world.register(CONTROL)
    town.world.at_table("nora", SCHOOL, NURSERY, responsibility=Responsibility())
    return town


def read(town: Town, by: System, person: str) -> Any:
    path = f"/v1/plans/{town.world.plans['nora']}/coordination"
    return town.call(by, "GET", path, headers={"Langbenk-Person": person})


def post(town: Town, by: System, person: str, step: str, **told: Any) -> Any:
    """As a system does it: it has read who coordinates, and says so."""
    path = f"/v1/plans/{town.world.plans['nora']}/coordination/{step}"
    seen = told.pop("seen", None) or read(town, by, person).headers.get("ETag", "*")
    return town.call(by, "POST", path, json={"person": person, **told}, headers={"If-Match": seen})


def test_of_two_who_claim_in_the_same_instant_exactly_one_wins_and_the_other_is_answered(desk: Town) -> None:
    answers: dict[str, Any] = {}
    seen = read(desk, SCHOOL, "emp-1").headers["ETag"]
    together = threading.Barrier(2)

    def claims(system: System) -> None:
        together.wait()
        answers[system.service] = post(desk, system, "emp-1", "claims", seen=seen)

    both = [threading.Thread(target=claims, args=(each,)) for each in (SCHOOL, NURSERY)]
    for each in both:
        each.start()
    for each in both:
        each.join()

    won = [service for service, answer in answers.items() if answer.status_code == 200]
    (lost,) = (answer for answer in answers.values() if answer.status_code == 412)
    leads = desk.call(SCHOOL, "GET", f"/v1/plans/{desk.world.plans['nora']}/coordination", headers=PERSON).json()
    assert (len(won), lost.json()["code"]) == (1, "stale")
    assert (lost.json()["current"]["leads"], lost.headers["ETag"]) == (won[0], lost.json()["etag"])
    assert (leads["leads"], len(leads["history"])) == (won[0], 1)


def test_a_system_that_does_not_sit_at_the_table_finds_no_such_plan(desk: Town) -> None:
    assert post(desk, WELFARE, "emp-1", "claims").json()["code"] == "not_found"


def test_who_acts_for_a_service_that_takes_no_part_finds_no_such_plan(desk: Town) -> None:
    """Through the municipality's control room, too: knowing a plan's id opens nothing."""
    unknown = f"/v1/plans/{'0' * 32}/coordination"
    own, stranger = read(desk, CONTROL, "teacher-1"), read(desk, CONTROL, "therapist-1")
    nowhere = desk.call(CONTROL, "GET", unknown, headers={"Langbenk-Person": "therapist-1"})
    claimed = post(desk, CONTROL, "therapist-1", "claims")

    assert own.status_code == 200
    assert [each.json() | {"instance": ""} for each in (stranger, claimed)] == [nowhere.json() | {"instance": ""}] * 2
    assert nowhere.status_code == 404


def test_whoever_is_asked_to_coordinate_may_read_and_answer_without_a_seat(desk: Town) -> None:
    asked = post(desk, CONTROL, UNIT, "requests", service="after_school")
    answered = post(desk, CONTROL, "sfo-1", "claims")

    assert (asked.status_code, answered.status_code, answered.json()["leads"]) == (200, 200, "after_school")


def test_whoever_is_named_in_the_plan_finds_it_without_a_system_of_its_own(desk: Town) -> None:
    named = {"service": "after_school", "role": "contact", "categories": ["education"]}
    made = desk.call(CONTROL, "POST", "/v1/plans", json={"child": {}, "participants": [named]}).json()
    path = f"/v1/plans/{made['id']}/coordination"
    found = [desk.call(CONTROL, "GET", path, headers={"Langbenk-Person": who}) for who in ("sfo-1", "nav-1")]

    assert made["participants"] == ["after_school"]
    assert [each.status_code for each in found] == [200, 404]


def test_a_dispute_is_a_task_for_the_unit_and_the_authoritys_decision_answers_it(desk: Town) -> None:
    post(desk, SCHOOL, "emp-1", "claims")
    post(desk, NURSERY, "emp-2", "disputes", reason="vi ser henne hver dag")
    tasks = desk.call(CONTROL, "GET", "/v1/tasks", headers={"Langbenk-Person": AUTHORITY}).json()
    of_the_school = desk.call(SCHOOL, "GET", "/v1/tasks", headers=PERSON).json()

    barred = post(desk, CONTROL, "coordinator-1", "decisions", service="school", authority="sak-1")
    decided = post(desk, CONTROL, AUTHORITY, "decisions", service="kindergarten", authority="sak-1").json()

    assert ([each["kind"] for each in tasks], of_the_school) == (["decide_coordination"], [])
    assert "vi ser henne" not in str(tasks)
    assert (barred.status_code, barred.json()["code"]) == (403, "not_authorised")
    assert (decided["leads"], decided["disputed"]) == ("kindergarten", False)
    assert [(one["service"], one["ended_why"]) for one in decided["history"]] == [
        ("school", "decided"),
        ("kindergarten", None),
    ]


def test_the_refusal_to_appoint_a_hospital_names_the_way_out(desk: Town) -> None:
    refused = post(desk, CONTROL, AUTHORITY, "decisions", service="hospital", authority="sak-1")

    assert (refused.status_code, refused.json()["code"]) == (409, "not_appointable")
    assert "municipal_health" in refused.json()["way_out"]


def test_statements_are_read_by_the_municipalitys_office_alone(desk: Town) -> None:
    post(desk, SCHOOL, "emp-1", "claims")
    post(desk, NURSERY, "emp-2", "disputes", reason="vi ser henne hver dag")
    path = f"/v1/plans/{desk.world.plans['nora']}/coordination/statements"

    read = desk.call(CONTROL, "GET", path, headers={"Langbenk-Person": AUTHORITY})
    refused = desk.call(SCHOOL, "GET", path, headers=PERSON)

    assert [(one["service"], one["words"]) for one in read.json()] == [("kindergarten", "vi ser henne hver dag")]
    assert refused.status_code == 403


PERSON = {"Langbenk-Person": "emp-1"}
"""Somebody in the school: its own affair."""


def test_a_change_by_somebody_who_does_not_say_what_was_seen_is_refused(desk: Town) -> None:
    path = f"/v1/plans/{desk.world.plans['nora']}/coordination/claims"

    blind = desk.call(SCHOOL, "POST", path, json={"person": "emp-1"})
    stale = post(desk, SCHOOL, "emp-1", "claims", seen='"another"')

    assert (blind.status_code, blind.json()["code"]) == (428, "if_match_needed")
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert stale.headers["ETag"] == read(desk, SCHOOL, "emp-1").headers["ETag"]


def test_a_task_is_answered_by_whoever_has_seen_how_it_stands(desk: Town) -> None:
    post(desk, CONTROL, AUTHORITY, "requests", service="school")
    (task,) = desk.call(SCHOOL, "GET", "/v1/tasks", headers=PERSON).json()
    read_it = desk.call(SCHOOL, "GET", f"/v1/tasks/{task['id']}", headers=PERSON)
    told = {"person": "emp-1", "answer": "accept"}

    blind = desk.call(SCHOOL, "POST", f"/v1/tasks/{task['id']}/answer", json=told)
    stale = desk.call(SCHOOL, "POST", f"/v1/tasks/{task['id']}/answer", json=told, headers={"If-Match": '"x"'})

    assert (blind.status_code, stale.status_code) == (428, 412)
    assert stale.headers["ETag"] == read_it.headers["ETag"] == stale.json()["etag"]


PRIVATE = "private_kindergarten"
DOORS = [
    ("requests", AUTHORITY, {"service": PRIVATE}),
    ("decisions", AUTHORITY, {"service": PRIVATE, "authority": "sak-1"}),
    *(
        ("appointments", UNIT, {"service": PRIVATE, "post": post, "authority": "vedtak-1", "wished_on": "2026-01-05"})
        for post in ("child_coordinator", "coordinator", "main_responsible")
    ),
]


def test_a_private_kindergarten_takes_part_and_is_refused_as_coordinator_at_every_door(desk: Town) -> None:
    row = {"id": "private-1", "municipality": HOME, "service": PRIVATE, "adapter": "kindergarten"}
    row |= {"client_id": "client-private-1", "organisation": "310000001", "scopes": sorted(SEND)}
    (private,) = systems_from([row | {"document": NURSERY_PLAN}], desk.world.hub.registry)
    desk.world.register(private)
    desk.world.authorise(Official("private-nursery-1", HOME, frozenset({"coordinator"}), PRIVATE))
    desk.world.seat("nora", private, "nora@private-1")

    said = nursery_plan("nora@private-1", measures=[measure("m1", "A quiet start")])
    parts = desk.settled(private, desk.post(private, orjson.dumps(said)))
    refused = [post(desk, CONTROL, who, step, **told) for step, who, told in DOORS]
    refused.append(post(desk, private, "private-nursery-1", "claims"))
    path = f"/v1/plans/{desk.world.plans['nora']}/coordination"
    posts = ("child_coordinator", "coordinator", "main_responsible", "appointed")
    put = [desk.call(CONTROL, "PUT", path, json={name: PRIVATE}, headers={"If-Match": "*"}) for name in posts]
    begun = {"child": {"birth_date": "2022-05-01"}, "coordination": {"main_responsible": PRIVATE}}
    put.append(desk.call(CONTROL, "POST", "/v1/plans", json=begun))

    assert [part["state"] for part in parts] == ["merged"]
    assert {(each.status_code, each.json()["code"]) for each in refused} == {(409, "not_appointable")}
    assert {(each.status_code, each.json()["code"]) for each in put} == {(422, "impossible_fact")}
    assert read(desk, CONTROL, AUTHORITY).json()["leads"] is None
