"""Our own plan document: the mapping, its schema and the model name the same places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.mapping import load_lens
from hub.mapping.examples import examples
from hub.mapping.path import place_of
from hub.model.content import FIELDS
from hub.sdk import load_schema

HOME = Path(__file__).parents[2] / "mappings"
LENS = load_lens("mappings:plan/plan-document.v1.yaml")
SCHEMA: Any = orjson.loads((HOME / "plan" / "plan-document.v1.schema.json").read_bytes())
HUBS_OWN = frozenset({"comments_on"})
"""What holds an id of the hub's own, which no system is told."""


def test_it_carries_the_whole_plan() -> None:
    assert LENS.carries == {kind: frozenset(fields) - HUBS_OWN for kind, fields in FIELDS.items()}


@pytest.mark.parametrize("section", LENS.sections, ids=lambda section: section.form.kind)
def test_the_schema_has_the_places_of_each_section_and_no_more(section: Any) -> None:
    form, marks = section.form, section.form.marks
    places = [section.key, *(row.path for row in form.rows), marks.owner.path, marks.says_about.path, marks.labels.path]
    item = SCHEMA["properties"][section.each.text]["items"]["$ref"].removeprefix("#/$defs/")

    assert {path.text for path in places} == set(SCHEMA["$defs"][item]["properties"])


def test_the_schema_has_the_places_of_the_child_and_no_more() -> None:
    places = {place_of(each.path.steps) for each in LENS.child_rows} | {fact.row.path.text for fact in LENS.facts}

    assert places == {f"child.{name}" for name in SCHEMA["properties"]["child"]["properties"]}


@pytest.mark.parametrize("example", [each for each in examples(HOME) if each.mapping == "plan/plan-document.v1.yaml"])
def test_every_example_is_valid_and_wholly_mapped(example: Any) -> None:
    load_schema("mappings", "plan/plan-document.v1.schema.json").check(example.document)

    assert LENS.unmapped(example.document) == []
