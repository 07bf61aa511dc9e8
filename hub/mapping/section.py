"""A section: the items of one kind in one list (or one object) of the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from hub.errors import UnusableError
from hub.mapping.form import Form
from hub.mapping.path import Json, Path, Read, Write, below, wrong_type
from hub.model.change import Item


@dataclass(frozen=True, slots=True)
class Condition:
    """A constant that an item must have to belong to the section; the first of its values goes into a new one."""

    place: str
    read: Read
    write: Write
    values: tuple[Json, ...]


def belonging(where: tuple[Condition, ...]) -> Callable[[Json], bool]:
    """All conditions as one closure."""
    if len(where) != 1:
        return lambda node: all(condition.read(node) in condition.values for condition in where)
    read, values = where[0].read, where[0].values
    return lambda node: read(node) in values


@dataclass(frozen=True, slots=True)
class Section:
    """`key` is the place of an item's own key inside the item; `None` where the items lie in an object by key."""

    form: Form
    each: Path
    read: Read
    write: Write
    key: Path | None
    read_key: Read
    write_key: Write
    where: tuple[Condition, ...] = ()
    belongs: Callable[[Json], bool] = field(default=lambda node: True)
    """Whether a node of the list is one of this section's items: the `where` conditions as one closure."""
    blank: Mapping[str, Json] = field(default_factory=dict)
    """What a new item starts from: the section's `new` and its `where` constants."""
    plain_key: str | None = None
    keeps_empty: bool = False
    """Whether the list stays when its last item goes: the document's `new` has it."""

    def nodes(self, held: Json) -> Iterator[tuple[str, int | str, Json]]:
        """Key, position and node of each item of this section, in the order of the list (or object) held."""
        if self.key is None:
            if not isinstance(held, dict):
                raise wrong_type(self.each.text, "an object", held)
            for name, node in held.items():
                if not self.where or self.belongs(node):
                    yield name, name, node
            return
        if not isinstance(held, list):
            raise wrong_type(self.each.text, "a list", held)
        all_of_it, belongs, read_key = not self.where, self.belongs, self.read_key
        for number, node in enumerate(held):
            try:
                if not (all_of_it or belongs(node)):
                    continue
                key = read_key(node)
                if not isinstance(key, str):
                    key = self._odd_key(key)
            except UnusableError as error:
                raise self._at(number, error) from None
            yield key, number, node

    def _odd_key(self, key: Json) -> str:
        if isinstance(key, int) and not isinstance(key, bool):
            return str(key)
        if key is None:
            way_out = "Give each item a key of its own."
            raise UnusableError("no_key", "an item has no key", place=self._key_place(), way_out=way_out)
        raise wrong_type(self._key_place(), "a key", key)

    def _key_place(self) -> str:
        return "" if self.key is None else self.key.text

    def _at(self, position: int | str, error: UnusableError) -> UnusableError:
        return below(f"{self.each.text}[{position if self.key is not None else ''}]", error)

    def get(self, root: Json, held: Json, found: dict[str, Item]) -> None:
        """Adds the items of the list (or object) held to those of their kind."""
        get = self.form.get
        for key, position, node in self.nodes(held):
            try:
                item = get(node, root)
                if key in found:
                    way_out = "Give each item a key of its own."
                    raise UnusableError(
                        "duplicate_key", "two items share a key", place=self._key_place(), way_out=way_out
                    )
            except UnusableError as error:
                raise self._at(position, error) from None
            found[key] = item

    def put(self, root: Json, view: Mapping[str, Item], granted: Set[str], mine: Set[str] | None) -> Json:
        """The root with this section's granted items written, those absent from the view removed, and new ones added.

        `mine` are the new keys that belong here; `None` where no other section has the kind.
        """
        held = self.read(root)
        changes: dict[int | str, Json] = {}
        there: set[str] = set()
        if held is not None:
            for key, position, node in self.nodes(held):
                if key in granted:
                    there.add(key)
                    item = view.get(key)
                    new = None if item is None else self._written(node, item, position)
                    if new is not node:
                        changes[position] = new
        buries = self.form.deleted is not None
        fresh = {
            key: self._made(key, item)
            for key, item in view.items()
            if key not in there and key in granted and (mine is None or key in mine) and (buries or not item.deleted)
        }
        if not changes and not fresh:
            return root
        after = _in_object(held, changes, fresh) if self.key is None else _in_list(held, changes, fresh)
        return self.write(root, after if after or self.keeps_empty else None)

    def _written(self, node: Json, item: Item, position: int | str) -> Json:
        """The node as the item wants it; nothing for a tombstone that the format has no word for."""
        if item.deleted and self.form.deleted is None:
            return None
        try:
            return self.form.put(node, item)
        except UnusableError as error:
            raise self._at(position, error) from None

    def _made(self, key: str, item: Item) -> Json:
        node = dict(self.blank)
        if self.plain_key is not None:
            node[self.plain_key] = key
        elif self.key is not None:
            node = self.write_key(node, key)
        return self.form.fresh(node, item)


def _in_object(held: Json, changes: Mapping[int | str, Json], fresh: Mapping[str, Json]) -> Json:
    return {key: node for key, node in {**(held or {}), **changes, **fresh}.items() if node is not None}


def _in_list(held: Json, changes: Mapping[int | str, Json], fresh: Mapping[str, Json]) -> Json:
    kept = held or []
    if changes:
        written = [changes.get(number, node) for number, node in enumerate(kept)]
        kept = [node for node in written if node is not None]
    return [*kept, *fresh.values()]
