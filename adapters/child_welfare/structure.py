"""The structure of Barnevern 4.0.1: shapes and value forms, compiled once from `structure.yaml`."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, TypeAlias

import yaml

Form: TypeAlias = Callable[[str], bool]

_DATE = re.compile(r"-?(\d{4,})-(\d\d)-(\d\d)(Z|[+-]\d\d:\d\d)?", re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_CHILD = re.compile(r"(?P<name>\w+?)(?P<often>[?*+]|\{\d+,\d+\})?(?::(?P<shape>\w+))?")
_OFTEN: Mapping[str | None, tuple[int, int | None]] = {None: (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}


@dataclass(frozen=True, slots=True)
class Child:
    """A child element: how often it may stand, and its shape, or the form of its text."""

    name: str
    least: int
    most: int | None
    shape: Shape | None
    form: Form | None

    @property
    def single(self) -> bool:
        """Whether JSON has one value for it and not a list."""
        return self.most == 1


@dataclass(slots=True)
class Shape:
    """An element: forms of its attributes, those it must have, its children in order, and what tells them apart."""

    attributes: Mapping[str, Form] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    children: tuple[Child, ...] = ()
    unique: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def load_structure() -> Shape:
    """The shape of the root element."""
    data = yaml.safe_load(files(__package__).joinpath("structure.yaml").read_text("utf-8"))
    forms = {name: _form(told) for name, told in data["values"].items()}
    shapes = {name: Shape() for name in data["elements"]}
    for name, told in data["elements"].items():
        attributes: dict[str, str] = told.get("attributes", {})
        shape = shapes[name]
        shape.attributes = {each: forms[form.rstrip("!")] for each, form in attributes.items()}
        shape.required = tuple(each for each, form in attributes.items() if form.endswith("!"))
        shape.children = tuple(_child(each, shapes, forms) for each in told.get("children", "").split())
        shape.unique = {each: tuple(names.split()) for each, names in told.get("unique", {}).items()}
    return shapes["Barnevern"]


def _child(told: str, shapes: Mapping[str, Shape], forms: Mapping[str, Form]) -> Child:
    found = _CHILD.fullmatch(told)
    if found is None:
        raise ValueError(f"structure.yaml: cannot read the child {told!r}")
    name, often = found["name"], found["often"]
    kind = found["shape"] or name
    if often and often[0] == "{":
        least, most = map(int, often.strip("{}").split(","))
        return Child(name, least, most, shapes.get(kind), forms.get(kind))
    return Child(name, *_OFTEN[often], shapes.get(kind), forms.get(kind))


def _form(told: Mapping[str, Any]) -> Form:
    if "form" in told:
        return {"date": is_date, "instant": is_instant, "boolean": is_boolean}[told["form"]]
    if "oneof" in told:
        return frozenset(str(told["oneof"]).split()).__contains__
    least, most = told.get("length", (0, 10**9))
    matches = re.compile(told.get("pattern", ".*"), re.DOTALL).fullmatch
    return lambda text: least <= len(text) <= most and matches(text) is not None


def is_date(text: str) -> bool:
    """An `xs:date`: any year but 0000, a real day, perhaps a zone."""
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day, zone = found.groups()
    if int(year) == 0 or (len(year) > 4 and year[0] == "0") or not 1 <= int(month) <= 12:
        return False
    # The calendar repeats every 400 years, and Python's knows four digits only.
    return 1 <= int(day) <= calendar.monthrange(2000 + int(year) % 400, int(month))[1] and _is_zone(zone)


def is_instant(text: str) -> bool:
    """A date and time that says its zone, so that no reader has to guess."""
    found = _INSTANT.fullmatch(text.strip(" "))
    if found is None or not is_date(found[1]) or not _is_zone(found[6]):
        return False
    hour, minute, second = int(found[2]), int(found[3]), int(found[4])
    midnight = (hour, minute, second) == (24, 0, 0) and not (found[5] or "").strip(".0")
    return midnight or (hour <= 23 and minute <= 59 and second <= 59)


def is_boolean(text: str) -> bool:
    """Any of the four spellings of `xs:boolean`."""
    return text.strip(" ") in ("true", "false", "1", "0")


def _is_zone(zone: str | None) -> bool:
    if zone is None or zone == "Z":
        return True
    hours, minutes = int(zone[1:3]), int(zone[4:])
    return hours * 60 + minutes <= 14 * 60 and minutes <= 59
