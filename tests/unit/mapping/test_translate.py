"""What `langbenk translate` shows."""

from __future__ import annotations

import orjson

from hub.mapping.translate import to_change, to_document
from hub.model.wire import portion_from_json
from tests.unit.mapping.lenses import readme_lens

LENS = readme_lens()
PART = {"title": "Plan", "extra": 1, "measures": [{"type": "tiltak", "id": "m", "text": "Lesehjelp"}]}


def test_a_part_becomes_a_change_in_json_and_the_places_that_stay_behind() -> None:
    change = orjson.loads(orjson.dumps(to_change(LENS, PART)))

    assert change["unmapped"] == ["extra"]
    assert change["change"]["measure"]["m"] == {
        "content": {"title": "Lesehjelp", "kind": "plan"},
        "categories": ["education", "plan_measure"],
    }


def test_a_change_becomes_the_systems_document_again() -> None:
    portion = portion_from_json(to_change(LENS, PART)["change"])

    assert portion == LENS.get(PART)
    assert to_document(LENS, portion) == {
        "schema": "1",
        "pupils": [
            {
                "schema": "1",
                "title": "Plan",
                "measures": [{"type": "tiltak", "id": "m", "topic": "fag", "text": "Lesehjelp"}],
            }
        ],
    }
