"""What is wrong with a mapping beyond its schema: by row, with the reason, all of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from hub.mapping.compile import LAWFUL_FACTS, Tables
from hub.mapping.pairs import PAIRS
from hub.mapping.path import Every, Path, Select, Step, parse
from hub.model.content import FIELDS

Data: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """`row` is where in the mapping, `reason` what is wrong there and what would be right."""

    row: str
    reason: str


def faults(data: Data, file: str, tables: Tables) -> list[Fault]:
    """Every fault; none means the mapping can be compiled."""
    found = [*_name(data, file), *_paths(data), *_tables(data, tables)]
    if found:
        return found
    return [*_fields(data), *_categories(data), *_places(data), *_shared_lists(data)]


def _name(data: Data, file: str) -> Iterator[Fault]:
    wanted = file.removesuffix(".yaml")
    if not f"/{wanted}".endswith(f"/{data['lens']}"):
        yield Fault("lens", f"a mapping is named by its path, which is {wanted}")


# ── paths, pairs and tables ─────────────────────────────────────────────────────────────────────────────────────────


def _forms(data: Data) -> Iterator[tuple[str, Data]]:
    """The frame and the sections, with where each stands."""
    if "frame" in data:
        yield "frame", {"kind": "frame", **data["frame"]}
    for number, section in enumerate(data.get("sections", ())):
        yield f"sections[{number}]", section


def _rows(data: Data) -> Iterator[tuple[str, Data]]:
    for number, row in enumerate(data.get("identity", ())):
        yield f"identity[{number}]", row
    for place, form in _forms(data):
        for number, row in enumerate(form["rows"]):
            yield f"{place}.rows[{number}]", row
        for name in ("labels", "owner", "deleted", "about"):
            if isinstance(form.get(name), dict):
                yield f"{place}.{name}", form[name]


def _all_paths(data: Data) -> Iterator[tuple[str, str, bool]]:
    """Row, path, and whether `[]` may stand in it."""
    for name in ("never", "order"):
        for number, place in enumerate(data.get(name, ())):
            yield f"{name}[{number}]", place, True
    if "parts" in data:
        yield "parts", data["parts"], False
    for number, row in enumerate(data.get("child", ())):
        yield f"child[{number}]", row["at"], False
    for place, row in _rows(data):
        if "at" in row:
            yield place, row["at"], False
    for place, form in _forms(data):
        for name in ("each", "key"):
            if name in form:
                yield f"{place}.{name}", form[name], False
        for text in form.get("where", ()):
            yield f"{place}.where", text, False


def _paths(data: Data) -> Iterator[Fault]:
    for row, text, every in _all_paths(data):
        try:
            path = parse(text)
        except ValueError as error:
            yield Fault(row, str(error))
            continue
        if not path.steps and not row.startswith("order"):
            yield Fault(row, "`.` belongs in `order` only")
        if not every and any(isinstance(step, Every) for step in path.steps):
            yield Fault(row, "`[]` stands for every item and belongs in `never` and `order` only")
        if path.root and not row.startswith("sections["):
            yield Fault(row, "`^` belongs inside a section: elsewhere a path starts from the root anyway")


def _tables(data: Data, tables: Tables) -> Iterator[Fault]:
    for place, row in _rows(data):
        if "pair" in row and row["pair"] not in PAIRS:
            yield Fault(place, f"there is no pair {row['pair']}; there are {', '.join(sorted(PAIRS))}")
        if "codes" in row:
            try:
                (tables.labels if place.endswith(".labels") else tables.codes)(row["codes"])
            except ValueError as error:
                yield Fault(place, str(error))


# ── the plan's side ─────────────────────────────────────────────────────────────────────────────────────────────────


def _fields(data: Data) -> Iterator[Fault]:
    for place, form in _forms(data):
        fields = FIELDS[form["kind"]]
        seen: set[str] = set()
        for number, row in enumerate(form["rows"]):
            name = row["hub"]
            if name not in fields:
                yield Fault(f"{place}.rows[{number}]", f"a {form['kind']} has no {name}; it has {', '.join(fields)}")
            if name in seen:
                yield Fault(f"{place}.rows[{number}]", f"{name} has a row already")
            seen.add(name)


def _categories(data: Data) -> Iterator[Fault]:
    default = data.get("categories")
    for place, form in _forms(data):
        if not (default or form.get("categories") or "labels" in form):
            yield Fault(place, "no categories: name them here, at the top, or by `labels`")
    for number, row in enumerate(data.get("identity", ())):
        if not (default or row.get("categories") or row["fact"] in LAWFUL_FACTS):
            yield Fault(f"identity[{number}]", f"no categories: {row['fact']} is no category in itself")


# ── the document's side: what would break the laws ──────────────────────────────────────────────────────────────────


def _places(data: Data) -> Iterator[Fault]:
    """No two rows may write the same place, and no row may write what makes an item one of its section."""
    at_root = [(f"child[{number}]", parse(row["at"])) for number, row in enumerate(data.get("child", ()))]
    written = [*at_root, *((f"identity[{n}]", parse(row["at"])) for n, row in enumerate(data.get("identity", ())))]
    for place, form in _forms(data):
        rows = [(f"{place}.rows[{n}]", parse(row["at"])) for n, row in enumerate(form["rows"]) if "at" in row]
        marks = [name for name in ("owner", "about") if isinstance(form.get(name), dict)]
        rows += [(f"{place}.{name}", parse(form[name]["at"])) for name in marks]
        if form["kind"] == "frame":
            written += rows
            continue
        fixed = [(f"{place}.where", parse(text)) for text in form.get("where", ())]
        fixed += [(f"{place}.key", parse(form["key"]))] if "key" in form else []
        yield from _overlaps([*fixed, *(row for row in rows if not row[1].root)])
    lists = {form["each"]: (f"{place}.each", parse(form["each"])) for place, form in _forms(data) if "each" in form}
    yield from _overlaps([*written, *lists.values()])


def _overlaps(places: list[tuple[str, Path]]) -> Iterator[Fault]:
    for number, (row, path) in enumerate(places):
        for other, earlier in places[:number]:
            if _nested(path.steps, earlier.steps) and not (row.startswith("identity") and other.startswith("child")):
                yield Fault(row, f"{path.text} is the place of {other} too, or lies around or inside it")


def _nested(one: tuple[Step, ...], other: tuple[Step, ...]) -> bool:
    return all(a == b or _may_meet(a, b) for a, b in zip(one, other, strict=False))


def _may_meet(a: Step, b: Step) -> bool:
    """A position and a selector can find the same item."""
    return isinstance(a, int | Select) and isinstance(b, int | Select) and type(a) is not type(b)


def _shared_lists(data: Data) -> Iterator[Fault]:
    """Two sections over one list must tell their items apart by a constant at one place."""
    sections = [(place, form) for place, form in _forms(data) if "each" in form]
    for number, (place, form) in enumerate(sections):
        for other, earlier in sections[:number]:
            if form["each"] == earlier["each"] and not _apart(form.get("where", {}), earlier.get("where", {})):
                yield Fault(place, f"{form['each']} is the list of {other} too: give both a `where` that differs")


def _apart(one: Data, other: Data) -> bool:
    def values(value: Any) -> list[Any]:
        return value if isinstance(value, list) else [value]

    return any(
        not [value for value in values(one[place]) if value in values(other[place])] for place in one if place in other
    )
