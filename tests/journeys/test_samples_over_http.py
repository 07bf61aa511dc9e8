"""Real files go to the running hub over HTTP, and the right documents lie in the other systems' mailboxes."""

from __future__ import annotations

import orjson
import pytest

from tests.journeys.systems import SYSTEMS
from tests.journeys.town import Town, json_sample, sample

HEALTH, SCHOOL, NAV = SYSTEMS["health"], SYSTEMS["school"], SYSTEMS["nav"]
CHILD_WELFARE, NURSERY = SYSTEMS["child_welfare"], SYSTEMS["kindergarten"]
DIGISOS = "norway/nav/navikt__soknadsosialhjelp-filformat/src/test/resources/json/digisos/soker/minimal.json"
BARNEVERN = "norway/_handmade/barnevern/barnevern_v4_sak.xml"
ENVELOPE = "norway/_handmade/barnevern/no.ssb.barnevern.fagsystem.v1.innrapportering.json"
ROSTER = "norway/_handmade/school/oneroster12_{}.json"
FHIR = "application/fhir+json"


def seat_all(town: Town, name: str, **keys: tuple[str, str]) -> str:
    """A child at whose table all five systems sit; each key that a document gives is said, the others are made up."""
    child = town.world.child(name)
    for sector, system in SYSTEMS.items():
        kind, key = keys.get(sector, ("own", f"{name}@{system.id}"))
        about = f"{name}-mother" if sector == "nav" else None
        town.world.seat(name, system, key, kind, about)
    town.world.consent(child, name, "mother", "father")
    return child


def test_a_care_plan_of_hl7_reaches_the_others_in_their_own_formats(town: Town) -> None:
    seat_all(town, "vandeheuvel", health=("own", "f001"))

    parts = town.settled(HEALTH, town.post(HEALTH, sample("fhir/hl7-r4-core/CarePlan-f001.json"), media=FHIR))
    (school,), (nursery,), (plan,) = (town.empty_mailbox(each) for each in (SCHOOL, NURSERY, CHILD_WELFARE))

    assert [part["state"] for part in parts] == ["merged"]
    assert [goal["title"] for goal in school["goals"]] == ["recovery surgery on heart of patient"]
    assert [goal["service"] for goal in nursery["goals"]] == ["municipal_health"]
    assert [goal["status"] for goal in plan["goals"]] == ["reached"]
    assert school["pupil"]["id"] == "vandeheuvel@school-1"
    assert "f001" not in str((school, nursery, plan))
    assert town.empty_mailbox(HEALTH) == []


def test_a_record_of_synthea_gives_its_plans_and_nothing_else_of_the_record(town: Town) -> None:
    record = json_sample("fhir/synthea-r4/Buddy_MacGyver_c96ab841-48f4-42e4-bd46-f25c1490e422.json")
    patient = next(each["resource"] for each in record["entry"] if each["resource"]["resourceType"] == "Patient")
    seat_all(town, "buddy", health=("own", patient["id"]))

    parts = town.settled(HEALTH, town.post(HEALTH, orjson.dumps(record), media=FHIR))
    (plan,) = town.empty_mailbox(CHILD_WELFARE)

    assert [part["state"] for part in parts] == ["merged"]
    assert (len(plan["goals"]), len(plan["measures"])) == (11, 12)
    assert patient["id"] not in str(plan)
    assert "Observation" not in str(plan)


def test_the_smallest_digisos_history_becomes_a_measure_with_its_status(town: Town) -> None:
    child = seat_all(town, "nora")
    town.world.consent(child, "nora", "mother", about="nora-mother", receivers=frozenset({"child_welfare"}))

    answer = town.post(
        NAV, sample(DIGISOS), "no.nav.digisos.digisos.soker.v1", headers={"Langbenk-Child-Key": "nora@nav-1"}
    )
    parts = town.settled(NAV, answer)
    (plan,) = town.empty_mailbox(CHILD_WELFARE)

    assert [part["state"] for part in parts] == ["merged"]
    (measure,) = plan["measures"]
    assert (measure["kind"], measure["status"], measure["owner"], measure["about"]) == (
        "application", "proposed", "nav_social", "parent",
    )  # fmt: skip
    assert town.empty_mailbox(SCHOOL) == []


@pytest.mark.parametrize("place, media", [(BARNEVERN, "application/xml"), (ENVELOPE, "application/json")])
def test_a_case_of_child_welfare_gives_its_measures_and_neither_report_nor_investigation(
    town: Town, place: str, media: str
) -> None:
    seat_all(town, "nora", child_welfare=("own", "5977e357-8bb0-4e68-a376-87b610b2cf74"))

    answer = town.post(CHILD_WELFARE, sample(place), "no.ssb.barnevern.fagsystem.v1.innrapportering", media)
    parts = town.settled(CHILD_WELFARE, answer)
    (plan,) = town.empty_mailbox(NAV)
    (bundle,) = town.empty_mailbox(HEALTH)

    assert [part["state"] for part in parts] == ["merged"]
    assert {each["owner"] for each in plan["measures"]} == {"child_welfare"}
    assert len(plan["measures"]) == 5
    assert bundle["resourceType"] == "Bundle"
    assert "14861560032" not in str((plan, bundle))
    assert "856cc99d" not in str((plan, bundle))


def test_a_roster_tells_who_the_child_and_the_contact_are_and_keeps_no_other_pupil(town: Town) -> None:
    sets = {}
    for name in ("orgs", "users", "classes", "courses", "enrollments", "academicSessions", "demographics"):
        sets.update(json_sample(ROSTER.format(name)))
    seat_all(town, "nora", school=("own", "f0b93e4b-2092-4bc0-abd5-00f076c3c53b"))

    parts = town.settled(SCHOOL, town.post(SCHOOL, orjson.dumps(sets), "no.langbenk.school.v1.oneroster"))
    (bundle,) = town.empty_mailbox(HEALTH)
    (plan,) = town.empty_mailbox(CHILD_WELFARE)

    assert [part["state"] for part in parts] == ["merged"]
    assert plan["child"]["name"] == "Nora Testbarn"
    assert {each["role"] for each in plan["participants"]} == {"contact"}
    assert "LearningSupport" not in str((bundle, plan))
