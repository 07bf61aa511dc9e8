"""Consents as FHIR R4: what the register holds comes back whole, what FHIR says narrower is never taken wider."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.consent import Consent as FhirConsent
from hypothesis import given
from hypothesis import strategies as st

from adapters.health import Health
from hub.sdk import ChildKey, Consent, Evidence, TellsConsents, UnusableError

HEALTH = Health()
KEY = ChildKey("own", "patient-7")
NOON = datetime(2026, 9, 1, 10, tzinfo=UTC)
SERVICE = "https://langbenk.no/fhir/CodeSystem/service"
CATEGORY = "https://langbenk.no/fhir/CodeSystem/category"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"

EARLY, LATE = datetime(2020, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001  # hypothesis gives them their zone
words = st.frozensets(st.sampled_from(["school", "ppt", "bup", "ALL", "UNCLEAR", "education", "health"]), max_size=3)
instants = st.datetimes(allow_imaginary=False, timezones=st.just(UTC), min_value=EARLY, max_value=LATE)
maybe = st.none() | instants
names = st.from_regex(r"[a-z]{1,8}-[0-9]{1,3}", fullmatch=True)
evidences = st.builds(
    Evidence,
    received_by=names,
    at=instants,
    told=st.frozensets(st.sampled_from(["background", "categories", "withdrawal"])),
    reference=st.none() | names,
)
records = st.builds(
    Consent,
    id=names,
    child=st.just("child-1"),
    person=names,
    giver=st.sampled_from(["mother", "father", "child", "child_welfare", "pregnant_person", "other"]),
    about=st.just("child-1") | names,
    answer=st.sampled_from(["yes", "no", "none"]),
    receivers=words,
    categories=words,
    purposes=st.frozensets(st.sampled_from(["coordination", "individual_plan", "health_care", "research", "own"])),
    municipality=st.just("4601"),
    valid_from=maybe,
    valid_to=maybe,
    withdrawn_at=maybe,
    form=st.sampled_from(["written", "oral"]),
    documented=st.booleans(),
    informed=st.booleans(),
    voluntary=st.booleans(),
    background=st.booleans(),
    kind=st.sampled_from(["access", "plan_only"]),
    senders=words,
    specific=st.booleans(),
    unambiguous=st.booleans(),
    authority=st.none() | st.booleans(),
    answered_at=maybe,
    request=st.none() | names,
    source=st.none() | names,
    evidence=st.none() | evidences,
)


def foreign(**changes: Any) -> dict[str, Any]:
    """A Consent as a health record might have it: no word of ours but services and categories."""
    receiver = {"type": "Organization", "identifier": {"system": SERVICE, "value": "school"}}
    custodian = {"type": "Organization", "identifier": {"system": SERVICE, "value": "bup"}}
    return {
        "resourceType": "Consent",
        "id": "c-17",
        "status": "active",
        "scope": {"coding": [{"code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": {"reference": "Patient/patient-7"},
        "dateTime": "2026-08-20",
        "contained": [
            {
                "resourceType": "RelatedPerson",
                "id": "mor",
                "patient": {"reference": "Patient/patient-7"},
                "relationship": [{"coding": [{"code": "MTH"}]}],
            }
        ],
        "performer": [{"reference": "#mor"}],
        "sourceReference": {"reference": "DocumentReference/skjema-7"},
        "verification": [{"verified": True, "verificationDate": "2026-08-20T12:00:00+02:00"}],
        "provision": {
            "type": "permit",
            "period": {"start": "2026-08-20", "end": "2027-06"},
            "actor": [
                {"role": {"coding": [{"system": PARTICIPATION, "code": "IRCP"}]}, "reference": receiver},
                {"role": {"coding": [{"system": PARTICIPATION, "code": "CST"}]}, "reference": custodian},
            ],
            "purpose": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "COC"}],
            "code": [{"coding": [{"system": CATEGORY, "code": "health"}]}],
        },
        **changes,
    }


def said(resource: dict[str, Any]) -> list[tuple[ChildKey, Consent]]:
    return list(HEALTH.read_consents(json.dumps(resource).encode()))


def with_provision(**changes: Any) -> dict[str, Any]:
    return foreign(provision=foreign()["provision"] | changes)


def test_the_hub_finds_the_ability() -> None:
    assert isinstance(HEALTH, TellsConsents)


@given(st.lists(records, min_size=1, max_size=4))
def test_what_the_register_holds_comes_back_whole(consents: list[Consent]) -> None:
    # Of an answer that was not a yes FHIR has no state "withdrawn": the instant alone says so.
    found = HEALTH.read_consents(HEALTH.write_consents(consents, KEY))

    back = [replace(one, child="child-1", about=one.about or "child-1") for _, one in found]
    assert back == consents
    assert {key for key, _ in found} <= {KEY}


@given(st.lists(records, max_size=3))
def test_what_is_written_is_fhir_r4(consents: list[Consent]) -> None:
    body = json.loads(HEALTH.write_consents(consents, KEY))

    Bundle.model_validate(body)
    for entry in body.get("entry", ()):
        FhirConsent.model_validate(entry["resource"])


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (ChildKey("own", "7"), {"reference": "Patient/7"}),
        (
            ChildKey("fnr", "02841810042"),
            {"type": "Patient", "identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "02841810042"}},
        ),
    ],
)
def test_the_child_is_named_by_the_key_its_reader_knows(key: ChildKey, told: dict[str, Any]) -> None:
    one = said(foreign())[0][1]
    body = json.loads(HEALTH.write_consents([replace(one, id="c1", person="p1", municipality="4601")], key))

    assert body["entry"][0]["resource"]["patient"] == told
    assert HEALTH.read_consents(json.dumps(body).encode())[0][0] == key


def test_a_foreign_consent_is_read_by_what_it_says_and_no_more() -> None:
    [(key, one)] = said(foreign())

    assert (key, one.id, one.source, one.person, one.giver) == (KEY, "", "c-17", "", "mother")
    assert (one.answer, one.receivers, one.senders) == ("yes", {"school"}, {"bup"})
    assert (one.categories, one.purposes) == ({"health"}, {"coordination"})
    assert (one.documented, one.informed) == (True, False)
    assert one.evidence is not None
    assert one.evidence.reference == "DocumentReference/skjema-7"


def test_a_day_or_a_month_is_included_to_its_end_by_the_date_in_norway() -> None:
    [(_, one)] = said(foreign())
    [(_, day)] = said(with_provision(period={"end": "2026-12-31"}))
    [(_, year)] = said(with_provision(period={"end": "2026"}))

    assert one.valid_from == datetime(2026, 8, 19, 22, tzinfo=UTC)
    assert one.valid_to == datetime(2027, 6, 30, 22, tzinfo=UTC)
    assert day.valid_to == year.valid_to == datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_a_form_two_have_signed_is_two_answers() -> None:
    both = foreign(performer=[{"reference": "#mor"}, {"reference": "Patient/patient-7"}])

    assert [one.giver for _, one in said(both)] == ["mother", "child"]


def test_a_deny_is_a_no_and_an_inactive_one_is_withdrawn() -> None:
    [(_, denied)] = said(with_provision(type="deny"))
    [(_, ended)] = said(foreign(status="inactive", meta={"lastUpdated": "2026-09-01T12:00:00+02:00"}))

    assert denied.answer == "no"
    assert (ended.answer, ended.withdrawn_at) == ("yes", NOON)


def test_words_of_other_systems_cover_nothing() -> None:
    other = {
        "role": {"coding": [{"system": PARTICIPATION, "code": "IRCP"}]},
        "reference": {"reference": "Organization/9"},
    }

    [(_, one)] = said(with_provision(actor=[other], code=[{"text": "everything"}], purpose=[{"code": "MARKETING"}]))

    assert (one.receivers, one.categories, one.purposes) == ({"UNCLEAR"}, {"UNCLEAR"}, {"UNCLEAR"})


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (with_provision(provision=[{"type": "deny"}]), "$.provision.provision"),
        (with_provision(data=[{"meaning": "related", "reference": {"reference": "Task/3"}}]), "$.provision.data"),
        (with_provision(securityLabel=[{"code": "PSY"}]), "$.provision.securityLabel"),
        (with_provision(type=None), "$.provision.type"),
        (foreign(status="entered-in-error"), "$.status"),
        (foreign(status="inactive"), "$.meta.lastUpdated"),
        (foreign(policyRule={"coding": [{"code": "PBRL5-3"}]}), "$.policyRule"),
        (foreign(performer=[]), "$.performer"),
        (foreign(patient={}), "$.patient"),
        (foreign(modifierExtension=[{"url": "urn:x", "valueBoolean": True}]), "$.modifierExtension"),
        (
            with_provision(actor=[{"role": {"text": "guarantor"}, "reference": {"display": "x"}}]),
            "$.provision.actor[0].role",
        ),
    ],
)
def test_what_says_more_than_the_register_can_hold_is_refused_with_its_place(wrong: dict[str, Any], place: str) -> None:
    if wrong["provision"].get("type", 0) is None:
        del wrong["provision"]["type"]

    with pytest.raises(UnusableError) as refused:
        said(wrong)

    assert (refused.value.place, bool(refused.value.way_out)) == (place, True)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"resourceType": "Patient"}',
        b'{"resourceType": "Consent", "status": 7}',
        b'{"resourceType": "Bundle"}',
    ],
)
def test_what_is_no_consent_is_refused(body: bytes) -> None:
    with pytest.raises(UnusableError):
        HEALTH.read_consents(body)
