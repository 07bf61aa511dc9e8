"""The health adapter reads: what is inlined where, what it means, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.health import Health
from adapters.health.counterpart import Counterpart
from adapters.health.references import FOLLOWED
from hub.conformance import AdapterConformance
from hub.mapping import load_lens
from hub.sdk import UnusableError
from tests.adapters.fhir import FNR, LENS, TEAM, bundle, goal, patient, plan, read, to, written
from tests.adapters.stories import NORA, told_by


class TestHealth(AdapterConformance):
    adapter = Health()
    samples = told_by(Counterpart)


def test_an_entry_is_inlined_at_the_first_reference_and_the_second_stays() -> None:
    document = read(bundle(plan(goal=to("Goal/g", "Goal/g")), patient(), goal("g")))

    first, second = document["children"][0]["goals"]

    assert first["resource"]["id"] == "g"
    assert "resource" not in second
    assert list(LENS.get(document["children"][0])["goal"]) == ["g"]


def test_a_reference_that_leads_nowhere_and_an_entry_nobody_refers_to_stay() -> None:
    document = read(bundle(plan(goal=to("Goal/away")), patient(), goal("alone")))

    (child,) = document["children"]

    assert child["goals"][0]["reference"] == "Goal/away"
    assert [entry.get("resource", {}).get("id") for entry in document["entries"]] == [None, None, "alone"]
    assert child["unread"] == {"Goal": 1}
    assert "goal" not in LENS.get(child)


def test_several_plans_of_a_child_are_one_change_and_the_active_one_is_its_frame() -> None:
    done = plan("old", status="completed", title="Gammel", goal=to("Goal/g1"))
    now = plan("now", title="Ny", goal=to("Goal/g2"))

    (part,) = LENS.parts(read(bundle(done, now, patient(), goal("g1"), goal("g2"))))
    portion = LENS.get(part)

    assert portion["frame"][""].content["title"] == "Ny"
    assert set(portion["goal"]) == {"g1", "g2"}


def test_a_bundle_about_several_children_has_a_part_each() -> None:
    two = bundle(plan("p1", "Patient/a"), plan("p2", "Patient/b"), patient("a"), patient("b"))

    keys = [LENS.child(part) for part in LENS.parts(read(two))]

    assert [[key.value for key in child] for child in keys] == [["a"], ["b"]]


def test_contained_patients_with_the_same_id_are_not_the_same_child() -> None:
    plans = [plan(id, "#p", contained=[patient("p", birthDate=born)]) for id, born in (("1", "2015"), ("2", "2016"))]

    parts = LENS.parts(read(bundle(*plans)))

    assert [LENS.get(part)["identity"]["birth_date"].content["value"] for part in parts] == ["2015", "2016"]
    assert [LENS.child(part) for part in parts] == [[], []]


def test_a_goal_alone_keeps_the_patient_it_contains() -> None:
    alone = goal("g", contained=[patient("p")], subject={"reference": "#p"})

    assert written(read(alone)) == alone


def test_the_number_is_tried_first_and_then_the_systems_own_id() -> None:
    numbered = patient(identifier=[{"system": "urn:x", "value": "1"}, {"system": FNR, "value": NORA.number}])

    (part,) = LENS.parts(read(bundle(plan(), numbered)))

    assert [(key.kind, key.value) for key in LENS.child(part)] == [("fnr", NORA.number), ("own", "a")]


def test_a_plan_may_name_its_child_by_identifier_alone() -> None:
    named = {**plan(), "subject": {"identifier": {"system": FNR, "value": NORA.number}}}

    (part,) = LENS.parts(read(named))

    assert [(key.kind, key.value) for key in LENS.child(part)] == [("fnr", NORA.number)]
    assert written(read(named)) == named


def test_a_plan_about_a_group_is_about_no_child() -> None:
    assert LENS.parts(read(bundle(plan(subject="Group/g")))) == []


@pytest.mark.parametrize(
    ("security", "categories"),
    [
        ([], {"health", "plan_goal"}),
        ([("v3-ActCode", "MH")], {"health", "plan_goal", "mental_health"}),
        ([("v3-ActCode", "PSY"), ("v3-ActCode", "SDV")], {"health", "plan_goal", "mental_health", "violence"}),
        ([("v3-Confidentiality", "N")], {"health", "plan_goal"}),
        ([("v3-Confidentiality", "V")], {"health", "plan_goal", "unclassified"}),
    ],
)
def test_a_security_label_says_which_information_an_item_holds(
    security: list[tuple[str, str]], categories: set[str]
) -> None:
    labels = [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code} for system, code in security]
    labelled = goal("g", meta={"security": labels}) if labels else goal("g")

    (part,) = LENS.parts(read(bundle(plan(goal=to("Goal/g")), patient(), labelled)))

    assert LENS.get(part)["goal"]["g"].categories == categories


def test_a_label_of_the_plan_holds_for_all_that_is_in_it() -> None:
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "MH"}
    activity = [{"detail": {"status": "in-progress", "code": {"text": "Samtaler"}}}]

    (part,) = LENS.parts(read(plan(meta={"security": [label]}, activity=activity)))
    portion = LENS.get(part)

    assert all("mental_health" in each.categories for items in portion.values() for each in items.values())


def test_a_goal_entered_in_error_is_a_deletion() -> None:
    wrong = goal("g", lifecycleStatus="entered-in-error")

    (part,) = LENS.parts(read(bundle(plan(goal=to("Goal/g")), wrong)))

    assert LENS.get(part)["goal"]["g"].deleted


def test_a_parent_is_about_a_parent_and_a_sister_about_a_sibling() -> None:
    people = [
        {"resourceType": "RelatedPerson", "id": id, "patient": {"reference": "Patient/a"}, "relationship": [concept]}
        for id, concept in (("m", {"coding": [{"code": "mor"}]}), ("s", {"coding": [{"code": "SIS"}]}))
    ]
    members = [{"member": {"reference": f"RelatedPerson/{id}"}} for id in "ms"]
    team = {"resourceType": "CareTeam", "id": "t", "participant": members}

    (part,) = LENS.parts(read(bundle(plan(careTeam=to("CareTeam/t")), team, *people)))
    found = LENS.get(part)["participant"]

    assert [(key, each.about) for key, each in found.items()] == [
        ("RelatedPerson/m", "parent"),
        ("RelatedPerson/s", "sibling"),
    ]


def test_a_key_is_never_a_name() -> None:
    (part,) = LENS.parts(read(TEAM))
    keys = list(LENS.get(part)["participant"])

    assert len(set(keys)) == 2
    assert not any("Siri" in key for key in keys)


def test_every_reference_that_is_followed_is_read_by_a_row() -> None:
    path = load_lens("mappings:health/fhir-bundle.v1.yaml")
    read_there = {fact.row.path.text.split(".")[0] for fact in path.facts} | {
        section.each.text for section in path.sections
    }
    lists = {"subject": "patient", "goal": "goals", "reference": "activities", "careTeam": "team", "member": "team"}

    assert {lists[reference.rpartition(".")[2]] for reference in FOLLOWED} <= read_there


@pytest.mark.parametrize(
    ("resource", "code", "place"),
    [
        ({"resourceType": "Observation", "id": "o"}, "wrong_type", "resourceType"),
        ({"resourceType": "Goal", "id": "g"}, "unreadable", "$.description"),
        (bundle(plan(), {**goal("g"), "secret-7f3a": 1}), "unreadable", "entry[1].resource.*"),
        (bundle(plan(period={"start": "Nora"})), "unreadable", "entry[0].resource.period.start"),
        ({"resourceType": "Bundle", "type": "collection", "entry": [3]}, "unreadable", "entry"),
        (
            {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {}}]},
            "unreadable",
            "entry[0].resource",
        ),
    ],
)
def test_what_the_r4b_models_refuse_is_refused_with_a_place_and_no_value(resource: Any, code: str, place: str) -> None:
    with pytest.raises(UnusableError) as refusal:
        read(resource)

    assert (refusal.value.code, refusal.value.place) == (code, place)
    assert "Nora" not in str(refusal.value)
    assert "7f3a" not in str(refusal.value)


def test_another_kind_is_not_known() -> None:
    with pytest.raises(UnusableError) as refusal:
        Health().read(b"{}", "no.langbenk.school.v1.support-plan")

    assert refusal.value.code == "unknown_kind"
