"""A delivered Bundle as one CarePlan with what it refers to, and as a searchset: both are valid FHIR."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.careplan import CarePlan
from hypothesis import given, settings

from adapters.health import Health
from hub.mapping.strategies import portions
from hub.model.change import ChildKey, Item, Portion
from hub.sdk import Stamp, UnusableError, write_json
from tests.adapters.fhir import LENS, granted, item, written

STAMP = Stamp("0f3c2a1b0f3c2a1b0f3c2a1b0f3c2a1b", 4, datetime(2026, 8, 17, 8, 0, tzinfo=UTC))
VIEW: Portion = {
    "frame": {"": item(title="Individuell plan", status="active")},
    "identity": {"name": item(fact="name", value="Nora Testbarn")},
    "goal": {"g-1": item(title="Trygg på skolen", status="active")},
    "measure": {"m-1": Item({"title": "Samtaler"}, frozenset({"health", "plan_measure", "mental_health"}))},
    "participant": {"p-1": item(name="Kari", role="guardian", relation="mother")},
}


def body(view: Portion) -> bytes:
    part = LENS.put(None, view, granted(view))
    return write_json(written(LENS.join(None, LENS.enrol(part, ChildKey("own", "a")))))


def shown(view: Portion) -> dict[str, Any]:
    plan: dict[str, Any] = orjson.loads(Health().care_plan(body(view), STAMP))
    return plan


def test_a_care_plan_is_valid_and_bears_its_id_version_and_instant() -> None:
    plan = shown(VIEW)

    CarePlan.model_validate(plan)
    assert (plan["id"], plan["meta"]["versionId"]) == (STAMP.id, "4")
    assert plan["meta"]["lastUpdated"] == "2026-08-17T08:00:00.000Z"


def test_everything_it_refers_to_is_contained_and_everything_contained_is_referred_to() -> None:
    plan = shown(VIEW)

    held = {f"#{each['id']}" for each in plan["contained"]}
    assert held == {each for each in _references(plan) if each.startswith("#")}
    assert not [each for each in _references(plan) if each.startswith("urn:")]


def test_labels_of_what_is_contained_stand_on_the_plan_itself() -> None:
    plan = shown(VIEW)

    assert plan["meta"]["security"]
    assert all("security" not in each.get("meta", {}) for each in plan["contained"])


def test_a_searchset_holds_the_plan_and_includes_the_rest() -> None:
    found = orjson.loads(Health().searchset([(body(VIEW), STAMP)]))
    Bundle.model_validate(found)

    modes = [each["search"]["mode"] for each in found["entry"]]
    assert (found["total"], modes.count("match"), modes.count("include")) == (1, 1, len(modes) - 1)
    assert orjson.loads(Health().searchset([])) == {"resourceType": "Bundle", "type": "searchset", "total": 0}


def test_a_view_without_anything_of_a_plan_is_none() -> None:
    with pytest.raises(UnusableError) as none:
        shown({"identity": VIEW["identity"]})

    assert none.value.code == "not_found"


@pytest.mark.parametrize("form", [{}, {"subject": ""}, {"subject:Patient.identifier": "urn:oid:1|2"}])
def test_a_search_for_nobody_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(UnusableError):
        Health().subject(form)


@given(view=portions(LENS))
@settings(max_examples=60, deadline=None)
def test_whatever_a_view_holds_it_is_a_valid_care_plan(view: Portion) -> None:
    frame = {"frame": VIEW["frame"]}

    CarePlan.model_validate(shown({**view, **frame}))


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for inner in node for found in _references(inner)]
    if not isinstance(node, dict):
        return []
    own = [node["reference"]] if isinstance(node.get("reference"), str) else []
    return own + [found for inner in node.values() for found in _references(inner)]
