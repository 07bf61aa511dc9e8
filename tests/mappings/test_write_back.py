"""A redacted copy that is sent back erases nothing its writer could not see: for every adapter and every category.

Generated from the installed adapters: each kind of document that is both read and written, with each category withheld.
What is only read is tried in `test_read_only.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from hub.mapping import Lens
from hub.mapping.lens import FRAME_KEY
from hub.model.change import Grant, Item, Portion
from hub.model.plan import CATEGORIES, IDENTITY_FACTS, Element, Kind, Plan
from hub.sync import Base, Cut, Merge, cut_view, merge, portion_for
from hub.sync.merge import Permission, Sender
from tests.mappings.installed import MAPPED, OTHER, OWN, RECEIVER, WITHHELD, adapters, fact_item, kinds, line_of
from tests.mappings.installed import plan_for as a_plan_for

NOISE: Any = {"deep": [1, {"kept": "as it is"}]}
LENSES: Mapping[str, Lens] = {name: each.lens for name, each in MAPPED.items() if each.written}


def plan_for(lens: Lens, word: str) -> Plan:
    """With a frame that is shown, or withheld where its own category is the one."""
    return a_plan_for(lens, "plan_measure" if word == "plan_measure" else "plan_goal")


def may(element: Element) -> Permission:
    return "allowed" if element.owner == OWN else "propose"


def brought(lens: Lens, plan: Plan, word: str) -> Cut:
    """All that the receiver may see where others' elements of this category are withheld."""
    opened = [each.id for each in plan.elements.values() if each.owner == OWN or word not in each.categories]
    return cut_view(plan, opened, lens.carries, OWN)


def sent_back(lens: Lens, plan: Plan, cut: Cut, document: Any) -> Merge:
    sender = Sender(RECEIVER, OWN, may)
    return merge(plan, lens.get(document), lens.snapshot, sender, Base(cut.digests, cut.digests), lens.carries)


def own_record(lens: Lens, grant: Grant) -> Any:
    """What lay in the receiver's own record before: items that the hub has never heard of, who the child is by its own
    register where that is not granted, and a place no row names."""
    items: dict[Kind, dict[str, Item]] = {
        kind: {"private": Item({line_of(kind, lens.carries[kind]): "its own"}, frozenset())} for kind in kinds(lens)
    }
    items["identity"] = {
        fact.name: fact_item(fact, 2) for fact in lens.facts if fact.name not in grant.get("identity", ())
    }
    if lens.frame is not None and not grant.get("frame"):
        items["frame"] = {FRAME_KEY: Item({line_of("frame", lens.carries["frame"]): "its own"}, frozenset())}
    record = lens.put(None, items, {kind: frozenset(held) for kind, held in items.items()})
    return {**record, "no-row-names-this": NOISE}


def edited(lens: Lens, portion: Portion) -> Portion:
    """The copy with every item of it changed by its receiver."""
    facts = {fact.name: fact_item(fact, 3) for fact in lens.facts}
    return {
        kind: {
            key: facts[key]
            if kind == "identity"
            else item._replace(content={**item.content, line_of(kind, lens.carries[kind]): "edited"})
            for key, item in items.items()
        }
        for kind, items in portion.items()
    }


def contents(plan: Plan) -> dict[str, Any]:
    return {id: each.content for id, each in plan.elements.items()}


def canonical(document: Any) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


@pytest.mark.parametrize("word", WITHHELD)
@pytest.mark.parametrize("name", LENSES)
def test_what_the_writer_could_not_see_stays(name: str, word: str) -> None:
    lens = LENSES[name]
    plan = plan_for(lens, word)
    cut = brought(lens, plan, word)
    portion, grant = portion_for(cut, RECEIVER, lens.carries)
    document = lens.put(lens.part_start, portion, grant)

    outcome = sent_back(lens, plan, cut, lens.put(document, edited(lens, portion), grant))

    withheld = [each for each in plan.elements.values() if each.owner == OTHER and word in each.categories]
    shown = {each.id for each in plan.elements.values() if each.owner == OTHER} - {each.id for each in withheld}
    touched = {each.id for each in (*outcome.changed, *outcome.proposed, *outcome.held)}
    assert withheld
    assert [outcome.plan.elements[each.id] for each in withheld] == withheld
    assert touched.isdisjoint(each.id for each in withheld)
    assert {each.owner for each in outcome.changed} == {OWN}
    assert {each.id for each in outcome.proposed} == shown


@pytest.mark.parametrize("word", WITHHELD)
@pytest.mark.parametrize("name", LENSES)
def test_the_copy_sent_back_as_it_came_changes_nothing(name: str, word: str) -> None:
    lens = LENSES[name]
    plan = plan_for(lens, word)
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
    portion, grant = portion_for(brought(lens, plan_for(lens, word), word), RECEIVER, lens.carries)
    record = own_record(lens, grant)

    written = lens.put(record, portion, grant)
    taken_out_again = lens.put(written, {}, grant)

    assert canonical(written) != canonical(record)
    assert canonical(taken_out_again) == canonical(record)


def test_no_adapter_no_mapping_and_no_category_is_forgotten() -> None:
    """Counted from the installed adapters anew: what is neither tried here nor in `test_read_only.py` is named."""
    read = {f"{each.name}: {kind}" for each in adapters() for kind in each.lenses}
    tried = {mark.args[0]: set(mark.args[1]) for mark in test_what_the_writer_could_not_see_stays.pytestmark}

    assert [each.name for each in adapters() if each.broken] == []
    assert read - {name for name, each in MAPPED.items() if not each.written} == tried["name"]
    assert tried["word"] == CATEGORIES >= IDENTITY_FACTS
    assert IDENTITY_FACTS - {fact.name for lens in LENSES.values() for fact in lens.facts} == {"national_id"}
