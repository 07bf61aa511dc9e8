"""Places in a document: a path is parsed once and becomes a reader and a writer that copies along the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from hub.errors import UnusableError

Json: TypeAlias = Any
Read: TypeAlias = Callable[[Json], Json]
Write: TypeAlias = Callable[[Json, Json], Json]
"""`write(node, value)` gives a changed copy of the node; the value `None` takes the place away."""


@dataclass(frozen=True, slots=True)
class Select:
    """The first item of a list whose fields (dotted keys) have these values."""

    wanted: tuple[tuple[tuple[str, ...], str], ...]

    def fits(self, item: Json) -> bool:
        return all(field_of(item, keys) == value for keys, value in self.wanted)

    def fresh(self) -> dict[str, Json]:
        """A new item that this selector finds."""
        item: dict[str, Json] = {}
        for keys, value in self.wanted:
            inner = item
            for key in keys[:-1]:
                inner = inner.setdefault(key, {})
            inner[keys[-1]] = value
        return item

    def __str__(self) -> str:
        return ",".join(f"{'.'.join(keys)}={value}" for keys, value in self.wanted)


@dataclass(frozen=True, slots=True)
class Every:
    """Every item of a list, or every value of an object: `[]`. In `never` places only."""

    def __str__(self) -> str:
        return ""


Step: TypeAlias = str | int | Select | Every


@dataclass(frozen=True, slots=True)
class Path:
    """`root` is true where the path begins with `^`: it starts from the part instead of the item."""

    text: str
    root: bool
    steps: tuple[Step, ...]


_TOKEN = re.compile(r"""\["([^"]*)"\]|\[(-?\d*)\]|\[([^\]"]+=(?:"[^"]*"|[^\]"]*))\]|([^.\[\]"^]+)""")
_PAIR = re.compile(r"""([^=,]+)=(?:"([^"]*)"|([^,]*))(?:,|$)""")


def parse(text: str) -> Path:
    """Raises `ValueError` with the reason for what is not a path. `.` is the item itself."""
    rest, root = (text[1:], True) if text.startswith("^") else (text, False)
    if rest == ".":
        return Path(text, root, ())
    steps: list[Step] = []
    while rest:
        token = _TOKEN.match(rest)
        if token is None:
            raise ValueError(f"cannot read the path {text!r} from {rest!r}")
        steps.append(_step(token))
        rest = rest[token.end() :]
        if rest.startswith("."):
            rest = rest[1:] or "."
    if not steps:
        raise ValueError("a path is empty")
    return Path(text, root, tuple(steps))


def _step(token: re.Match[str]) -> Step:
    quoted, index, select, key = token.groups()
    if quoted is not None:
        return quoted
    if index is not None:
        return int(index) if index else Every()
    if select is not None:
        pairs = _PAIR.findall(select)
        return Select(tuple((tuple(field.strip().split(".")), plain or quote) for field, quote, plain in pairs))
    return key


def place_of(steps: tuple[Step, ...]) -> str:
    """The path as a person reads it."""
    text = ""
    for step in steps:
        text += f"[{step}]" if not isinstance(step, str) else (f".{step}" if text else step)
    return text


def field_of(item: Json, keys: tuple[str, ...]) -> Json:
    """The value under dotted keys, or `None`."""
    for key in keys:
        if not isinstance(item, dict):
            return None
        item = item.get(key)
    return item


# ── what is said of a value that does not fit: its kind, never itself ───────────────────────────────────────────────


def kind_of(value: Json) -> str:
    """What sort of JSON value it is, in words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case _:
            return "an object"


def wrong_type(place: str, wanted: str, value: Json) -> UnusableError:
    return UnusableError(
        "wrong_type",
        f"{wanted} expected, {kind_of(value)} found",
        place=place,
        way_out=f"Send {wanted} at this place, or leave it out.",
    )


def below(prefix: str, error: UnusableError) -> UnusableError:
    """The same error, its place seen from further out."""
    inner = error.place or ""
    joint = "." if prefix and inner and not inner.startswith("[") else ""
    return UnusableError(error.code, str(error), place=f"{prefix}{joint}{inner}", way_out=error.way_out)
