"""The health adapter: what is inlined where, what a delivered Bundle holds, and what is refused."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.health import Health
from adapters.health.counterpart import Counterpart
from adapters.health.references import FOLLOWED
from adapters.health.schema import check
from hub.conformance import AdapterConformance
from hub.mapping import load_lens
from hub.mapping.strategies import grants, portions
from hub.model.change import ChildKey, Item, Portion
from hub.sdk import UnusableError, canonical_json
from tests.adapters.stories import NORA, told_by

KIND = "no.langbenk.health.v1.fhir-bundle"
LENS = load_lens("mappings:health/fhir-bundle.v1.yaml")
FNR = "urn:oid:2.16.578.1.12.4.1.4.1"


class TestHealth(AdapterConformance):
    adapter = Health()
    samples = told_by(Counterpart)


def read(resource: Any) -> Any:
    return Health().read(orjson.dumps(resource), KIND)


def written(document: Any) -> dict[str, Any]:
    resource: dict[str, Any] = orjson.loads(Health().write(document, KIND))
    return resource


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    entries = [{"fullUrl": f"https://x.example/{r['resourceType']}/{r['id']}", "resource": r} for r in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def plan(id: str = "p", subject: str = "Patient/a", **more: Any) -> dict[str, Any]:
    base = {"resourceType": "CarePlan", "id": id, "status": "active", "intent": "plan"}
    return {**base, "subject": {"reference": subject}, **more}


def goal(id: str, text: str = "Sover", **more: Any) -> dict[str, Any]:
    base = {"resourceType": "Goal", "id": id, "lifecycleStatus": "active", "description": {"text": text}}
    return {**base, "subject": {"reference": "Patient/a"}, **more}


def patient(id: str = "a", **more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": id, **more}


def to(*ids: str) -> list[dict[str, str]]:
    return [{"reference": id} for id in ids]


def item(**content: Any) -> Item:
    return Item(content, frozenset({"education"}), owner="school")


def granted(portion: Portion) -> dict[Any, frozenset[str]]:
    return {kind: frozenset(items) for kind, items in portion.items()}


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


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


TEAM = {
    "resourceType": "CareTeam",
    "id": "t",
    "subject": {"reference": "Patient/a"},
    "participant": [{"member": {"display": "Siri Testlege"}}, {"member": {"display": "Siri Testlege"}}],
}


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


# ── refusing ────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

RICH: Portion = {
    "frame": {"": item(title="Individuell plan", status="paused", language="nb", period_start="2026-01-01")},
    "identity": {"name": item(fact="name", value="Nora Testbarn"), "birth_date": item(fact="birth_date", value="2015")},
    "goal": {
        "g-1": item(title="Trygg på skolen", status="reached", expressed_by="child"),
        "g-2": item(description="!"),
    },
    "measure": {"m-1": item(title="Leksehjelp", status="proposed", extent="2 timer", how="Ring først"), "m-2": item()},
    "participant": {"p-1": item(name="Kari", role="guardian", relation="mother", phone="1"), "p-2": item(role="PPT")},
    "need": {"n-1": item(title="Ro"), "n-2": item()},
    "note": {"x-1": item(text="Sagt på telefon", date="2026-01-01", author="Lærer"), "x-2": item()},
}
"""Something of every kind, and something of nearly nothing."""


def delivered(view: Portion, base: Any = None, own: str = "a") -> dict[str, Any]:
    """What a system is sent: its base, or none, with the view in it."""
    part = LENS.put(LENS.parts(base)[0] if base else None, view, granted(view))
    document = LENS.join(base, LENS.enrol(part, ChildKey("own", own)))
    return written(document)


def contents(portion: Portion) -> dict[str, dict[str, Any]]:
    """What a portion says, by kind and key; an empty text says nothing in FHIR."""
    return {
        f"{kind} {key}": {name: value for name, value in each.content.items() if value != ""}
        for kind, items in portion.items()
        for key, each in items.items()
    }


def test_a_new_document_is_valid_fhir_and_says_what_was_put() -> None:
    resource = delivered(RICH)

    check(resource)
    (part,) = LENS.parts(read(resource))

    assert contents(LENS.get(part)) == contents(LENS.cut(RICH))
    assert LENS.child(part) == [ChildKey("own", "a")]


def test_a_new_document_refers_to_everything_it_holds() -> None:
    resource = delivered(RICH)
    urls = {entry["fullUrl"] for entry in resource["entry"]}

    assert len(urls) == len(resource["entry"])
    assert {reference for reference in references(resource) if reference.startswith("urn:")} == urls - {
        resource["entry"][0]["fullUrl"]
    }


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for inner in node for found in references(inner)]
    if not isinstance(node, dict):
        return []
    own = [node["reference"]] if isinstance(node.get("reference"), str) else []
    return own + [found for inner in node.values() for found in references(inner)]


def test_a_new_document_is_the_same_every_time() -> None:
    assert delivered(RICH) == delivered(RICH)


def test_two_children_never_share_an_id() -> None:
    ids = [{entry["resource"]["id"] for entry in delivered({"frame": RICH["frame"]}, own=own)["entry"]} for own in "ab"]

    assert ids[0].isdisjoint(ids[1])


def test_without_identity_the_plan_names_its_child_by_the_receivers_own_key_only() -> None:
    resource = delivered({"goal": RICH["goal"]}, own="pas-7")

    assert {entry["resource"]["resourceType"] for entry in resource["entry"]} == {"CarePlan", "Goal"}
    assert resource["entry"][0]["resource"]["subject"] == {"reference": "Patient/pas-7"}


def test_on_a_base_everything_else_stays_where_it_was() -> None:
    base = bundle(plan(goal=to("Goal/g")), {"resourceType": "Observation", "id": "o", "status": "final"}, goal("g"))
    view: Portion = {"goal": {"new": item(title="Leser")}}

    resource = delivered(view, read(base))
    check(resource)

    assert [entry["resource"]["resourceType"] for entry in resource["entry"]] == [
        "CarePlan",
        "Observation",
        "Goal",
        "Goal",
    ]
    assert resource["entry"][1:3] == base["entry"][1:]
    assert [each["reference"] for each in resource["entry"][0]["resource"]["goal"]] == [
        "Goal/g",
        resource["entry"][3]["fullUrl"],
    ]


def test_what_the_receiver_may_no_longer_see_goes_with_its_reference() -> None:
    first = delivered({"participant": RICH["participant"], "goal": RICH["goal"]})
    base = read(first)
    part = LENS.put(LENS.parts(base)[0], {}, {"participant": frozenset({"p-1"})})

    resource = written(LENS.join(base, part))

    team = next(entry["resource"] for entry in resource["entry"] if entry["resource"]["resourceType"] == "CareTeam")
    assert [each["id"] for each in team["participant"]] == ["p-2"]


def test_a_resource_that_came_alone_becomes_a_bundle_when_more_is_put_into_it() -> None:
    resource = delivered({"goal": {"new": item(title="Leser")}}, read(plan()))
    check(resource)

    assert resource["resourceType"] == "Bundle"
    assert delivered({}, read(plan())) == plan()


def test_a_label_is_written_on_what_is_new() -> None:
    secret = Item({"title": "Samtaler"}, frozenset({"health", "plan_measure", "mental_health"}))

    resource = delivered({"measure": {"m": secret}})
    (part,) = LENS.parts(read(resource))

    assert LENS.get(part)["measure"]["m"].categories == {"health", "plan_measure", "mental_health"}


def test_an_item_says_whose_it_is() -> None:
    (part,) = LENS.parts(read(delivered(RICH)))
    portion = LENS.get(part)

    assert {
        portion[kind][key].owner for kind, key in (("goal", "g-1"), ("measure", "m-1"), ("participant", "p-1"))
    } == {"school"}


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_put_a_delivered_document_is_valid_and_says_it(data: st.DataObject) -> None:
    kind, body = Counterpart([NORA]).first_document(NORA.id)
    base = data.draw(st.sampled_from([None, Health().read(body, kind), read(plan()), read(goal("g")), read(TEAM)]))
    before = LENS.parts(base)[0] if base else None
    view = data.draw(portions(LENS))
    grant = data.draw(grants(LENS, LENS.get(before or {}), view))

    part = LENS.put(before, view, grant)
    resource = written(LENS.join(base, LENS.enrol(part, ChildKey("own", "a"))))
    check(resource)
    after = next(map(LENS.get, LENS.parts(read(resource))), {})

    assert contents(after) == contents(LENS.get(part))
    assert canonical_json(written(read(resource))) == canonical_json(resource)


def test_writing_changes_nothing_in_the_document() -> None:
    _, body = Counterpart([NORA]).first_document(NORA.id)
    document = Health().read(body, KIND)
    before = canonical_json(document)
    Health().write(document, KIND)

    assert canonical_json(document) == before
