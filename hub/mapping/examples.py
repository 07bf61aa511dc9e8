"""The examples beside a mapping: a document, and the portion it must say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from hub.mapping.lens import Lens
from hub.mapping.path import Json
from hub.model.wire import portion_to_json

DOCUMENT, PORTION = ".document.json", ".portion.json"


@dataclass(frozen=True, slots=True)
class Example:
    """`mapping` is the mapping's path from the root of its package; a document in parts has a list of portions."""

    file: Path
    mapping: str

    @property
    def document(self) -> Json:
        return orjson.loads(self.file.read_bytes())

    @property
    def portion(self) -> Any:
        """Raises `OSError` where the pair is not complete."""
        return orjson.loads(self.file.with_name(self.file.name.removesuffix(DOCUMENT) + PORTION).read_bytes())

    @property
    def name(self) -> str:
        return f"{self.mapping.removesuffix('.yaml')}/{self.file.name.removesuffix(DOCUMENT)}"

    def said_by(self, lens: Lens) -> Any:
        """What the lens reads in the document, as JSON."""
        portions = [portion_to_json(lens.get(part)) for part in lens.parts(self.document)]
        return portions if lens.split is not None else portions[0]


def examples(root: Path) -> list[Example]:
    """All examples under a folder of mappings, by name."""
    return [example for mapping in sorted(root.glob("*/*.v*.yaml")) for example in examples_of(mapping)]


def examples_of(mapping: Path) -> Iterator[Example]:
    """Those of one mapping."""
    for file in sorted(mapping.with_suffix(".examples").glob(f"*{DOCUMENT}")):
        yield Example(file, f"{mapping.parent.name}/{mapping.name}")
