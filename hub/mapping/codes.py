"""Code tables: a system's codes and the hub's, many to one; and label tables, a native label and its categories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from hub.errors import UnusableError
from hub.mapping.path import Json, wrong_type
from hub.model.plan import UNCLASSIFIED, Value, classified

Unknown = Literal["keep", "refuse", "unclassified"]
_UNKNOWN = frozenset({UNCLASSIFIED})


def unknown_code(place: str, table: str) -> UnusableError:
    return UnusableError(
        "unknown_code",
        f"the code is not in the table {table}",
        place=place,
        way_out=f"Send a code of {table}, or ask the owner of the mapping to add this one.",
    )


@dataclass(frozen=True, slots=True)
class CodeTable:
    """`read` and `write` are the two directions; where several system codes share a hub code, `write` has the first."""

    name: str
    unknown: Unknown
    read: Mapping[Json, Value]
    write: Mapping[Value, Json] = field(default_factory=dict)

    def to_hub(self, code: Json, place: str) -> Value:
        if isinstance(code, list | dict):
            raise wrong_type(place, "a code", code)
        value = self.read.get(code)
        if value is not None:
            return value
        if self.unknown == "refuse":
            raise unknown_code(place, self.name)
        if not isinstance(code, str):
            raise wrong_type(place, "a code", code)
        return code

    def to_system(self, value: Value) -> Json:
        """The code to write, or `None` where the table cannot say it. An unknown value must not read as another."""
        if isinstance(value, list | dict):
            return None
        code = self.write.get(value)
        if code is None and self.unknown != "refuse" and isinstance(value, str) and value not in self.read:
            return value
        return code

    def knows(self, code: Json) -> bool:
        return not isinstance(code, list | dict) and code in self.read


class LabelTable:
    """Native labels and the information categories they declare. A label it does not know is `unclassified`."""

    def __init__(self, name: str, rows: Sequence[tuple[frozenset[str], Json]]) -> None:
        self.name = name
        self.rows = rows
        self._known = {native: categories for categories, native in rows}
        self.label_for = lru_cache(512)(self._label_for)

    def categories(self, labels: Json, place: str) -> frozenset[str]:
        if isinstance(labels, str):
            return self._known.get(labels, _UNKNOWN)
        found: frozenset[str] = frozenset()
        for label in labels if isinstance(labels, list) else [labels]:
            if isinstance(label, list | dict):
                raise wrong_type(place, "a label", label)
            found |= self._known.get(label, _UNKNOWN)
        return found

    def _label_for(self, categories: frozenset[str]) -> Json:
        """Of the labels that say no other category, the first that says most. None fits what nobody has classified."""
        if UNCLASSIFIED in categories:
            return None
        fitting = [(said, native) for said, native in self.rows if said <= categories]
        return max(fitting, key=lambda row: len(row[0]), default=(None, None))[1]


class OwnLabels(LabelTable):
    """Labels that are the hub's own categories: a list of them, or one."""

    def __init__(self) -> None:
        super().__init__("the hub's categories", ())

    def categories(self, labels: Json, place: str) -> frozenset[str]:
        listed = labels if isinstance(labels, list) else [labels]
        for label in listed:
            if not isinstance(label, str):
                raise wrong_type(place, "a list of categories", label)
        return classified(listed)

    def _label_for(self, categories: frozenset[str]) -> Json:
        return sorted(categories) or None


def code_table(name: str, data: Mapping[str, Json]) -> CodeTable:
    """From a table's YAML, already held to its schema. Raises `ValueError` where one code means two things."""
    read: dict[Json, Value] = {}
    write: dict[Value, Json] = {}
    for hub, system in data["table"]:
        if isinstance(hub, list):
            raise ValueError("the hub's side is a list: this is a label table, not a code table")
        if not isinstance(hub, str):
            raise ValueError(f"the hub's side {hub!r} is no text; YAML reads yes and no as true and false: use quotes")
        if system in read:
            raise ValueError(f"the code {system!r} stands twice")
        read[system] = hub
        write.setdefault(hub, system)
    return CodeTable(name, data.get("unknown", "refuse"), read, write)


def label_table(name: str, data: Mapping[str, Json]) -> LabelTable:
    """From a table's YAML; the hub's side is one category or a list of them."""
    rows = tuple((frozenset(_listed(hub)), system) for hub, system in data["table"])
    natives = [native for _, native in rows]
    twice = next((native for native in natives if natives.count(native) > 1), None)
    if twice is not None:
        raise ValueError(f"the label {twice!r} stands twice")
    return LabelTable(name, rows)


def _listed(value: str | Sequence[str]) -> Iterable[str]:
    return [value] if isinstance(value, str) else value
