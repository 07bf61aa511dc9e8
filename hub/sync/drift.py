"""What a system's record holds otherwise than its view says: drift where others own it, news where it does (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hub.model.change import Grant, Item, Portion
from hub.model.plan import Element, Kind, Plan
from hub.sync.differences import differing
from hub.sync.keys import key_in
from hub.sync.view import Cut

_EMPTY = Item({}, frozenset())


@dataclass(frozen=True, slots=True)
class Drift:
    """One element of a view that the record has not got, has otherwise, or still has. Fields by name, never a value."""

    element: str
    kind: Kind
    what: Literal["missing", "differs", "surplus"]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """`drift` is the hub's to mend; `edited` says that the system has changed, taken away or added something of its
    own since: that is an update. `others` are the keys of what is not its own, in its record as it should be."""

    drift: tuple[Drift, ...]
    edited: bool
    others: Grant


def compare(plan: Plan, cut: Cut, expected: Portion, held: Portion, receiver: tuple[str, str]) -> Compared:
    """`expected` is what the format can say of the cut, `held` what the record says; `receiver` is (system, service).

    What the record holds of elements that are not in the cut is not looked at: it was shown once, or never.
    """
    system, service = receiver
    drift: list[Drift] = []
    others: dict[Kind, set[str]] = {}
    edited = any(_unknown(plan, held, system))
    for element in cut.elements:
        key = key_in(element, system)
        found = _compared(element, _at(expected, element.kind, key), _at(held, element.kind, key))
        own = plan.elements[element.id].owner == service
        edited = edited or (own and found is not None)
        if not own:
            others.setdefault(element.kind, set()).add(key)
            drift += [found] if found else []
    return Compared(tuple(drift), edited, {kind: frozenset(keys) for kind, keys in others.items()})


def _compared(element: Element, wanted: Item | None, held: Item | None) -> Drift | None:
    there = held is not None and not held.deleted
    if element.deleted:
        return Drift(element.id, element.kind, "surplus") if there else None
    if wanted is None:
        return None
    if held is None or held.deleted:
        return Drift(element.id, element.kind, "missing")
    fields = differing(wanted.content, held.content)
    return Drift(element.id, element.kind, "differs", tuple(sorted(fields))) if fields else None


def _at(portion: Portion, kind: Kind, key: str) -> Item | None:
    return portion.get(kind, {}).get(key)


def _unknown(plan: Plan, held: Portion, system: str) -> list[str]:
    """Keys of what the record has and the plan has never heard of."""
    known = {(element.kind, key_in(element, system)) for element in plan.elements.values()}
    kinds = (kind for kind in held if kind not in ("identity", "frame"))
    return [key for kind in kinds for key, item in held[kind].items() if (kind, key) not in known and not item.deleted]
