"""Holds over HTTP: who asks is looked up, what is refused is a problem, and a question reaches whoever sent it."""

from __future__ import annotations

from typing import Any

import pytest

from hub.model.official import Official
from hub.ports import Hold
from tests.unit.api.conftest import EMP_12, KINDERGARTEN, OTHER_OFFICE, SCHOOL, World
from tests.unit.api.test_messages import GOOD, problem

TOLD = {"reason": "read it: it names nobody", "best_interest": "she is met in the mornings", "findings": ["CON-03"]}


@pytest.fixture
def receipt(world: World, plan: dict[str, Any]) -> dict[str, Any]:
    """The receipt of a message of which one element waits as `h-1`."""
    found: dict[str, Any] = world.send(GOOD, "m-1").json()
    now, part = world.hub.clock.now(), found["parts"][0]["part"]
    row = Hold("h-1", "0001", plan["id"], plan["child"], part, KINDERGARTEN.id, "e-1", "d-1", ("CON-03",), (), now,
               sender="school", due_at=now)  # fmt: skip
    with world.hub.store.begin() as work:
        work.holds.add([row])
    return found


def test_a_hold_says_from_whom_to_whom_whose_turn_and_until_when(world: World, receipt: dict[str, Any]) -> None:
    (listed,) = world.call("GET", "/v1/holds", headers=EMP_12).json()
    whole = world.call("GET", "/v1/holds/h-1", headers=EMP_12).json()

    assert (listed["sender"], listed["receiver"], listed["role"]) == ("school", KINDERGARTEN.id, "coordinator")
    assert listed["due_at"]
    assert (whole["people"], whole["needs"], whole["content"], whole["moves"]) == (2, ["coordinator"], None, [])


def test_two_people_release_and_both_reasons_stay(world: World, receipt: dict[str, Any]) -> None:
    first = world.call("POST", "/v1/holds/h-1/release", json=TOLD | {"person": "emp-12"}).json()
    second = world.call("POST", "/v1/holds/h-1/release", json=TOLD | {"person": "emp-13"}).json()
    moves = world.call("GET", "/v1/holds/h-1", headers=EMP_12).json()["moves"]

    assert (first["state"], first["agreed_by"]) == ("open", ["emp-12"])
    assert (second["state"], second["decided_by"]) == ("released", "emp-13")
    assert [(each["by"], each["words"]["reason"]) for each in moves] == [
        ("emp-12", TOLD["reason"]), ("emp-13", TOLD["reason"]),
    ]  # fmt: skip


def test_a_person_the_municipality_does_not_know_is_answered_403(world: World, receipt: dict[str, Any]) -> None:
    stranger = {"Langbenk-Person": "emp-99"}

    problem(world.call("GET", "/v1/holds", headers=stranger), 403, "not_authorised")
    problem(world.call("GET", "/v1/holds/h-1", headers=stranger), 403, "not_authorised")
    problem(world.call("POST", "/v1/holds/h-1/release", json=TOLD | {"person": "emp-99"}), 403, "not_authorised")
    problem(world.call("GET", "/v1/holds/h-1", by=OTHER_OFFICE, headers=EMP_12), 404, "not_found")
    trail = world.hub.store
    with trail.begin() as work:
        tried = [(line.action, line.detail["person"]) for line in work.audit.of("0001", "h-1")]
    assert tried == [("hold.barred", "emp-99")] * 2


def test_whoever_asks_must_be_named(world: World) -> None:
    problem(world.call("GET", "/v1/holds"), 422, "invalid_request")


def test_a_hold_is_handed_over_and_not_to_where_it_is(world: World, receipt: dict[str, Any]) -> None:
    told = {"person": "emp-12", "reason": "two services disagree", "to": "decision_authority"}

    handed = world.call("POST", "/v1/holds/h-1/handover", json=told).json()

    assert (handed["role"], handed["hops"]) == ("decision_authority", 1)
    problem(world.call("POST", "/v1/holds/h-1/handover", json=told), 409, "no_handover")


def test_the_sender_reads_the_question_in_its_receipt_and_answers_it(world: World, receipt: dict[str, Any]) -> None:
    address = f"/v1/messages/{receipt['id']}"
    asked = {"person": "emp-12", "question": "does the text name anybody else?"}
    assert world.call("POST", "/v1/holds/h-1/question", json=asked).status_code == 200
    (question,) = world.call("GET", address, by=SCHOOL).json()["questions"]
    told = {"question": question["id"], "answer": "no, it is her bear", "person": "emp-7"}
    assert world.call("GET", "/v1/mailbox", by=SCHOOL).json()["questions"] == [question]
    assert world.call("GET", "/v1/mailbox", by=KINDERGARTEN).json()["questions"] == []

    problem(world.call("POST", f"{address}/answers", by=KINDERGARTEN, json=told), 404, "not_found")
    answered = world.call("POST", f"{address}/answers", by=SCHOOL, json=told)

    assert (question["question"], answered.status_code) == (asked["question"], 204)
    assert world.call("POST", f"{address}/answers", by=SCHOOL, json=told).status_code == 204
    other = told | {"answer": "yes"}
    problem(world.call("POST", f"{address}/answers", by=SCHOOL, json=other), 409, "already_answered")
    assert world.call("GET", address, by=SCHOOL).json()["questions"] == []
    moves = world.call("GET", "/v1/holds/h-1", headers=EMP_12).json()["moves"]
    assert [(each["action"], each["by"]) for each in moves] == [("asked_sender", "emp-12"), ("answered", SCHOOL.id)]
    assert moves[1]["words"] == {"answer": told["answer"]}


def test_people_are_authorised_and_listed(world: World) -> None:
    told = [{"person": "emp-20", "roles": ["health_personnel"], "service": "municipal_health"}]

    assert world.call("PUT", "/v1/officials", json=told).json() == [told[0] | {"district": None}]
    assert told[0] | {"district": None} in world.call("GET", "/v1/officials").json()
    wrong = [{"person": "emp-20", "roles": ["coordinator"], "service": "circus"}]
    problem(world.call("PUT", "/v1/officials", json=wrong), 422, "bad_officials")
    problem(world.call("PUT", "/v1/officials", json=[{"person": "e", "roles": ["king"]}]), 422, "invalid_request")


def test_who_is_of_a_city_districts_unit_still_is_when_the_list_is_put_back_as_it_was_read(world: World) -> None:
    """Else she would be of the municipality's own unit from then on, and see children of every district."""
    with world.hub.store.begin() as work:
        work.directory.authorise([Official("emp-30", "0001", frozenset({"coordinator"}), district="000101")])
    read = world.call("GET", "/v1/officials").json()
    put = world.call("PUT", "/v1/officials", json=read)
    with world.hub.store.begin() as work:
        (found,) = work.directory.officials("0001", ["emp-30"])

    assert put.status_code == 200, put.text
    assert found.district == "000101"
    elsewhere = [{"person": "emp-30", "roles": ["coordinator"], "district": "000201"}]
    problem(world.call("PUT", "/v1/officials", json=elsewhere), 422, "bad_officials")


def test_whom_nobody_has_authorised_is_told_who_may(world: World) -> None:
    for answer in (
        world.call("GET", "/v1/holds", headers={"Langbenk-Person": "emp-99"}),
        world.call("GET", "/v1/tasks", headers={"Langbenk-Person": "emp-99"}),
    ):
        assert "/v1/officials" in problem(answer, 403, "not_authorised")["way_out"]
