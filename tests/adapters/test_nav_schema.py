"""The DigiSos reader and the published schema accept and refuse the same histories."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft6Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT6

from adapters.nav import Nav
from hub.sdk import UnusableError, canonical_json
from tests.adapters.digisos import FORMAT, KIND, SAMPLES, at, history, read, samples


def published() -> Draft6Validator:
    root = FORMAT / "json"
    found = [(file.as_uri(), json.loads(file.read_text("utf-8"))) for file in root.rglob("*.json")]
    registry: Registry[Any] = Registry().with_resources(
        (uri, Resource.from_contents(schema, default_specification=DRAFT6)) for uri, schema in found
    )
    return Draft6Validator({"$ref": (root / "digisos/soker/digisos-soker.json").as_uri()}, registry=registry)


def reads(document: Any) -> bool:
    try:
        again = Nav().write(read(document), KIND)
    except UnusableError as error:
        assert error.place
        return False
    assert canonical_json(json.loads(again)) == canonical_json(document)
    return True


@samples
def test_every_sample_is_read_or_refused_as_the_published_schema_says() -> None:
    schema, found = published(), {True: 0, False: 0}
    for file in sorted([*SAMPLES.rglob("soker/*.json"), *SAMPLES.rglob("digisos-soker*.json")]):
        document = json.loads(file.read_bytes())
        if "$schema" not in document:
            assert reads(document) == schema.is_valid(document), file
            found[reads(document)] += 1

    assert found[True] >= 1
    assert found[False] >= 3


@samples
@pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.long)])
def test_mutations_are_read_or_refused_as_the_published_schema_says(stride: int) -> None:
    schema, found = published(), {True: 0, False: 0}
    assert schema.is_valid(history())
    for number, (place, document) in enumerate(mutations(history())):
        if number % stride == 0:
            assert reads(document) == schema.is_valid(document), place
            found[reads(document)] += 1

    assert min(found.values()) > 30


def mutations(document: Any) -> Iterator[tuple[str, Any]]:
    """Every place left out and given each of some values; an unknown type is our one leniency, tested above."""
    for path in places(document):
        if path[-1] != "type":
            yield f"{path} left out", changed(document, path, ...)
            for value in ("", "1.0.0", "9999", "UTBETALT", "AVVIST", at(1), "2026-08-01", True, 3, 3.5, [], {}, None):
                yield f"{path} = {value!r}", changed(document, path, value)


def places(node: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in pairs:
        yield (*above, step)
        yield from places(child, (*above, step))


def changed(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    copied = place = copy.deepcopy(document)
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copied
