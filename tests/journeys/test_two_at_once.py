"""Two who change the same thing in the same instant: one comes first, and the other learns how it now stands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import httpx
import orjson
import pytest

from hub.model.consent import Evidence
from hub.ops import register
from hub.policy.question import PARTS
from hub.security.identifiers import synthetic_number
from tests.journeys.offices import CONTROL, open_offices
from tests.journeys.systems import SYSTEMS, TWO, measure, support_plan
from tests.journeys.town import Town
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
NUMBER = next(found for serial in range(500, 560) if (found := synthetic_number(date(2019, 3, 4), serial)))


@pytest.fixture
def desk(town: Town) -> Town:
    """School and kindergarten at Nora's table; the school has said one measure and one goal."""
    open_offices(town.world)
    town.world.register(CONTROL)
    town.world.at_table("nora", SCHOOL, NURSERY)
    body = orjson.dumps(support_plan("nora@school-1", measures=[measure("m1", "Reading")]))
    town.settled(SCHOOL, town.post(SCHOOL, body))
    return town


def together(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """All of them in the same instant; their answers in order."""
    answers: list[Any] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(at: int) -> None:
        gate.wait()
        answers[at] = calls[at]()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(calls))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


def won_and_lost(answers: list[httpx.Response]) -> tuple[httpx.Response, httpx.Response]:
    won = [each for each in answers if each.status_code == 200]
    lost = [each for each in answers if each.status_code == 412]
    assert (len(won), len(lost)) == (1, 1), [each.text for each in answers]
    return won[0], lost[0]


def test_a_proposal_is_accepted_or_declined_and_never_both(desk: Town) -> None:
    goal = {"id": "g1", "title": "Reads a page", "status": "active"}
    desk.settled(SCHOOL, desk.post(SCHOOL, orjson.dumps(support_plan("nora@school-1", goals=[goal]))))
    (proposal,) = desk.call(CONTROL, "GET", f"/v1/plans/{desk.world.plans['nora']}/proposals").json()
    path = f"/v1/proposals/{proposal['id']}"
    seen = {"If-Match": desk.call(CONTROL, "GET", path).headers["ETag"]}

    def decide(verb: str, person: str) -> Callable[[], httpx.Response]:
        told = {"person": person, "reason": "agreed in the meeting"}
        return lambda: desk.call(CONTROL, "POST", f"{path}/{verb}", json=told, headers=seen)

    won, lost = won_and_lost(together(decide("acceptance", TWO[0]), decide("decline", TWO[1])))

    assert lost.json()["current"]["state"] == won.json()["state"]
    assert desk.call(CONTROL, "GET", path).json()["decided_by"] == won.json()["decided_by"]
    assert ("Reads a page" in desk.world.titles("nora", "goal")) == (won.json()["state"] == "accepted")


def test_what_an_element_reveals_is_said_by_one_at_a_time(desk: Town) -> None:
    (element,) = (each for each in desk.world.plan("nora").elements.values() if each.kind == "measure")
    path = f"/v1/plans/{desk.world.plans['nora']}/elements/{element.id}/categories"
    read = desk.call(CONTROL, "GET", path, headers={"Langbenk-Person": "teacher-1"})
    was, seen = read.json()["categories"], {"If-Match": read.headers["ETag"]}

    def add(category: str, person: str) -> Callable[[], httpx.Response]:
        told = {"person": person, "categories": [*was, category]}
        return lambda: desk.call(CONTROL, "PUT", path, json=told, headers=seen)

    won, lost = won_and_lost(together(add("sped", "teacher-1"), add("wellbeing", "nursery-1")))

    assert lost.json()["current"] == won.json()
    assert desk.world.plan("nora").elements[element.id].categories == set(won.json()["categories"])


