"""Reads mappings from a package: `load_lens("mappings:school/support-plan.v1.yaml")`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import orjson
import yaml
from jsonschema import Draft202012Validator

from hub.errors import SetupError
from hub.mapping.codes import CodeTable, LabelTable, code_table, label_table
from hub.mapping.compile import Tables, compile_lens
from hub.mapping.lens import Lens
from hub.mapping.lint import Fault, faults

HOME = "mappings"
"""The package whose code tables every mapping may use."""


@cache
def load_lens(reference: str) -> Lens:
    """The lens at `package:path`. Raises `SetupError` naming file, row and reason where the mapping is broken."""
    package, _, path = reference.partition(":")
    try:
        place = files(package).joinpath(path)
        text = place.read_text("utf-8")
    except (ModuleNotFoundError, OSError) as error:
        raise SetupError(f"{reference}: no such mapping; give it as package:path, path from the package") from error
    return lens_from(text, path, Tables(_codes(package), _labels(package)))


def lens_from(text: str, file: str, tables: Tables) -> Lens:
    """The lens of a mapping's text; `file` is what messages call it."""
    data, found = read_mapping(text, file, tables)
    if found:
        lines = "\n".join(f"  {fault.row}: {fault.reason}" for fault in found)
        raise SetupError(f"{file} is not a mapping the hub can use:\n{lines}\n`langbenk mapping check` shows the same.")
    return compile_lens(data, tables)


def read_mapping(text: str, file: str, tables: Tables) -> tuple[dict[str, Any], list[Fault]]:
    """The mapping's data, and everything wrong with it."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        return {}, [Fault(f"line {line}", "this is not YAML")]
    broken = [Fault(_row(list(error.absolute_path)), error.message) for error in _schema().iter_errors(data)]
    return (data if isinstance(data, dict) else {}), broken or faults(data, file, tables)


@cache
def _schema() -> Draft202012Validator:
    return Draft202012Validator(orjson.loads(files("hub.mapping").joinpath("lens.schema.json").read_bytes()))


def _row(path: list[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.lstrip(".") or "the file"


class _Library:
    """Tables of a package's `codes/`, or else of ours."""

    def __init__(self, package: str) -> None:
        self.roots = [files(name) for name in dict.fromkeys([package, HOME])]

    def data(self, name: str) -> dict[str, Any]:
        for root in self.roots:
            table = root.joinpath(f"codes/{name}.yaml")
            if table.is_file():
                return _table(table)
        raise ValueError(f"there is no table codes/{name}.yaml")


def _table(place: Traversable) -> dict[str, Any]:
    data: Any = yaml.safe_load(place.read_text("utf-8"))
    rows = data.get("table") if isinstance(data, dict) else None
    if (
        not isinstance(data, dict)
        or not isinstance(rows, list)
        or not all(isinstance(row, list) and len(row) == 2 for row in rows)
    ):
        raise ValueError(f"codes/{place.name}: `table` must be a list of [hub, system] pairs")
    if data.get("unknown", "refuse") not in ("keep", "refuse", "unclassified"):
        raise ValueError(f"codes/{place.name}: `unknown` is keep, refuse or unclassified")
    return dict(data)


@cache
def _codes(package: str) -> Any:
    library = _Library(package)
    return cache(lambda name: code_table(name, library.data(name)))


@cache
def _labels(package: str) -> Any:
    library = _Library(package)
    return cache(lambda name: label_table(name, library.data(name)))


def tables_of(folder: Path) -> Tables:
    """The tables a mapping in a folder outside any package may use: those beside it, and ours."""
    library = _Library(HOME)
    library.roots.insert(0, folder)

    def codes(name: str) -> CodeTable:
        return code_table(name, library.data(name))

    def labels(name: str) -> LabelTable:
        return label_table(name, library.data(name))

    return Tables(codes, labels)
