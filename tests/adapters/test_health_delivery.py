"""The health adapter writes: what a delivered Bundle holds, new or in the receiver's own."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.health import Health
from adapters.health.counterpart import Counterpart
from adapters.health.schema import check
from hub.mapping.strategies import grants, portions
from hub.model.change import ChildKey, Item, Portion
from hub.sdk import canonical_json
from tests.adapters.fhir import KIND, LENS, TEAM, bundle, goal, granted, item, plan, read, to, written
from tests.adapters.stories import NORA

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
