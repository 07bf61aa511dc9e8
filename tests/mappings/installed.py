"""Every mapping of every adapter here, and a plan that holds something of each category for each of them.

Derived from the installed adapters (and the example that vendors copy), so that a new one is tried without being named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from adapters.example import ArtsSchool
from hub.mapping import Lens
from hub.mapping.identity import Fact
from hub.model.change import Item
from hub.model.content import FIELDS
from hub.model.plan import CATEGORIES, Element, Kind, Plan, Value
from hub.registry import Listed, listed, load_registry
from hub.sdk import Adapter
from hub.sync import stamped

OWN, OTHER, RECEIVER = "receiving_service", "other_service", "receiver-1"
WITHHELD = sorted(CATEGORIES)


class Mapped(NamedTuple):
    """One kind of document that an adapter reads through a mapping; `written` where the hub writes it too."""

    adapter: Adapter
    kind: str
    lens: Lens
    written: bool


def adapters() -> list[Listed]:
    return [*load_registry().adapters(), listed("example", lambda: ArtsSchool)]


def mapped() -> Iterator[tuple[str, Mapped]]:
    """Every kind of document that is read through a mapping, by the name of its adapter and its own."""
    for each in adapters():
        if each.adapter is not None:
            written = {kind.name for kind in each.adapter.manifest.writes}
            for kind in each.adapter.manifest.reads:
                if kind.name in each.lenses:
                    one = Mapped(each.adapter, kind.name, each.lenses[kind.name], kind.name in written)
                    yield f"{each.name}: {kind.name}", one


MAPPED: Mapping[str, Mapped] = dict(mapped())


def kinds(lens: Lens) -> list[Kind]:
    """The kinds of which a document holds many."""
    return sorted({section.form.kind for section in lens.sections})


def line_of(kind: Kind, fields: frozenset[str]) -> str:
    """A field of a kind that holds a short text."""
    return next(name for name, sort in FIELDS[kind].items() if sort == "line" and name in fields)


def value_of(fact: Fact, number: int) -> Value:
    """A different value of a fact for each of a few numbers."""
    return fact.row.pair.sample(number) if fact.row.pair else f"{fact.name} {number}"


def fact_item(fact: Fact, number: int) -> Item:
    return Item({"fact": fact.name, "value": value_of(fact, number)}, fact.categories)


def element(kind: Kind, word: str, owner: str, field: str) -> Element:
    return stamped(Element(f"{kind}-{word}-{owner}", kind, owner, frozenset({word}), {field: f"about {word}"}))


def plan_for(lens: Lens, frame: str = "plan_goal") -> Plan:
    """One element of each kind, category and owner; others' facts of identity, and a frame of this category."""
    made = [
        element(kind, word, owner, line_of(kind, lens.carries[kind]))
        for kind in kinds(lens)
        for word in WITHHELD
        for owner in (OWN, OTHER)
    ]
    made += [known(fact) for fact in lens.facts]
    if lens.frame is not None:
        made.append(element("frame", frame, OTHER, line_of("frame", lens.carries["frame"])))
    return Plan("plan", "9999", "child", 1, {each.id: each for each in made})


def known(fact: Fact) -> Element:
    """What another service has said of who the child is."""
    item = fact_item(fact, 1)
    keys = {"": fact.name}
    return stamped(Element(f"identity-{fact.name}", "identity", OTHER, fact.categories, item.content, keys=keys))
