"""The published schema says what the model is."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from hub.model.content import FIELDS
from hub.model.plan import Element, Plan
from hub.model.schema import KINDS, plan_schema
from hub.model.wire import plan_to_json

VALIDATOR = Draft202012Validator(plan_schema())


def _plan(**content: str) -> dict[str, object]:
    element = Element("e", "goal", "school", frozenset({"education"}), content, "parent", True, "p", {"s": "k"})
    return plan_to_json(Plan("p", "9999", "c", 1, {"e": element}))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(plan_schema())


def test_every_kind_of_the_plan_is_described() -> None:
    assert list(KINDS) == list(FIELDS)


def test_what_a_plan_must_hold_by_the_regulation_has_its_place() -> None:
    """FOR-2022-06-22-1110 § 9, item by item; beside it what the child needs to be understood."""
    assert {
        "goal",
        "resource",
        "need",
        "participant",
        "contribution",
        "measure",
        "cooperation",
        "voice",
    } <= FIELDS.keys()
    assert {"author", "coordinator_status", "plan_consent", "participation", "communication"} <= FIELDS["frame"].keys()
    assert "bti_level" in FIELDS["frame"]  # of a relay log (BTI) that has become the plan
    assert {"period_start", "period_end", "revision_due"} <= FIELDS["frame"].keys()
    assert {"extent", "how", "responsible"} <= FIELDS["measure"].keys()
    assert {"title", "words", "how"} <= FIELDS["voice"].keys()


def test_a_plan_as_it_is_kept_is_valid() -> None:
    assert VALIDATOR.is_valid(_plan(title="Read a book", due="2024-06"))


@pytest.mark.parametrize("content", [{"dose": "2"}, {"due": "soon"}])
def test_a_field_the_model_does_not_have_or_a_date_that_is_none_is_not(content: dict[str, str]) -> None:
    assert not VALIDATOR.is_valid(_plan(**content))


def test_an_element_without_a_category_is_not() -> None:
    json = _plan(title="Read")
    json["elements"][0]["categories"] = []  # type: ignore[index]

    assert not VALIDATOR.is_valid(json)
