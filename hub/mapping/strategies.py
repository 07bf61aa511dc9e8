"""Documents, views and grants for any lens, made from the lens itself: what its laws are tested with.

Needs hypothesis, so nothing in the running hub imports it; the conformance kit and the tests do.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from hub.mapping.form import Form
from hub.mapping.lens import FRAME_KEY, Lens
from hub.mapping.path import Json
from hub.mapping.row import Row
from hub.mapping.section import Section
from hub.model.change import Grant, Item, Portion
from hub.model.plan import Kind, Value

NOISE = "something-no-row-names"
_TEXTS = ("", "a text", "æøå\nline", "0")
_MARKS = frozenset({"education"})


def documents(lens: Lens) -> SearchStrategy[Json]:
    """Parts with and without each place, with codes of every spelling, and with places that no row names."""
    return _documents(lens)


def portions(lens: Lens) -> SearchStrategy[Portion]:
    """Views of kinds the mapping carries and of one it may not, with values that it can and cannot say."""
    return _portions(lens)


@st.composite
def _documents(draw: DrawFn, lens: Lens) -> Json:
    part = lens.part_start
    if draw(st.booleans()):
        part = {**part, NOISE: {"deep": [1]}}
    if lens.frame is not None:
        part = _filled(draw, lens.frame, part)
    for fact in lens.facts:
        part = _place(draw, fact.row, part)
    for number, section in enumerate(lens.sections):
        if draw(st.booleans()):
            part = _listed(draw, section, number, part)
    return part


def _listed(draw: DrawFn, section: Section, number: int, part: Json) -> Json:
    nodes = {key: _node(draw, section, key) for key in draw(_keys(number))}
    held = section.read(part)
    if section.key is None:
        return section.write(part, {**(held or {}), **nodes}) if nodes else part
    return section.write(part, [*(held or []), *nodes.values()]) if nodes else part


def _node(draw: DrawFn, section: Section, key: str) -> Json:
    node: Json = {**section.blank, NOISE: 1} if draw(st.booleans()) else section.blank
    for condition in section.where:
        node = condition.write(node, draw(st.sampled_from(condition.values)))
    if section.key is not None:
        node = section.write_key(node, key)
    form = section.form
    labels = form.marks.labels
    if labels is not None and not labels.path.root and labels.read(node) is None and draw(st.booleans()):
        natives = [native for _, native in labels.table.rows]
        node = labels.write(node, draw(st.sampled_from([*natives, "a label no table knows"])))
    node = _filled(draw, form, node)
    if form.deleted is not None and draw(st.booleans()):
        node = form.deleted.write(node, form.deleted.value)
    return node


def _filled(draw: DrawFn, form: Form, node: Json) -> Json:
    for row in form.rows:
        node = _place(draw, row, node)
    owner = form.marks.owner
    return node if owner is None or owner.path.root else _place(draw, owner, node)


def _place(draw: DrawFn, row: Row, node: Json) -> Json:
    number = draw(st.integers(0, 9))
    return row.write(node, system_value(row, number // 2)) if number % 2 else node


def system_value(row: Row, number: int) -> Json:
    """A value as the system spells it, a different one for each of a few numbers."""
    if row.table is not None:
        codes = [*row.table.read, *([] if row.table.unknown == "refuse" else [f"no-such-code-{number}"])]
        return codes[number % len(codes)]
    value = hub_value(row, number)
    return value if row.encode is None else row.encode(value)


def hub_value(row: Row, number: int) -> Value:
    """A value as the plan holds it."""
    if row.table is not None:
        values = list(row.table.write)
        return values[number % len(values)]
    if row.pair is not None:
        return row.pair.sample(number)
    if row.field == "number":
        return number
    return list(_TEXTS[: number % 3]) if row.field == "list" else _TEXTS[number % len(_TEXTS)]


def _keys(number: int) -> SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([f"{number}-a", f"{number}-b", f"{number}-c"]), unique=True, max_size=3)


@st.composite
def _portions(draw: DrawFn, lens: Lens) -> Portion:
    portion: dict[Kind, dict[str, Item]] = {}
    if draw(st.booleans()):
        portion["frame"] = {FRAME_KEY: _item(draw, lens.frame)}
    for fact in lens.facts:
        if draw(st.booleans()):
            value = _hub_value(draw, fact.row)
            portion.setdefault("identity", {})[fact.name] = Item({"fact": fact.name, "value": value}, _MARKS)
    for number, section in enumerate(lens.sections):
        if draw(st.booleans()):
            keys = [*draw(_keys(number)), *([f"new-{number}"] if draw(st.booleans()) else [])]
            portion.setdefault(section.form.kind, {}).update({key: _item(draw, section.form) for key in keys})
    if draw(st.booleans()):
        portion.setdefault("note", {})["a note"] = Item({"text": "said"}, _MARKS, free_text=True)
    return portion


def _item(draw: DrawFn, form: Form | None) -> Item:
    deleted = draw(st.integers(0, 9)) == 9
    content: dict[str, Value] = {}
    for row in form.rows if form is not None and not deleted else ():
        value = _hub_value(draw, row)
        if value is not None:
            content[row.hub] = value
    if form is not None and not deleted and draw(st.booleans()):
        content.update(form.constants)
    return Item(content, _MARKS, owner=draw(st.sampled_from([None, "school", "no-such-service"])), deleted=deleted)


def _hub_value(draw: DrawFn, row: Row) -> Value:
    """Mostly a value the row can say; now and then one it may not."""
    number = draw(st.integers(0, 11))
    odd: dict[int, Any] = {9: "no-such-code-or-date", 10: 5, 11: {"deep": ["x"]}}
    return None if number < 3 else odd.get(number, hub_value(row, number)) if number > 8 else hub_value(row, number)


@st.composite
def grants(draw: DrawFn, lens: Lens, *portions: Portion) -> Grant:
    """Some of the keys that the portions name."""
    grant: dict[Kind, set[str]] = {}
    for portion in portions:
        for kind, items in portion.items():
            for key in items:
                if draw(st.booleans()):
                    grant.setdefault(kind, set()).add(key)
    return {kind: frozenset(keys) for kind, keys in grant.items()}
