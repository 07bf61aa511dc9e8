"""What a document holds and no row names: places only, the outermost of each, never a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from hub.errors import UnusableError
from hub.mapping.path import Every, Json, Select, Step

Meant: TypeAlias = Callable[[int, Json], bool]
"""Whether the item at this position is one that rows speak of."""

NOTHING: tuple[Json, ...] = (None, "", [], {})


@dataclass(slots=True)
class Named:
    """The places that rows name, as a tree. A `leaf` covers all that lies below it."""

    leaf: bool = False
    keys: dict[str, Named] = field(default_factory=dict)
    items: list[tuple[Meant, Named]] = field(default_factory=list)

    def add(self, steps: tuple[Step, ...]) -> None:
        """Names the place, and the fields that selectors on the way look at."""
        self.at(steps).leaf = True

    def at(self, steps: tuple[Step, ...]) -> Named:
        node = self
        for step in steps:
            node = node.keys.setdefault(step, Named()) if isinstance(step, str) else node._item(step)
        return node

    def _item(self, step: int | Select | Every) -> Named:
        inner = Named()
        if isinstance(step, Select):
            for keys, _ in step.wanted:
                inner.add(keys)
        self.items.append((_meant(step), inner))
        return inner

    def section(self, steps: tuple[Step, ...], belongs: Callable[[Json], bool]) -> Named:
        """The tree for the items of a section."""
        inner = Named()
        self.at(steps).items.append((lambda _, item: _holds(belongs, item), inner))
        return inner

    def add_all(self, value: Json) -> None:
        """Names every place that this value fills: what a mapping's `new` starts a document from."""
        if isinstance(value, dict):
            for key, inner in value.items():
                self.keys.setdefault(key, Named()).add_all(inner)
        elif value not in NOTHING:
            self.leaf = True


def unnamed(named: Named, part: Json) -> list[str]:
    """The places, in the document's order and each once."""
    places: dict[str, None] = {}
    _walk([named], part, "", places)
    return list(places)


def _walk(nodes: list[Named], value: Json, place: str, places: dict[str, None]) -> None:
    if value in NOTHING or any(node.leaf for node in nodes):
        return
    if not nodes or not isinstance(value, dict | list):
        places[place] = None
        return
    if isinstance(value, dict):
        keyed = any(node.items for node in nodes)  # its keys are then the items' own and no part of a place
        for number, (key, inner) in enumerate(value.items()):
            below = [node.keys[key] for node in nodes if key in node.keys]
            name = f"{place}[]" if keyed and not below else (f"{place}.{key}" if place else key)
            _walk(below + _items(nodes, number, inner), inner, name, places)
    else:
        for number, inner in enumerate(value):
            _walk(_items(nodes, number, inner), inner, f"{place}[]", places)


def _items(nodes: list[Named], number: int, item: Json) -> list[Named]:
    return [inner for node in nodes for meant, inner in node.items if meant(number, item)]


def _meant(step: int | Select | Every) -> Meant:
    if isinstance(step, Select):
        return lambda _, item: step.fits(item)
    if isinstance(step, int):
        return lambda number, _: number == step
    return lambda number, item: True


def _holds(belongs: Callable[[Json], bool], item: Json) -> bool:
    try:
        return belongs(item)
    except UnusableError:
        return False
