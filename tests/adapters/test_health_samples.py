"""Every public FHIR sample of the types we map is read, and written back as it was."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.health import Health
from adapters.health.schema import MAPPED
from hub.mapping import load_lens
from hub.sdk import canonical_json, read_json

KIND = "no.langbenk.health.v1.fhir-bundle"
LENS = load_lens("mappings:health/fhir-bundle.v1.yaml")
SAMPLES = Path(os.environ.get("LANGBENK_SAMPLES", Path(__file__).parents[3] / "shared" / "samples"))
REFUSED: frozenset[str] = frozenset()
"""Files that the R4B models themselves reject, as adapters/README.md lists them. None."""


def samples() -> Iterator[Path]:
    """FHIR JSON of the types of a plan, alone or in a Bundle."""
    for folder in ("fhir", "norway"):
        for path in sorted((SAMPLES / folder).rglob("*.json")):
            try:
                resource = orjson.loads(path.read_text("utf-8-sig"))
            except orjson.JSONDecodeError:
                continue
            if isinstance(resource, dict) and resource.get("resourceType") in MAPPED | {"Bundle"}:
                yield path


FILES = list(samples())
pytestmark = pytest.mark.skipif(not FILES, reason="no samples here: set LANGBENK_SAMPLES to their folder")
every_sample = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:40])


@every_sample
def test_a_sample_is_read_and_written_back_as_it_was(path: Path) -> None:
    raw = path.read_bytes()

    assert path.name not in REFUSED
    assert canonical_json(read_json(Health().write(Health().read(raw, KIND), KIND))) == canonical_json(read_json(raw))


@every_sample
def test_putting_back_what_was_got_changes_nothing_in_a_sample(path: Path) -> None:
    for part in LENS.parts(Health().read(path.read_bytes(), KIND)):
        portion = LENS.get(part)
        grant = {kind: frozenset(items) for kind, items in portion.items()}

        assert LENS.put(part, portion, grant) == part


@every_sample
def test_a_part_that_is_stored_holds_only_entries_a_row_can_read(path: Path) -> None:
    document = Health().read(path.read_bytes(), KIND)
    inlined = list(resources([LENS.clean(part) for part in LENS.parts(document)]))

    assert {resource["resourceType"] for resource in inlined} <= MAPPED | {"PractitionerRole", "Practitioner"}


def resources(node: Any) -> Iterator[dict[str, Any]]:
    """Everything under a `resource` mark."""
    if isinstance(node, dict):
        if "resource" in node:
            yield node["resource"]
        for inner in node.values():
            yield from resources(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from resources(inner)


def portion_of(name: str) -> tuple[list[tuple[str, str]], Counter[str]]:
    """Keys of the child and how many elements of each kind a sample with this name says."""
    path = next(path for path in FILES if name in path.name)
    (part,) = LENS.parts(Health().read(path.read_bytes(), KIND))
    keys = [(key.kind, key.value) for key in LENS.child(part)]
    return keys, Counter({kind: len(items) for kind, items in LENS.get(part).items()})


def test_a_synthea_record_gives_its_plans_and_leaves_the_rest() -> None:
    keys, counts = portion_of("Buddy_MacGyver")

    assert [kind for kind, _ in keys] == ["own"]
    assert counts["goal"] == 11
    assert counts["measure"] == 12


def test_a_searchset_with_a_whole_plan_gives_all_of_it() -> None:
    _, counts = portion_of("KronIQ")

    assert counts == Counter(frame=1, identity=2, goal=5, measure=8, participant=1, note=1)


def test_a_norwegian_individual_plan_gives_the_number_first_and_then_the_systems_own_id() -> None:
    keys, counts = portion_of("fhir_bundle_careplan")

    assert [kind for kind, _ in keys] == ["fnr", "own"]
    assert counts == Counter(frame=1, identity=4, goal=1, measure=1, participant=3)


def test_a_care_plan_alone_gives_what_it_contains() -> None:
    keys, counts = portion_of("CarePlan-f001")

    assert keys == [("own", "f001")]
    assert counts == Counter(frame=1, goal=1, participant=1, need=1)


def test_what_shall_not_be_done_is_no_measure() -> None:
    _, counts = portion_of("ServiceRequest-do-not-turn")

    assert counts["measure"] == 0
