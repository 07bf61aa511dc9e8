"""Documents, views and grants for any lens, made from the lens itself: what its laws are tested with.

Needs hypothesis, so nothing in the running hub imports it; the conformance kit and the tests do.
"""

from __future__ import annotations

from random import Random

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
    chance = draw(_chances)
    if lens.frame is not None:
        part = _filled(chance, lens.frame, part)
    for fact in lens.facts:
        part = _place(chance, fact.row, part)
    for number in draw(_some(lens)):
        part = _listed(draw, lens.sections[number], number, part)
    return part


_chances = st.integers(0, 2**16).map(Random)
"""One draw for all the rows of an item: a draw for each would be more than hypothesis can hold."""


def _some(lens: Lens) -> SearchStrategy[list[int]]:
    """Up to four sections: what they do to each other needs no more."""
    if not lens.sections:
        return st.just([])
    return st.lists(st.integers(0, len(lens.sections) - 1), unique=True, max_size=4)


def _listed(draw: DrawFn, section: Section, number: int, part: Json) -> Json:
    nodes = {key: _node(draw(_chances), section, key) for key in draw(_keys(number))}
    held = section.read(part)
    if section.key is None:
        return section.write(part, {**(held or {}), **nodes}) if nodes else part
    return section.write(part, [*(held or []), *nodes.values()]) if nodes else part


def _node(chance: Random, section: Section, key: str) -> Json:
    node: Json = {**section.blank, NOISE: 1} if chance.random() < 0.5 else section.blank
    for condition in section.where:
        node = condition.write(node, chance.choice(condition.values))
    if section.key is not None:
        node = section.write_key(node, key)
    form, labels = section.form, section.form.marks.labels
    if labels is not None and not labels.path.root and labels.read(node) is None and chance.random() < 0.5:
        natives = [native for _, native in labels.table.rows]
        node = labels.write(node, chance.choice([*natives, "a label no table knows"]))
    node = _filled(chance, form, node)
    if form.deleted is not None and chance.random() < 0.2:
        node = form.deleted.write(node, form.deleted.value)
    return node


def _filled(chance: Random, form: Form, node: Json) -> Json:
    for row in form.rows:
        node = _place(chance, row, node)
    owner = form.marks.owner
    return node if owner is None or owner.path.root else _place(chance, owner, node)


def _place(chance: Random, row: Row, node: Json) -> Json:
    return row.write(node, system_value(row, chance.randrange(8))) if chance.random() < 0.5 else node


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
    chance = draw(_chances)
    if chance.random() < 0.7:
        portion["frame"] = {FRAME_KEY: _item(chance, lens.frame)}
    for fact in lens.facts:
        if chance.random() < 0.5:
            value = _hub_value(chance, fact.row)
            portion.setdefault("identity", {})[fact.name] = Item({"fact": fact.name, "value": value}, _MARKS)
    for number in draw(_some(lens)):
        section = lens.sections[number]
        keys = [*draw(_keys(number)), *([f"new-{number}"] if chance.random() < 0.5 else [])]
        items = {key: _item(draw(_chances), section.form) for key in keys}
        portion.setdefault(section.form.kind, {}).update(items)
    if chance.random() < 0.3:
        portion.setdefault("note", {})["a note"] = Item({"text": "said"}, _MARKS, free_text=True)
    return portion


def _item(chance: Random, form: Form | None) -> Item:
    deleted = chance.random() < 0.1
    content: dict[str, Value] = {}
    for row in form.rows if form is not None and not deleted else ():
        value = _hub_value(chance, row)
        if value is not None:
            content[row.hub] = value
    if form is not None and not deleted and chance.random() < 0.5:
        content.update(form.constants)
    return Item(content, _MARKS, owner=chance.choice([None, "school", "no-such-service"]), deleted=deleted)


def _hub_value(chance: Random, row: Row) -> Value:
    """Mostly a value the row can say; now and then none, or one it may not."""
    odd: list[Value] = ["no-such-code-or-date", 5, {"deep": ["x"]}]
    number = chance.randrange(12)
    return None if number < 3 else hub_value(row, number) if number < 9 else odd[number - 9]


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