def test_of_those_who_open_a_case_for_one_person_one_does_and_the_others_are_told_where_it_is(desk: Town) -> None:
    told = {"child": {"number": NUMBER, "birth_date": "2019-03-04"}}

    answers = together(*[lambda: desk.call(CONTROL, "POST", "/v1/plans", json=told)] * 4)

    (made,) = (each.json()["id"] for each in answers if each.status_code == 201)
    others = [each.json() for each in answers if each.status_code != 201]
    assert [each["code"] for each in others] == ["plan_exists"] * 3
    assert all(made in each["way_out"] for each in others)


def test_needs_that_are_notified_of_one_person_are_all_taken_in_and_open_one_case(desk: Town) -> None:
    def notify(reference: str) -> Callable[[], httpx.Response]:
        told = {"person": "emp-9", "reference": reference, "number": NUMBER}
        return lambda: desk.call(SCHOOL, "POST", "/v1/needs", json=told)

    answers = together(*(notify(f"sak-{number}") for number in range(4)))
    again = desk.call(CONTROL, "POST", "/v1/plans", json={"child": {"number": NUMBER}}).json()

    assert [(each.status_code, each.json().get("reference")) for each in answers] == [
        (202, f"sak-{number}") for number in range(4)
    ]
    assert again["code"] == "plan_exists"


def test_both_parents_answers_of_one_instant_are_recorded(desk: Town) -> None:
    child = desk.world.plan("nora").child
    terms = {"child": child, "receivers": ["ppt"], "categories": ["education"]}

    def gives(parent: str) -> Callable[[], httpx.Response]:
        told = {**terms, "person": f"nora-{parent}", "giver": parent}
        return lambda: desk.call(CONTROL, "POST", "/v1/consents", json=told)

    for _ in range(4):
        answers = together(gives("mother"), gives("father"))

        assert [each.status_code for each in answers] == [201, 201]


class Told(frozenset[str]):
    """What was told, looked at once the consent has been read; somebody else comes then, and is waited for in vain
    where he or she must wait."""

    def __new__(cls, parts: Iterable[str], other: threading.Thread) -> Told:
        made = super().__new__(cls, parts)
        made.other = other
        return made

    other: threading.Thread

    def __or__(self, before: Any) -> Any:
        self.other.start()
        self.other.join(0.5)
        return frozenset(self) | before


def test_a_consent_withdrawn_in_the_instant_in_which_it_is_documented_is_both(world: World) -> None:
    """Whoever documents it has read it before it was withdrawn, and does not write it back as it was."""
    child = world.at_table("nora", SCHOOL, consent=False)
    (id,) = world.consent(child, "nora", "mother", documented=False, informed=False)
    other = threading.Thread(target=lambda: world.withdraw(id))

    evidence = Evidence("emp-1", world.hub.clock.now(), Told(PARTS, other), "journal-1")
    with world.hub.store.begin() as work:
        register.document(work, world.desk, id, evidence)
    other.join()
    with world.hub.store.begin() as work:
        now = register.consent_of(work, world.desk, id)

    assert (now.documented, now.withdrawn_at is not None) == (True, True)


def test_two_readings_of_one_view_are_one_version_of_it(desk: Town) -> None:
    path = f"/v1/plans/{desk.world.plans['nora']}/changes?since=0"

    answers = together(*[lambda: desk.call(NURSERY, "GET", path)] * 4)

    assert [each.status_code for each in answers] == [200] * 4
    assert {each.json()["version"] for each in answers} == {1}
    assert len(desk.world.deliveries("nora", NURSERY)) == 1


def test_one_request_under_one_key_is_carried_out_once(desk: Town) -> None:
    told = {"child": {"birth_date": "2018-04-02"}}

    def make() -> httpx.Response:
        return desk.call(CONTROL, "POST", "/v1/plans", json=told, headers={"Idempotency-Key": "k-1"})

    answers = together(make, make, make, make)

    made = {each.json()["id"] for each in answers if each.status_code == 201}
    assert len(made) == 1
    assert {each.status_code for each in answers} <= {201, 409}
    assert make().json()["id"] in made
