"""What is done to whole places: `never` places are taken away, `order` gives an object its key order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hub.mapping.path import Every, Json, Path, Select, Step, place_of, wrong_type

Change: TypeAlias = Callable[[Json], Json]
"""Gives a changed copy, the node itself where nothing changes, or `None` to take it away."""


@dataclass(frozen=True, slots=True)
class Clean:
    """Takes the `never` places away. Another shape on the way is refused: the place might then lie elsewhere."""

    changes: tuple[Change, ...]

    def __call__(self, part: Json) -> Json:
        for change in self.changes:
            part = change(part)
        return part


@dataclass(frozen=True, slots=True)
class Order:
    """Puts the keys of objects in the order a format wants, where `put` has changed them."""

    changes: tuple[Change, ...]

    def __call__(self, before: Json, part: Json) -> Json:
        if part is not before:
            for change in self.changes:
                part = change(part)
        return part


def clean(paths: Sequence[Path]) -> Clean:
    return Clean(tuple(_at_every(path.steps, 0, lambda node: None) for path in paths))


def order(wanted: Sequence[tuple[Path, Sequence[str]]]) -> Order:
    return Order(tuple(_at_every(path.steps, 0, _ordered(keys)) for path, keys in wanted))


def _ordered(keys: Sequence[str]) -> Change:
    rank = {key: number for number, key in enumerate(keys)}

    def change(node: Json) -> Json:
        if not isinstance(node, dict):
            return node
        sorted_keys = sorted(node, key=lambda key: rank.get(key, len(rank)))
        return node if sorted_keys == list(node) else {key: node[key] for key in sorted_keys}

    return change


def _at_every(steps: tuple[Step, ...], at: int, change: Change) -> Change:
    if at == len(steps):
        return change
    then, step, place = _at_every(steps, at + 1, change), steps[at], place_of(steps[:at])
    if isinstance(step, str):
        return _in_object(step, place, then)
    return _in_items(step, place, then)


def _in_object(key: str, place: str, then: Change) -> Change:
    def visit(node: Json) -> Json:
        if node is None:
            return None
        if not isinstance(node, dict):
            raise wrong_type(place, "an object", node)
        if key not in node:
            return node
        old = node[key]
        new = then(old)
        if new is None:
            return {name: value for name, value in node.items() if name != key}
        return node if new is old else {**node, key: new}

    return visit


def _in_items(step: int | Select | Every, place: str, then: Change) -> Change:
    def meant(number: int, item: Json) -> bool:
        return number == step if isinstance(step, int) else not isinstance(step, Select) or step.fits(item)

    def visit(node: Json) -> Json:
        if isinstance(node, dict) and isinstance(step, Every):
            values = {key: then(value) for key, value in node.items()}
            return {key: value for key, value in values.items() if value is not None}
        if node is None:
            return None
        if not isinstance(node, list):
            raise wrong_type(place, "a list", node)
        items = [then(item) if meant(number, item) else item for number, item in enumerate(node)]
        return [item for item in items if item is not None]

    return visit
