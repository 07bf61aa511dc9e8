"""Plans, links, facts, consents and systems over the API. Metadata out, never content."""

from __future__ import annotations

from typing import Any

import pytest

from hub.policy.question import PARTS
from tests.unit.api.conftest import OTHER_OFFICE, World
from tests.unit.api.test_messages import problem

ANY = {"If-Match": "*"}
CONSENT = {
    "person": "p-mother",
    "giver": "mother",
    "receivers": ["ppt"],
    "categories": ["education"],
    "evidence": {"received_by": "emp-12", "told": list(PARTS)},
}


def test_a_plan_is_made_with_child_facts_and_participants(world: World) -> None:
    told = {
        "child": {
            "birth_date": "2018-04-02",
            "number": "02841810042",
            "guardians": [{"person": "p-mother", "relation": "mother"}],
            "protection": "confidential",
        },
        "coordination": {"coordinator": "school"},
        "participants": [{"service": "school", "role": "contact", "name": "Lærer", "categories": ["education"]}],
    }
    made = world.call("POST", "/v1/plans", json=told)
    body = made.json()

    assert made.status_code == 201, made.text
    assert (body["version"], body["participants"], body["elements"]) == (1, ["school"], {"participant": 1})
    assert body["coordination"]["coordinator"] == "school"
    assert world.call("GET", made.headers["Location"]).json() == body
    assert "02841810042" not in made.text
    assert "Lærer" not in made.text


def test_the_same_child_cannot_have_two_plans(world: World) -> None:
    told = {"child": {"number": "02841810042"}}
    world.call("POST", "/v1/plans", json=told)

    answer = world.call("POST", "/v1/plans", json=told)

    problem(answer, 409, "plan_exists")
    assert "02841810042" not in answer.text


@pytest.mark.parametrize(("number", "code"), [("02841810043", "wrong_check_digit"), ("01010750160", "real_number")])
def test_a_number_that_may_not_be_here_is_refused_unshown(world: World, number: str, code: str) -> None:
    for answer in (
        world.call("POST", "/v1/plans", json={"child": {"number": number}}),
        world.call("PUT", "/v1/plans/x/links/school-1", json={"key": {"kind": "fnr", "value": number}}, headers=ANY),
    ):
        problem(answer, 422, code)
        assert number not in answer.text


def test_a_fault_in_a_request_is_told_by_place_and_kind_only(world: World) -> None:
    answer = world.call("POST", "/v1/plans", json={"child": {"birth_date": "Nordmann", "Kari Nordmann 1": 1}})
    told = problem(answer, 422, "invalid_request")

    assert {error["place"] for error in told["errors"]} == {"body.child.birth_date", "body.child.*"}


def test_a_national_number_is_never_an_opaque_id(world: World) -> None:
    guardian = {"person": "02841810042", "relation": "mother"}
    answer = world.call("POST", "/v1/plans", json={"child": {"guardians": [guardian]}})

    problem(answer, 422, "invalid_request")
    assert "02841810042" not in answer.text


def test_facts_are_put_whole_under_a_version(world: World, plan: dict[str, Any]) -> None:
    address = f"/v1/persons/{plan['child']}"
    read = world.call("GET", address)
    put = world.call("PUT", address, json={"care_order": True}, headers={"If-Match": read.headers["ETag"]})
    late = world.call("PUT", address, json={}, headers={"If-Match": read.headers["ETag"]})

    assert read.json()["facts"]["birth_date"] == "2018-04-02"
    assert (put.json()["facts"]["care_order"], put.json()["facts"]["birth_date"]) == (True, None)
    assert put.headers["ETag"] != read.headers["ETag"]
    problem(late, 412, "stale")


@pytest.mark.parametrize("seen", ["\xb2", '"\xb2"', "9" * 5_000, "-1", '"1", "2"'])
def test_a_version_of_the_facts_that_is_none_is_answered_with_which_header_is_wrong(
    world: World, plan: dict[str, Any], seen: str
) -> None:
    headers = {"If-Match": seen.encode("latin-1")}
    answer = world.call("PUT", f"/v1/persons/{plan['child']}", json={}, headers=headers)

    problem(answer, 400, "bad_header")
    assert answer.json()["place"] == "If-Match"


def test_who_coordinates_is_put_by_who_has_seen_who_does(world: World, plan: dict[str, Any]) -> None:
    """A register that knows of no dispute does not end one that was raised meanwhile."""
    path = f"/v1/plans/{plan['id']}/coordination"

    def put(seen: str | None, **told: Any) -> Any:
        return world.call("PUT", path, json=told, headers={} if seen is None else {"If-Match": seen})

    unsaid, unseen = put(None, coordinator="school"), put('"old"', coordinator="school")
    first = put(unseen.headers["ETag"], coordinator="school", disputed=True)
    late = put(unseen.headers["ETag"], coordinator="school")

    problem(unsaid, 428, "if_match_needed")
    problem(unseen, 412, "stale")
    problem(late, 412, "stale")
    assert first.json()["coordination"]["disputed"] is True
    assert (late.json()["current"]["disputed"], late.headers["ETag"]) == (True, first.headers["ETag"])


