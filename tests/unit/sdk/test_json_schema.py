"""A schema at the door: it says where and what kind, and the quick answer never differs from jsonschema's."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.sdk import Schema, SetupError, UnusableError, load_schema
from hub.sdk.json_schema import _CHECKER, _FORMATS, _Validator
from hub.sdk.quick_check import quick_check

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"$ref": "#/$defs/key"},
        "due": {"type": "string", "format": "partial-date"},
        "kind": {"enum": ["a", "b"]},
        "note": {"type": ["string", "boolean", "number"], "maxLength": 3},
        "items": {"type": "array", "uniqueBy": "id", "minItems": 1, "items": {"$ref": "#/$defs/item"}},
        "ext": {"anyOf": [{"const": "x"}, {"type": "string", "pattern": "^ext:"}]},
    },
    "allOf": [{"if": {"required": ["kind"], "properties": {"kind": {"const": "a"}}}, "then": {"required": ["due"]}}],
    "$defs": {"key": {"type": "string", "minLength": 1}, "item": {"type": "object", "required": ["id"]}},
}
VALUES = st.sampled_from(
    ["", "a", "long", "x", "ext:y", "2026-02", "2026-02-30", "2026-02-28", "2026-2", True, 1, None]
)
ITEMS = st.lists(st.dictionaries(st.sampled_from(["id", "other"]), VALUES, max_size=2) | VALUES, max_size=3)
DOCUMENTS = st.dictionaries(st.sampled_from(["due", "kind", "note", "items", "ext", "free"]), VALUES | ITEMS) | VALUES


@given(DOCUMENTS, st.booleans())
def test_the_quick_answer_is_jsonschemas_answer(document: Any, with_id: bool) -> None:
    if with_id and isinstance(document, dict):
        document["id"] = "1"

    quick = quick_check(SCHEMA, _FORMATS)(document)

    assert quick == _Validator(SCHEMA, format_checker=_CHECKER).is_valid(document)


def test_a_rule_the_quick_check_does_not_know_is_left_to_jsonschema() -> None:
    schema = {"type": "object", "maxProperties": 1}

    assert not quick_check(schema, {})({"a": 1})
    Schema(schema).check({"a": 1})


@pytest.mark.parametrize(
    ("document", "place", "complaint"),
    [
        ({}, "$", "lacks id"),
        ({"id": 7}, "$.id", "must be string"),
        ({"id": "1", "kind": "Marked"}, "$.kind", "must be one of a, b"),
        ({"id": "1", "due": "2026-02-30"}, "$.due", "breaks the rule format partial-date"),
        ({"id": "1", "items": [{"id": "Marked"}, {"id": "Marked"}]}, "$.items[1].id", "is the id of an earlier item"),
        ({"id": "1", "items": [{}]}, "$.items[0]", "lacks id"),
        ({"id": "1", "note": "Marked"}, "$.note", "breaks the rule maxLength 3"),
    ],
)
def test_a_refusal_names_the_place_and_the_kind_and_no_value(document: Any, place: str, complaint: str) -> None:
    with pytest.raises(UnusableError) as refusal:
        Schema(SCHEMA).check(document)

    assert (refusal.value.place, str(refusal.value)) == (place, f"{place}: {complaint}")


def test_a_key_the_schema_does_not_name_is_shown_as_a_star() -> None:
    schema = Schema({"additionalProperties": {"type": "string"}})

    with pytest.raises(UnusableError) as refusal:
        schema.check({"Kari Nordmann": 1})

    assert refusal.value.place == "$.*"


def test_what_is_no_schema_stops_the_setup() -> None:
    with pytest.raises(SetupError):
        Schema({"type": "no such type"})
    with pytest.raises(SetupError, match="no readable schema"):
        load_schema("adapters", "absent.schema.json")
    assert jsonschema.Draft202012Validator.check_schema(SCHEMA) is None
