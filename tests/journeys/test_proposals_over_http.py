"""A proposal is accepted, declined or countered over HTTP, and its sender reads in its receipt what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from hub.model.responsibility import Responsibility
from tests.journeys.systems import HOME, SYSTEMS, measure, nursery_plan
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.town import Town

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
NURSERY_LEADS = Responsibility(child_coordinator="kindergarten")
COORDINATOR = {"person": "coordinator-1", "reason": "talked it over with the parents"}


@dataclass
class Case:
    """The school has written on the kindergarten's measure; the receipt's address, and the proposal's id."""

    town: Town
    receipt: str
    id: str

    def post(self, system: Any, id: str, step: str, **told: Any) -> Any:
        path, seen = f"/v1/proposals/{id}/{step}", {"If-Match": "*"}
        return self.town.call(system, "POST", path, json={**COORDINATOR, **told}, headers=seen)

    def answer(self, system: Any, id: str, accepted: bool) -> Any:
        told = {"person": "teacher-1", "reason": "that is fine with us", "accepted": accepted}
        return self.town.call(system, "POST", f"/v1/messages/proposals/{id}/answer", json=told)

    def told(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.town.call(SCHOOL, "GET", self.receipt).json()["proposals"]
        return found

    def titles(self) -> set[str]:
        return self.town.world.titles("nora", "measure")


@pytest.fixture
def case(town: Town) -> Case:
    town.world.register(CONTROL)
    town.world.at_table("nora", SCHOOL, NURSERY, responsibility=NURSERY_LEADS)
    plan = nursery_plan("nora@kindergarten-1", measures=[measure("k1", "Play with the big ones")])
    town.settled(NURSERY, town.post(NURSERY, orjson.dumps(plan)))
    (document,) = fetched(town)
    edited = {**document, "measures": [{**each, "title": "Play in the afternoon"} for each in document["measures"]]}
    sent = town.post(SCHOOL, orjson.dumps(edited))
    town.settled(SCHOOL, sent)
    (waiting,) = town.world.proposals("nora")
    return Case(town, sent.headers["Location"], waiting.id)


def fetched(town: Town) -> list[Any]:
    return list(town.world.take(SCHOOL))


def test_its_sender_reads_that_it_waits_and_then_that_it_was_declined_and_why(case: Case) -> None:
    (waits,) = case.told()

    case.post(CONTROL, case.id, "decline")

    (declined,) = case.told()
    assert (waits["state"], waits["reason"]) == ("open", None)
    assert (declined["state"], declined["reason"]) == ("declined", COORDINATOR["reason"])
    (document,) = fetched(case.town)
    assert [each["title"] for each in document["measures"]] == ["Play with the big ones"]


def test_what_is_proposed_in_return_stands_in_the_receipt_and_enters_once_its_sender_accepts(case: Case) -> None:
    made = case.post(CONTROL, case.id, "counter", content={"title": "Play after lunch"})
    first, counter = case.told()

    accepted = case.answer(SCHOOL, made.json()["id"], True)

    assert (made.status_code, accepted.status_code) == (200, 200)
    assert (first["state"], first["reason"]) == ("countered", COORDINATOR["reason"])
    assert (counter["state"], counter["counters"]) == ("open", case.id)
    assert counter["content"]["title"] == "Play after lunch"
    assert case.titles() == {"Play after lunch"}


def test_what_is_proposed_in_return_may_be_declined_and_the_plan_stays(case: Case) -> None:
    made = case.post(CONTROL, case.id, "counter", content={"title": "Play after lunch"})

    case.answer(SCHOOL, made.json()["id"], False)

    assert case.titles() == {"Play with the big ones"}
    assert [each["state"] for each in case.told()] == ["countered", "declined"]


def test_only_the_service_that_proposed_answers_what_was_proposed_in_return(case: Case) -> None:
    made = case.post(CONTROL, case.id, "counter", content={"title": "Play after lunch"}).json()["id"]

    answers = [
        case.post(CONTROL, made, "acceptance"),
        case.answer(NURSERY, made, True),
        case.answer(SCHOOL, case.id, True),
        case.post(CONTROL, made, "counter", content={"title": "Not at all"}),
    ]

    codes = [answer.json()["code"] for answer in answers]
    assert codes == ["not_authorised", "not_found", "not_found", "not_authorised"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        ({"colour": "blue"}, 422, "invalid_request"),
        ({"due": "next spring"}, 422, "invalid_request"),
        ({}, 422, "invalid_request"),
    ],
)
def test_a_field_that_there_is_not_is_answered_clearly(
    case: Case, content: dict[str, Any], status: int, code: str
) -> None:
    answer = case.post(CONTROL, case.id, "counter", content=content)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [each["state"] for each in case.told()] == ["open"]


@pytest.mark.parametrize("content", [{"due": "soon"}, {"status": 1.5}, {"title": 10**30}, {"title": True}])
def test_what_is_proposed_in_return_has_the_form_of_its_field(case: Case, content: dict[str, Any]) -> None:
    answer = case.post(CONTROL, case.id, "counter", content=content)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["place"] == f"content.{next(iter(content))}"
    assert [each["state"] for each in case.told()] == ["open"]


def test_a_field_may_be_taken_out_in_return(case: Case) -> None:
    made = case.post(CONTROL, case.id, "counter", content={"status": None})
    case.answer(SCHOOL, made.json()["id"], True)

    (element,) = case.town.world.plan("nora").elements.values()
    assert "status" not in element.content


def test_what_is_decided_already_and_what_nobody_proposed_is_answered_clearly(case: Case) -> None:
    case.post(CONTROL, case.id, "decline")

    again = case.post(CONTROL, case.id, "acceptance")
    counter = case.post(CONTROL, case.id, "counter", content={"title": "Late"})
    unknown = case.post(CONTROL, "nobody-proposed-this", "acceptance")

    assert [each.status_code for each in (again, counter, unknown)] == [409, 409, 404]
    assert HOME not in unknown.text


def test_the_receipt_of_another_system_tells_nothing_of_it(case: Case) -> None:
    assert case.town.call(NURSERY, "GET", case.receipt).status_code == 404
