"""One row: a field of the plan and its place in the document, as closures for both directions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from hub.mapping.access import reader, writer
from hub.mapping.codes import CodeTable
from hub.mapping.pairs import PAIRS, Pair
from hub.mapping.path import Json, Path, Read, Write, parse, wrong_type
from hub.model.content import Field
from hub.model.plan import Value

Decode: TypeAlias = Callable[[Json], Value]
"""Raises `UnusableError` for what the row cannot take."""
Encode: TypeAlias = Callable[[Value], Json]
"""Gives `None` for what the row cannot say."""

BY_FIELD: dict[Field, str] = {"date": "date", "time": "datetime"}
"""The pair of a field that names none."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a place. `decode` and `encode` are `None` where the value is a text that crosses as it is."""

    hub: str
    field: Field
    path: Path
    read: Read
    write: Write
    decode: Decode | None = None
    encode: Encode | None = None
    table: CodeTable | None = None
    pair: Pair | None = None
    key: str | None = None
    """The only step of the path, where it is one plain key: the quick way."""

    @property
    def unclassified(self) -> bool:
        """Whether a code that the table does not know marks the element."""
        return self.table is not None and self.table.unknown == "unclassified"

    def get(self, node: Json) -> Value:
        return self.value(self.read(node))

    def value(self, found: Json) -> Value:
        """The hub's value for what stands at the place."""
        if not found and says_nothing(found):
            return None
        if self.decode is not None:
            return self.decode(found)
        if isinstance(found, str):
            return found
        raise wrong_type(self.path.text, "a text", found)

    def fit(self, value: Value) -> Value:
        """The value as it would come back from a document, `None` where the document cannot say it."""
        code = self.code(value)
        return None if code is None else self.value(code)

    def code(self, value: Value) -> Json:
        """What to write for the hub's value, `None` where the document cannot say it."""
        if not value and says_nothing(value):
            return None
        if self.encode is not None:
            return self.encode(value)
        return value if isinstance(value, str) else None

    def put(self, node: Json, found: Json, want: Value) -> Json:
        """Writes a value where `found` stands now, or takes the place away for `None`.

        Leaves it where `get` already gives the value, so that a code of several for one meaning stays.
        """
        if found is None:
            return self.add(node, want)
        have = self.value(found)
        if have == want:
            return node
        code = self.code(want)
        if code == found or self.value(code) == have:
            return node
        return self.write(node, code)

    def add(self, node: Json, want: Value) -> Json:
        """Writes a value where nothing stands now."""
        code = self.code(want)
        return node if says_nothing(code) else self.write(node, code)


def plain_key(path: Path) -> str | None:
    """The only step of a path from the item, where that is one plain key."""
    step = path.steps[0] if len(path.steps) == 1 and not path.root else None
    return step if isinstance(step, str) else None


def says_nothing(value: Json) -> bool:
    """Whether a value is as good as none: null, an empty text or an empty list. Zero and false say something."""
    return value is None or value == "" or value == []


def compile_row(data: Mapping[str, Any], field: Field, tables: Callable[[str], CodeTable]) -> Row:
    """From a row's YAML, for a field of this type. Raises `ValueError` with the reason."""
    path = parse(data["at"])
    row = {
        "hub": data.get("hub", ""),
        "field": field,
        "path": path,
        "read": reader(path),
        "write": writer(path),
        "key": plain_key(path),
    }
    if "codes" in data:
        table = tables(data["codes"])
        return Row(**row, decode=_by_table(table, path), encode=table.to_system, table=table)
    name = data.get("pair") or BY_FIELD.get(field)
    if name is not None:
        pair = PAIRS[name]
        return Row(**row, decode=_by_pair(pair, path), encode=_other_way(pair), pair=pair)
    if field == "number":
        return Row(**row, decode=_typed(path, "a number", _is_number), encode=_if(_is_number))
    if field == "list":
        return Row(**row, decode=_typed(path, "a list of texts", _is_texts), encode=_if(_is_texts))
    return Row(**row)


def _by_table(table: CodeTable, path: Path) -> Decode:
    read, place = table.read, path.text

    def decode(code: Json) -> Value:
        found = read.get(code) if isinstance(code, str) else None
        return table.to_hub(code, place) if found is None else found

    return decode


def _by_pair(pair: Pair, path: Path) -> Decode:
    def decode(value: Json) -> Value:
        try:
            return pair.read(value)
        except ValueError:
            pass
        raise wrong_type(path.text, pair.wanted, value)

    return decode


def _other_way(pair: Pair) -> Encode:
    def encode(value: Value) -> Json:
        try:
            return pair.write(value)
        except ValueError:
            return None

    return encode


def as_text(path: Path) -> Decode:
    """What a row without a table or a pair takes."""
    return _typed(path, "a text", lambda value: isinstance(value, str))


def _typed(path: Path, wanted: str, fits: Callable[[Json], bool]) -> Decode:
    def decode(value: Json) -> Value:
        if fits(value):
            return value  # type: ignore[no-any-return]  # `fits` has just looked at it
        raise wrong_type(path.text, wanted, value)

    return decode


def _if(fits: Callable[[Json], bool]) -> Encode:
    return lambda value: value if fits(value) else None


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
