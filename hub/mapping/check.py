"""What `langbenk mapping check` says: every mapping held to its schema, its lint and its examples, by file and row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.errors import UnusableError
from hub.mapping.compile import compile_lens
from hub.mapping.examples import examples_of
from hub.mapping.lens import Lens
from hub.mapping.load import read_mapping, tables_of


@dataclass(frozen=True, slots=True)
class Problem:
    """`row` is where in the file, in the mapping's own words; `reason` says what is wrong and what would be right."""

    file: str
    row: str
    reason: str


def check(paths: Iterable[Path]) -> list[Problem]:
    """Problems of the mappings in these files and folders; none means the hub can use them all."""
    return [problem for path in paths for file in _files(path) for problem in _check(file)]


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*.v*.yaml") if "codes" not in file.parts)
    return [path]


def _check(file: Path) -> Iterator[Problem]:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        yield Problem(str(file), "the file", f"cannot be read: {type(error).__name__}")
        return
    tables = tables_of(file.parent.parent)
    data, faults = read_mapping(text, f"{file.resolve().parent.name}/{file.name}", tables)
    if faults:
        yield from (Problem(str(file), fault.row, fault.reason) for fault in faults)
        return
    yield from _check_examples(file, compile_lens(data, tables))


def _check_examples(mapping: Path, lens: Lens) -> Iterator[Problem]:
    try:
        for example in examples_of(mapping):
            try:
                said = example.said_by(lens)
            except UnusableError as error:
                yield Problem(str(example.file), error.place or "the document", str(error))
                continue
            for place in differences(example.portion, said):
                yield Problem(str(example.file), place, "the portion beside it and what the mapping reads differ here")
    except (OSError, ValueError) as error:
        yield Problem(str(mapping), "its examples", f"a pair is missing or is not JSON: {type(error).__name__}")


def differences(one: Any, other: Any, place: str = "") -> list[str]:
    """Places where two JSON values differ: the innermost that both have."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [*one, *(key for key in other if key not in one)]
        return [
            found for key in keys for found in differences(one.get(key), other.get(key), f"{place}.{key}".lstrip("."))
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            found
            for number, pair in enumerate(zip(one, other, strict=True))
            for found in differences(*pair, f"{place}[{number}]")
        ]
    return [] if one == other else [place or "the whole"]
