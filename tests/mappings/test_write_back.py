"""A redacted copy that is sent back erases nothing its writer could not see: for every adapter and every category.

Generated from the installed adapters: each kind of document that is both read and written, with each category withheld.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest

from hub.mapping import Lens
from hub.model.change import Item
from hub.model.content import FIELDS
from hub.model.plan import CATEGORIES, IDENTITY_FACTS, Element, Kind, Plan
from hub.registry import load_registry
from hub.sync import Base, Cut, Merge, cut_view, merge, portion_for, stamped
from hub.sync.merge import Permission, Sender

OWN, OTHER, RECEIVER = "receiving_service", "other_service", "receiver-1"
NOISE: Any = {"deep": [1, {"kept": "as it is"}]}


def both_ways() -> Iterator[tuple[str, Lens]]:
    """Every kind of document that an installed adapter reads and writes through a mapping, by the name of both."""
    registry = load_registry()
    for listed in registry.adapters():
        if listed.adapter is None:
            continue
        written = {each.name for each in listed.adapter.manifest.writes}
        for name in sorted(written & listed.lenses.keys() & {each.name for each in listed.adapter.manifest.reads}):
            yield f"{listed.name}: {name}", listed.lenses[name]


LENSES: Mapping[str, Lens] = dict(both_ways())
WITHHELD = sorted(CATEGORIES - IDENTITY_FACTS)


def listed(lens: Lens) -> list[Kind]:
    """The kinds of which a document holds many."""
    return sorted({section.form.kind for section in lens.sections})


def line_of(kind: Kind, fields: frozenset[str]) -> str:
    """A field of a kind that holds a short text."""
    return next(name for name, sort in FIELDS[kind].items() if sort == "line" and name in fields)


def element(kind: Kind, word: str, owner: str, field: str) -> Element:
    return stamped(Element(f"{kind}-{word}-{owner}", kind, owner, frozenset({word}), {field: f"about {word}"}))


def plan_for(lens: Lens) -> Plan:
    """One element of each kind, category and owner."""
    made = [
        element(kind, word, owner, line_of(kind, lens.carries[kind]))
        for kind in listed(lens)
        for word in WITHHELD
        for owner in (OWN, OTHER)
    ]
    return Plan("plan", "9999", "child", 1, {each.id: each for each in made})


def may(element: Element) -> Permission:
    return "allowed" if element.owner == OWN else "propose"


def brought(lens: Lens, plan: Plan, word: str) -> Cut:
    """All that the receiver may see where others' elements of this category are withheld."""
    opened = [each.id for each in plan.elements.values() if each.owner == OWN or word not in each.categories]
    return cut_view(plan, opened, lens.carries, OWN)


def sent_back(lens: Lens, plan: Plan, cut: Cut, document: Any) -> Merge:
    sender = Sender(RECEIVER, OWN, may)
    return merge(plan, lens.get(document), lens.snapshot, sender, Base(cut.digests, cut.digests), lens.carries)


def own_record(lens: Lens) -> Any:
    """What lay in the receiver's own record before: items that the hub has never heard of, and a place no row names."""
    items = {
        kind: {"private": Item({line_of(kind, lens.carries[kind]): "its own"}, frozenset())} for kind in listed(lens)
    }
    record = lens.put(None, items, {kind: frozenset({"private"}) for kind in items})
    return {**record, "no-row-names-this": NOISE}


def contents(plan: Plan) -> dict[str, Any]:
    return {id: each.content for id, each in plan.elements.items()}


def canonical(document: Any) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


@pytest.mark.parametrize("word", WITHHELD)
@pytest.mark.parametrize("name", LENSES)
def test_what_the_writer_could_not_see_stays(name: str, word: str) -> None:
    lens = LENSES[name]
    plan = plan_for(lens)
    cut = brought(lens, plan, word)
    portion, grant = portion_for(cut, RECEIVER, lens.carries)
    document = lens.put(lens.part_start, portion, grant)
    edited = {
        kind: {
            key: item._replace(content={**item.content, line_of(kind, lens.carries[kind]): "edited"})
            for key, item in items.items()
        }
        for kind, items in portion.items()
    }

    outcome = sent_back(lens, plan, cut, lens.put(document, edited, grant))

    withheld = [each for each in plan.elements.values() if each.owner == OTHER and word in each.categories]
    touched = {each.id for each in (*outcome.changed, *outcome.proposed, *outcome.held)}
    assert withheld
    assert [outcome.plan.elements[each.id] for each in withheld] == withheld
    assert touched.isdisjoint(each.id for each in withheld)
    assert {each.owner for each in outcome.changed} == {OWN}
    assert {each.owner for each in outcome.proposed} == {OTHER}


@pytest.mark.parametrize("word", WITHHELD)
@pytest.mark.parametrize("name", LENSES)
def test_the_copy_sent_back_as_it_came_changes_nothing(name: str, word: str) -> None:
    lens = LENSES[name]
    plan = plan_for(lens)
    cut = brought(lens, plan, word)
    portion, grant = portion_for(cut, RECEIVER, lens.carries)

    outcome = sent_back(lens, plan, cut, lens.put(lens.part_start, portion, grant))

    assert outcome.proposed == outcome.held == []
    assert {each.owner for each in outcome.changed} <= {OWN}  # its own may gain what its format always says of them
    assert contents(outcome.plan) == contents(plan)


@pytest.mark.parametrize("word", WITHHELD)
@pytest.mark.parametrize("name", LENSES)
def test_the_receivers_own_record_keeps_what_was_not_granted_byte_for_byte(name: str, word: str) -> None:
    lens = LENSES[name]
    record = own_record(lens)
    portion, grant = portion_for(brought(lens, plan_for(lens), word), RECEIVER, lens.carries)

    written = lens.put(record, portion, grant)
    taken_out_again = lens.put(written, {}, grant)

    assert canonical(written) != canonical(record)
    assert canonical(taken_out_again) == canonical(record)