def test_all_facts_come_back_as_they_were_put(world: World, plan: dict[str, Any]) -> None:
    told = {
        "birth_date": "2012-01-31",
        "unborn": False,
        "guardians": [{"person": "p-1", "relation": "mother"}, {"person": "p-2", "relation": "father"}],
        "care_order": False,
        "protection": "strictly_confidential",
        "residence": "0002",
        "district": None,
        "deceased": False,
        "maturity": {
            "understands": True,
            "assessor": "emp-3",
            "assessed_on": "2026-08-20",
            "question": "share_with_ppt",
        },
        "hearing": "2026-08-21",
        "authority_block": False,
        "opposes_health_disclosure": True,
        "withheld": ["mental_health"],
        "as_of": "2026-08-22T10:00:00Z",
    }
    answer = world.call("PUT", f"/v1/persons/{plan['child']}", json=told)

    assert answer.json()["facts"] == told
    assert world.call("GET", f"/v1/persons/{plan['child']}").json() == answer.json()


def test_coordination_and_necessities_are_facts_too(world: World, plan: dict[str, Any]) -> None:
    necessity = {
        "sender": "school",
        "receiver": "ppt",
        "statute": "fvl-13b-5",
        "categories": ["education"],
        "necessity": "sender",
        "decision": "vedtak-7",
    }
    put = {"child_coordinator": "school", "disputed": True}
    world.call("PUT", f"/v1/plans/{plan['id']}/coordination", json=put, headers=ANY)
    facts = world.call("PUT", f"/v1/persons/{plan['child']}/necessities", json=[necessity]).json()

    assert facts["necessities"] == [necessity]
    assert (facts["coordination"]["child_coordinator"], facts["coordination"]["disputed"]) == ("school", True)
    assert facts["facts"]["birth_date"] == "2018-04-02"


def test_another_municipalitys_office_finds_nothing_here(world: World, plan: dict[str, Any]) -> None:
    given = world.call("POST", "/v1/consents", json=CONSENT | {"child": plan["child"]}).json()
    seat = {"key": {"value": "pupil-9"}}
    for answer in (
        world.call("GET", f"/v1/plans/{plan['id']}", by=OTHER_OFFICE),
        world.call("PUT", f"/v1/plans/{plan['id']}/links/school-1", by=OTHER_OFFICE, json=seat, headers=ANY),
        world.call("PUT", f"/v1/plans/{plan['id']}/coordination", by=OTHER_OFFICE, json={}, headers=ANY),
        world.call("GET", f"/v1/persons/{plan['child']}", by=OTHER_OFFICE),
        world.call("GET", f"/v1/plans/{plan['id']}/proposals", by=OTHER_OFFICE),
        world.call("GET", f"/v1/trail/{plan['id']}", by=OTHER_OFFICE),
        world.call("POST", "/v1/consents", by=OTHER_OFFICE, json=CONSENT | {"child": plan["child"]}),
    ):
        problem(answer, 404, "not_found")
    problem(world.call("POST", f"/v1/consents/{given['id']}/withdrawal", by=OTHER_OFFICE), 404, "unknown_consent")


def test_a_plan_for_another_municipality_is_not_permitted(world: World) -> None:
    problem(world.call("POST", "/v1/plans", json={"child": {}, "municipality": "0002"}), 403, "not_permitted")


def test_a_system_is_registered_and_can_call_at_once(world: World) -> None:
    told = {
        "id": "school-2",
        "service": "ppt",
        "adapter": "school",
        "client_id": "client-ppt",
        "organisation": "999888777",
        "scopes": ["langbenk:mailbox.read"],
    }
    put = world.call("PUT", "/v1/systems", json={"systems": [told]})
    token = world.issuer.mint("client-ppt", "999888777", ["langbenk:mailbox.read"])

    assert put.json() == {"registered": ["school-2"]}
    assert world.call("GET", "/v1/mailbox", token=token).json()["deliveries"] == []


def test_systems_that_cannot_work_are_refused_with_the_reason(world: World) -> None:
    told = {"id": "x", "service": "police", "adapter": "school", "client_id": "c", "organisation": "999888777"}
    answer = world.call("PUT", "/v1/systems", json={"systems": [told | {"scopes": []}]})

    assert "serves" in problem(answer, 422, "bad_systems")["detail"]
