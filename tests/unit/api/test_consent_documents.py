"""FHIR R4 Consents over the API: a health record registers what it received, the municipality reads them out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.bundle import Bundle

from hub.security.tokens import CONSENTS
from tests.adapters.test_health_consent import SERVICE, foreign
from tests.unit.api.conftest import OFFICE, SCHOOL, World
from tests.unit.api.test_messages import problem

BUP = replace(
    SCHOOL,
    id="bup-1",
    service="bup",
    adapter="health",
    client_id="client-bup",
    document="no.langbenk.health.v1.fhir-bundle",
    scopes=frozenset({CONSENTS}),
)
TOLD = [
    {"url": "https://langbenk.no/fhir/StructureDefinition/consent-told", "valueCode": part}
    for part in ("background", "categories", "receivers", "purposes", "right_to_refuse", "consequences", "withdrawal")
]


@pytest.fixture
def child(world: World) -> str:
    with world.hub.store.begin() as work:
        work.directory.put([BUP])
    guardians = [{"person": "p-mother", "relation": "mother"}, {"person": "p-father", "relation": "father"}]
    made = world.call("POST", "/v1/plans", json={"child": {"birth_date": "2018-04-02", "guardians": guardians}}).json()
    link = {"key": {"kind": "own", "value": "patient-7"}}
    assert (
        world.call("PUT", f"/v1/plans/{made['id']}/links/bup-1", json=link, headers={"If-Match": "*"}).status_code
        == 200
    )
    return str(made["child"])


def post(world: World, resource: dict[str, Any], **more: Any) -> httpx.Response:
    media = {"Content-Type": "application/fhir+json"}
    return world.call("POST", "/v1/consents/documents", by=more.pop("by", BUP), json=resource, headers=media)


def listed(world: World, child: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.call("GET", f"/v1/persons/{child}/consents").json()
    return found


def bundle(world: World, child: str) -> dict[str, Any]:
    answer = world.call("GET", f"/v1/persons/{child}/consents/document", params={"system": "bup-1"})
    assert answer.status_code == 200, answer.text
    read: dict[str, Any] = answer.json()
    return read


def test_a_consent_is_registered_on_behalf_with_what_shows_it(world: World, child: str) -> None:
    answer = post(world, foreign(extension=TOLD))
    [kept] = listed(world, child)

    assert answer.status_code == 201
    assert (kept["person"], kept["giver"], kept["authority"]) == ("p-mother", "mother", True)
    assert (kept["receivers"], kept["senders"], kept["source"]) == (["school"], ["bup"], "bup-1:c-17")
    assert (kept["documented"], kept["informed"]) == (True, True)
    assert kept["evidence"]["reference"] == "DocumentReference/skjema-7"
    assert [line["by"] for line in kept["history"]] == ["bup-1"]


def test_what_a_foreign_record_does_not_show_was_told_is_not_informed(world: World, child: str) -> None:
    [kept] = post(world, foreign()).json()

    assert kept["informed"] is False


def test_the_same_again_changes_nothing_and_an_inactive_one_is_withdrawn(world: World, child: str) -> None:
    first, again = post(world, foreign()).json(), post(world, foreign()).json()
    before = listed(world, child)
    ended = post(world, foreign(status="inactive", meta={"lastUpdated": "2026-09-01T12:00:00+02:00"}))

    assert [one["id"] for one in first] == [one["id"] for one in again] == [one["id"] for one in before]
    assert ended.status_code == 201
    assert [one["withdrawn_at"] for one in listed(world, child)] == ["2026-09-01T10:00:00Z"]


def test_another_answer_under_the_same_name_is_a_record_of_its_own(world: World, child: str) -> None:
    post(world, foreign())
    post(world, foreign(provision=foreign()["provision"] | {"type": "deny"}))

    assert [(one["answer"], one["withdrawn_at"] is not None) for one in listed(world, child)] == [
        ("yes", True),
        ("no", False),
    ]


def test_they_are_read_out_as_fhir_and_come_back_unchanged(world: World, child: str) -> None:
    post(world, foreign(extension=TOLD))
    told = {"child": child, "person": "p-father", "giver": "father", "answer": "no", "receivers": ["ALL"]}
    world.call("POST", "/v1/consents", json=told | {"categories": ["ALL"]})
    before, out = listed(world, child), bundle(world, child)
    back = post(world, out)

    Bundle.model_validate(out)
    assert [entry["resource"]["status"] for entry in out["entry"]] == ["active", "rejected"]
    assert {entry["resource"]["patient"]["reference"] for entry in out["entry"]} == {"Patient/patient-7"}
    assert back.status_code == 201, back.text
    assert listed(world, child) == before


def test_a_record_of_the_register_is_never_changed_and_can_be_withdrawn(world: World, child: str) -> None:
    post(world, foreign())
    out = bundle(world, child)
    wider = out["entry"][0]["resource"]
    changed = {**wider, "provision": {**wider["provision"], "period": {"start": "2026-08-20"}}}
    gone = {
        "url": "https://langbenk.no/fhir/StructureDefinition/consent-withdrawn-at",
        "valueInstant": "2026-09-02T08:00:00Z",
    }

    problem(post(world, changed), 409, "already_decided")
    withdrawn = post(world, {**wider, "status": "inactive", "extension": [*wider["extension"], gone]})

    assert withdrawn.json()[0]["withdrawn_at"] == "2026-09-02T08:00:00Z"


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"patient": {"reference": "Patient/unknown"}}, 422, "no_link"),
        ({"verification": []}, 422, "no_evidence"),
        ({"status": "entered-in-error"}, 422, "unusable"),
        ({"resourceType": "Patient"}, 415, "wrong_type"),
        ({"id": "02841810042"}, 422, "unusable"),
        ({"sourceReference": {"reference": "Patient/02841810042"}}, 422, "unusable"),
        ({"dateTime": "2999-01-01"}, 422, "contradicting_period"),
        ({"identifier": [{"system": "https://langbenk.no/fhir/sid/consent", "value": "none"}]}, 404, "unknown_consent"),
    ],
)
def test_what_cannot_be_registered_is_refused_and_leaves_nothing(
    world: World, child: str, changed: dict[str, Any], status: int, code: str
) -> None:
    problem(post(world, foreign(**changed)), status, code)

    assert listed(world, child) == []


def test_a_system_registers_what_was_agreed_about_its_own_services_information_only(world: World, child: str) -> None:
    school = {"type": "Organization", "identifier": {"system": SERVICE, "value": "school"}}
    actors = [{**each, "reference": school} for each in foreign()["provision"]["actor"]]

    problem(post(world, foreign(provision=foreign()["provision"] | {"actor": actors})), 403, "not_permitted")


def test_a_key_of_somebody_else_in_the_household_names_no_child(world: World, child: str) -> None:
    plan = world.call("POST", "/v1/plans", json={"child": {"birth_date": "2019-04-02"}}).json()["id"]
    link = {"key": {"kind": "own", "value": "patient-mother"}, "about": "p-mother"}
    world.call("PUT", f"/v1/plans/{plan}/links/bup-1", json=link, headers={"If-Match": "*"})

    problem(post(world, foreign(patient={"reference": "Patient/patient-mother"})), 422, "no_link")


def test_a_giver_the_registers_do_not_know_has_no_authority(world: World, child: str) -> None:
    stranger = foreign(contained=[], performer=[{"reference": "RelatedPerson/9", "type": "RelatedPerson"}])

    [kept] = post(world, stranger).json()

    assert (kept["giver"], kept["authority"]) == ("other", False)


def test_only_a_system_with_the_scope_registers_and_only_the_municipality_reads(world: World, child: str) -> None:
    problem(post(world, foreign(), by=SCHOOL), 403, "insufficient_scope")
    problem(post(world, foreign(), by=OFFICE), 403, "insufficient_scope")
    address = f"/v1/persons/{child}/consents/document"
    problem(world.call("GET", address, by=BUP, params={"system": "bup-1"}), 403, "insufficient_scope")
    problem(world.call("GET", address, params={"system": "nobody"}), 404, "not_found")
    for system in ("school-1", "control-1"):  # of another format, and of none
        problem(world.call("GET", address, params={"system": system}), 422, "unknown_kind")
