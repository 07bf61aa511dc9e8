"""Consent over the API: asked, answered, recorded in one call, documented, withdrawn, and listed with its history."""

from __future__ import annotations

from typing import Any

import pytest

from hub.policy.question import PARTS
from tests.unit.api.conftest import OTHER_OFFICE, World
from tests.unit.api.test_messages import problem

EVIDENCE = {"received_by": "emp-12", "told": list(PARTS), "reference": "journal-17"}
GIVEN = {
    "person": "p-mother",
    "giver": "mother",
    "receivers": ["ppt"],
    "categories": ["education"],
    "evidence": EVIDENCE,
}
ASKED = {
    "background": "We plan the transition to lower secondary school together.",
    "senders": ["school"],
    "receivers": ["ppt", "bup"],
    "categories": ["education", "sped"],
    "person": "emp-12",
}


@pytest.fixture
def child(world: World) -> str:
    guardians = [{"person": "p-mother", "relation": "mother"}, {"person": "p-father", "relation": "father"}]
    told = {"birth_date": "2018-04-02", "guardians": guardians}
    made = world.call("POST", "/v1/plans", json={"child": told})
    assert made.status_code == 201, made.text
    return str(made.json()["child"])


def record(world: World, child: str, **terms: Any) -> dict[str, Any]:
    answer = world.call("POST", "/v1/consents", json=GIVEN | {"child": child} | terms)
    assert answer.status_code == 201, answer.text
    given: dict[str, Any] = answer.json()
    return given


def ask(world: World, child: str, **terms: Any) -> dict[str, Any]:
    answer = world.call("POST", "/v1/consent-requests", json=ASKED | {"child": child} | terms)
    assert answer.status_code == 201, answer.text
    request: dict[str, Any] = answer.json()
    return request


