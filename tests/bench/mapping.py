"""What a conversion costs, each way: a support plan beside the same by hand, and the example of every mapping.

By hand is plain Python written for this one document, without checks. For the other mappings the floor is a plain
Python function that copies the document value by value and knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from hub.errors import LangbenkError
from hub.mapping import load_lens
from hub.mapping.examples import Example, examples
from hub.model.change import Grant, Portion
from hub.registry import load_registry
from tests.bench import by_hand
from tests.bench.timing import microseconds, row
from tests.bench.town import document

MAPPINGS = Path(__file__).parents[2] / "mappings"


def run() -> list[dict[str, Any]]:
    """The results of `langbenk bench mapping`, in microseconds."""
    written = _written()
    return [
        *(each for case, part in KINDS.items() for each in _by_hand(case, part)),
        *(each for one in examples(MAPPINGS) for each in _example(one, written)),
    ]


def _small(full: Mapping[str, Any]) -> dict[str, Any]:
    """Five fields of the plan itself, and five items with two each."""
    measures = [{"id": f"m{number}", "title": f"Tiltak {number}", "status": "active"} for number in range(1, 5)]
    kept = {name: full[name] for name in ("schema", "pupil", "title", "status", "language", "period")}
    return {**kept, "goals": [{"id": "g1", "title": "Trygg på skolen", "status": "active"}], "measures": measures}


FULL = orjson.loads(document("pupil-1", 1))
KINDS: Mapping[str, dict[str, Any]] = {"15 fields, 5 items": _small(FULL), "a support plan of 4 kB": FULL}


def same_as_by_hand(part: dict[str, Any]) -> bool:
    """Whether the floor does what the mapping does, both ways."""
    lens = load_lens("mappings:school/support-plan.v1.yaml")
    portion = lens.get(part)
    return by_hand.read(part) == portion and by_hand.write(portion) == lens.put(None, portion, _all_of(portion))


def _by_hand(case: str, part: dict[str, Any]) -> list[dict[str, Any]]:
    lens = load_lens("mappings:school/support-plan.v1.yaml")
    portion = lens.get(part)
    grant = _all_of(portion)
    if not same_as_by_hand(part):
        raise LangbenkError("the floor of the mapping bench does something else than the mapping")
    read, write = microseconds(lambda: by_hand.read(part)), microseconds(lambda: by_hand.write(portion))
    return [
        row("mapping", case, "get", microseconds(lambda: lens.get(part)), "µs", read),
        row("mapping", case, "put", microseconds(lambda: lens.put(None, portion, grant)), "µs", write),
        row("mapping", case, "put on a base", microseconds(lambda: lens.put(part, portion, grant)), "µs", write),
    ]


def _example(example: Example, written: frozenset[str]) -> list[dict[str, Any]]:
    """One part of an example. Only what an adapter may write is written."""
    lens = load_lens(f"mappings:{example.mapping}")
    part = lens.parts(example.document)[0]
    portion = lens.get(part)
    grant, floor = _all_of(portion), microseconds(lambda: _copied(part), 0.1)
    rows = [row("mapping", example.name, "get", microseconds(lambda: lens.get(part), 0.2), "µs", floor)]
    if lens.document in written:
        value = microseconds(lambda: lens.put(None, portion, grant), 0.2)
        rows.append(row("mapping", example.name, "put", value, "µs", floor))
    return rows


def _written() -> frozenset[str]:
    """The kinds of document that some adapter writes."""
    adapters = [each.adapter for each in load_registry().adapters() if each.adapter is not None]
    return frozenset(kind.name for each in adapters for kind in each.manifest.writes)


def _all_of(portion: Portion) -> Grant:
    return {kind: frozenset(items) for kind, items in portion.items()}


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_copied(inner) for inner in value]
    return value
