"""Every mapping in the repository keeps the laws, and its examples say what it does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.mapping import Lens, load_lens
from hub.mapping.check import check
from hub.mapping.examples import Example, examples
from hub.mapping.laws import broken_laws
from hub.mapping.strategies import documents, grants, portions

HOME = Path(__file__).parents[2] / "mappings"
MAPPINGS = sorted(path.relative_to(HOME).as_posix() for path in HOME.glob("*/*.v*.yaml") if path.parent.name != "codes")


@pytest.fixture(params=MAPPINGS)
def lens(request: pytest.FixtureRequest) -> Lens:
    return load_lens(f"mappings:{request.param}")


@given(data=st.data())
@settings(
    max_examples=40,
    database=None,  # one test function for all mappings: a saved example belongs to one of them
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_every_mapping_keeps_the_laws(lens: Lens, data: st.DataObject) -> None:
    base, view = data.draw(documents(lens)), data.draw(portions(lens))
    grant = data.draw(grants(lens, lens.get(base), view))

    assert broken_laws(lens, base, view, grant) == []


def test_every_mapping_passes_its_check() -> None:
    assert check([HOME]) == []


@pytest.mark.parametrize("example", examples(HOME), ids=lambda example: example.name)
def test_every_example_document_says_its_portion(example: Example) -> None:
    lens: Lens = load_lens(f"mappings:{example.mapping}")

    assert example.said_by(lens) == example.portion


def test_no_mapping_changes_the_document_it_reads(lens: Lens) -> None:
    document: Any = {"unknown": ["places"]}
    before = orjson.dumps(document)
    for part in lens.parts(document):
        lens.unmapped(part)

    assert orjson.dumps(document) == before