def listed(world: World, child: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.call("GET", f"/v1/persons/{child}/consents").json()
    return found


def test_a_consent_is_recorded_withdrawn_and_listed_with_what_happened(world: World, child: str) -> None:
    given = record(world, child, senders=["school"])
    gone = world.call("POST", f"/v1/consents/{given['id']}/withdrawal", json={"person": "p-mother"})
    [kept] = listed(world, child)

    assert gone.status_code == 204
    assert (kept["about"], kept["receivers"], kept["senders"]) == (child, ["ppt"], ["school"])
    assert (kept["informed"], kept["authority"], kept["evidence"]["reference"]) == (True, True, "journal-17")
    assert kept["withdrawn_at"] is not None
    assert [(line["what"], line["by"]) for line in kept["history"]] == [
        ("consent.given", "control-1"),
        ("consent.withdrawn", "control-1"),
    ]


def test_a_second_withdrawal_changes_nothing(world: World, child: str) -> None:
    given = record(world, child)
    world.call("POST", f"/v1/consents/{given['id']}/withdrawal")
    before = listed(world, child)
    again = world.call("POST", f"/v1/consents/{given['id']}/withdrawal")

    assert again.status_code == 204
    assert listed(world, child) == before


@pytest.mark.parametrize("at", ["2999-01-01T00:00:00Z", "2001-01-01T00:00:00Z"])
def test_a_withdrawal_lies_neither_ahead_nor_before_the_answer(world: World, child: str, at: str) -> None:
    given = record(world, child)
    answer = world.call("POST", f"/v1/consents/{given['id']}/withdrawal", json={"at": at})

    problem(answer, 422, "contradicting_period")


@pytest.mark.parametrize(
    ("wrong", "code", "place"),
    [
        ({"receivers": ["ALL"]}, "blank_form", "receivers"),
        ({"categories": ["ALL"]}, "blank_form", "categories"),
        ({"senders": ["ALL"]}, "blank_form", "senders"),
        ({"receivers": []}, "blank_form", "receivers"),
        ({"evidence": EVIDENCE | {"told": ["categories"]}}, "blank_form", "background"),
        ({"receivers": ["skole"]}, "unknown_word", "receivers"),
        ({"unambiguous": False}, "no_clear_answer", "unambiguous"),
        (
            {"valid_from": "2026-09-02T00:00:00Z", "valid_to": "2026-09-01T00:00:00Z"},
            "contradicting_period",
            "valid_to",
        ),
        ({"answered_at": "2999-01-01T00:00:00Z"}, "contradicting_period", "answered_at"),
    ],
)
def test_what_could_never_be_a_consent_is_refused_at_entry(
    world: World, child: str, wrong: dict[str, Any], code: str, place: str
) -> None:
    told = problem(world.call("POST", "/v1/consents", json=GIVEN | {"child": child} | wrong), 422, code)

    assert told["place"] == place
    assert listed(world, child) == []


def test_a_refusal_may_be_sweeping_and_needs_no_evidence(world: World, child: str) -> None:
    refused = record(world, child, answer="no", receivers=["ALL"], categories=["ALL"], evidence=None)

    assert (refused["answer"], refused["informed"]) == ("no", True)


def test_what_is_unclear_in_a_yes_is_kept_to_be_read_narrowly(world: World, child: str) -> None:
    assert record(world, child, receivers=["UNCLEAR", "ppt"])["receivers"] == ["UNCLEAR", "ppt"]


def test_a_consent_by_one_without_authority_is_recorded_and_says_so(world: World, child: str) -> None:
    given = record(world, child, person="p-aunt", giver="other")

    assert given["authority"] is False


def test_an_oral_consent_waits_for_the_journal_and_is_documented(world: World, child: str) -> None:
    given = record(world, child, form="oral", evidence=None)
    [waits] = world.call("GET", "/v1/consents/waiting").json()
    done = world.call("POST", f"/v1/consents/{given['id']}/documentation", json=EVIDENCE)
    again = world.call("POST", f"/v1/consents/{given['id']}/documentation", json=EVIDENCE)

    assert (given["documented"], given["informed"]) == (False, False)
    assert (waits["what"], waits["id"], waits["days"]) == ("documentation", given["id"], 0)
    assert (done.json()["documented"], done.json()["informed"]) == (True, True)
    assert world.call("GET", "/v1/consents/waiting").json() == []
    problem(again, 409, "already_decided")


def test_a_consent_waits_until_all_that_matters_was_told(world: World, child: str) -> None:
    given = record(world, child, evidence=EVIDENCE | {"told": ["background", "categories", "receivers", "purposes"]})
    more = {"received_by": "emp-12", "told": ["right_to_refuse", "consequences"]}
    partly = world.call("POST", f"/v1/consents/{given['id']}/documentation", json=more).json()
    waits = [one["id"] for one in world.call("GET", "/v1/consents/waiting").json()]
    wholly = world.call(
        "POST", f"/v1/consents/{given['id']}/documentation", json={**more, "told": ["withdrawal"]}
    ).json()

    assert (given["informed"], partly["informed"], wholly["informed"]) == (False, False, True)
    assert (waits, world.call("GET", "/v1/consents/waiting").json()) == ([given["id"]], [])
    assert [line["what"] for line in listed(world, child)[0]["history"]] == [
        "consent.given",
        "consent.documented",
        "consent.documented",
    ]


def test_an_oral_consent_with_what_was_told_is_one_call(world: World, child: str) -> None:
    given = record(world, child, form="oral")

    assert (given["documented"], given["informed"], given["answered_at"] is not None) == (True, True, True)


def test_a_request_asks_each_guardian_and_is_shown_in_words(world: World, child: str) -> None:
    request = ask(world, child)
    shown = world.call("GET", f"/v1/consent-requests/{request['id']}", params={"language": "nn"}).json()

    assert [(one["person"], one["state"]) for one in request["questions"]] == [
        ("p-mother", "open"),
        ("p-father", "open"),
    ]
    assert (request["text"], request["needs"]) == (None, ["AGE-06"])
    assert shown["text"]["background"].endswith(ASKED["background"])
    assert "same uansett" in shown["text"]["consequences"]


def test_a_request_is_answered_and_no_longer_waits(world: World, child: str) -> None:
    request = ask(world, child)
    address = f"/v1/consent-requests/{request['id']}/answers"
    yes = world.call("POST", address, json={"person": "p-mother", "answer": "yes", "evidence": EVIDENCE})
    between = world.call("GET", "/v1/consents/waiting").json()
    no = world.call("POST", address, json={"person": "p-father", "answer": "no"})

    assert (yes.json()["answer"], yes.json()["request"], no.json()["answer"]) == ("yes", request["id"], "no")
    assert [(one["what"], one["person"]) for one in between] == [("answer", "p-father")]
    assert world.call("GET", "/v1/consent-requests").json() == []
    [kept] = world.call("GET", "/v1/consent-requests", params={"child": child}).json()
    assert [one["state"] for one in kept["questions"]] == ["yes", "no"]


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"receivers": ["ALL"]}, 422, "blank_form"),
        ({"senders": []}, 422, "blank_form"),
        ({"background": ""}, 422, "blank_form"),
        ({"background": "About 02841810042 and the school."}, 422, "invalid_request"),
        ({"deadline": "2001-01-01T00:00:00Z"}, 422, "contradicting_period"),
        ({"child": "nobody"}, 404, "not_found"),
    ],
)
def test_a_request_that_cannot_be_asked_is_refused(
    world: World, child: str, wrong: dict[str, Any], status: int, code: str
) -> None:
    problem(world.call("POST", "/v1/consent-requests", json=ASKED | {"child": child} | wrong), status, code)


def test_a_child_whose_guardians_nobody_knows_has_nobody_to_ask(world: World, plan: dict[str, Any]) -> None:
    answer = world.call("POST", "/v1/consent-requests", json=ASKED | {"child": plan["child"]})

    problem(answer, 409, "nobody_to_ask")


def test_an_answer_by_another_or_of_another_municipality_is_refused(world: World, child: str) -> None:
    request = ask(world, child)
    told = {"person": "p-aunt", "answer": "yes"}

    problem(world.call("POST", f"/v1/consent-requests/{request['id']}/answers", json=told), 422, "not_asked")
    elsewhere = world.call("POST", f"/v1/consent-requests/{request['id']}/answers", by=OTHER_OFFICE, json=told)
    problem(elsewhere, 404, "not_found")
    problem(world.call("GET", f"/v1/consent-requests/{request['id']}", by=OTHER_OFFICE), 404, "not_found")
    problem(world.call("POST", "/v1/consents/none/withdrawal"), 404, "unknown_consent")
