"""Readers and writers: one closure a step, chained when the mapping is compiled."""

from __future__ import annotations

from hub.mapping.path import Every, Json, Path, Read, Select, Step, Write, place_of, wrong_type


def reader(path: Path) -> Read:
    """Gives the value at the path, `None` where there is none; raises `UnusableError` where the shape is another."""
    return _read_from(path.steps, 0)


def writer(path: Path) -> Write:
    """Writes at the path in a copy; makes what is missing on the way, and takes away what becomes empty."""
    return _write_from(path.steps, 0)


def _read_from(steps: tuple[Step, ...], at: int) -> Read:
    if at == len(steps):
        return _itself
    place, last, step = place_of(steps[:at]), at + 1 == len(steps), steps[at]
    match step:
        case str():
            return _read_leaf(step, place) if last else _read_key(step, place, _read_from(steps, at + 1))
        case int():
            return _read_index(step, place, _read_from(steps, at + 1))
        case Select():
            return _read_selected(step, place, _read_from(steps, at + 1))
        case Every():
            raise ValueError("`[]` stands for every item and belongs in `never` and `order` only")


def _itself(node: Json) -> Json:
    return node


def _read_leaf(key: str, place: str) -> Read:
    def read(node: Json) -> Json:
        if isinstance(node, dict):
            return node.get(key)
        raise wrong_type(place, "an object", node)

    return read


def _read_key(key: str, place: str, then: Read) -> Read:
    def read(node: Json) -> Json:
        if not isinstance(node, dict):
            raise wrong_type(place, "an object", node)
        inner = node.get(key)
        return None if inner is None else then(inner)

    return read


def _read_index(index: int, place: str, then: Read) -> Read:
    def read(node: Json) -> Json:
        if not isinstance(node, list):
            raise wrong_type(place, "a list", node)
        if not -len(node) <= index < len(node):
            return None
        inner = node[index]
        return None if inner is None else then(inner)

    return read


def _read_selected(select: Select, place: str, then: Read) -> Read:
    def read(node: Json) -> Json:
        if not isinstance(node, list):
            raise wrong_type(place, "a list", node)
        for item in node:
            if select.fits(item):
                return then(item)
        return None

    return read


def _write_from(steps: tuple[Step, ...], at: int) -> Write:
    if at == len(steps):
        return _instead
    then, step, place = _write_from(steps, at + 1), steps[at], place_of(steps[:at])
    match step:
        case str():
            return _write_key(step, place, then)
        case int():
            return _write_index(step, place, then)
        case Select():
            return _write_selected(step, place, then)
        case Every():
            raise ValueError("`[]` stands for every item and belongs in `never` and `order` only")


def _instead(node: Json, value: Json) -> Json:
    return value


def _write_key(key: str, place: str, then: Write) -> Write:
    def write(node: Json, value: Json) -> Json:
        if node is None:
            node = {}
        elif not isinstance(node, dict):
            raise wrong_type(place, "an object", node)
        old = node.get(key)
        new = then(old, value)
        if new is old:
            return node
        node = node.copy()
        if new is None or (value is None and new in ({}, [])):
            node.pop(key, None)
        else:
            node[key] = new
        return node

    return write


def _write_index(index: int, place: str, then: Write) -> Write:
    def write(node: Json, value: Json) -> Json:
        if node is None:
            node = []
        elif not isinstance(node, list):
            raise wrong_type(place, "a list", node)
        there = -len(node) <= index < len(node)
        old = node[index] if there else None
        new = then(old, value)
        if new is old:
            return node
        if there:
            node = [*node]
            node[index] = new
        else:  # what lies between is left empty, since an index says nothing of it
            node = [*node, *([{}] * (index - len(node))), new]
        while node and value is None and node[-1] in (None, {}):
            node.pop()
        return node

    return write


def _write_selected(select: Select, place: str, then: Write) -> Write:
    bare = select.fresh()

    def write(node: Json, value: Json) -> Json:
        if node is None:
            node = []
        elif not isinstance(node, list):
            raise wrong_type(place, "a list", node)
        for number, old in enumerate(node):
            if select.fits(old):
                new = then(old, value)
                if new is old:
                    return node
                keep = [] if new is None or (value is None and new in ({}, bare)) else [new]
                return [*node[:number], *keep, *node[number + 1 :]]
        return node if value is None else [*node, then(bare, value)]

    return write
