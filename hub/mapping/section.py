"""A section: the items of one kind in one list (or one object) of the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

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
    new: Json = None
    keeps_empty: bool = False
    """Whether the list stays when its last item goes: the document's `new` has it."""

    def belongs(self, node: Json) -> bool:
        return all(each.read(node) in each.values for each in self.where)

    def nodes(self, root: Json) -> Iterator[tuple[str, int | str, Json]]:
        """Key, position and node of each item of this section, in the document's order."""
        held = self.read(root)
        if held is None:
            return
        if self.key is None:
            if not isinstance(held, dict):
                raise wrong_type(self.each.text, "an object", held)
            for name, node in held.items():
                if not self.where or self.belongs(node):
                    yield name, name, node
            return
        if not isinstance(held, list):
            raise wrong_type(self.each.text, "a list", held)
        for number, node in enumerate(held):
            try:
                if self.where and not self.belongs(node):
                    continue
                key = self.read_key(node)
                if not isinstance(key, str):
                    key = self._odd_key(key)
            except UnusableError as error:
                raise below(f"{self.each.text}[{number}]", error) from None
            yield key, number, node

    def _odd_key(self, key: Json) -> str:
        if isinstance(key, int) and not isinstance(key, bool):
            return str(key)
        if key is None:
            raise UnusableError(
                "no_key", "an item has no key", place=self._key_place(), way_out="Give each item a key of its own."
            )
        raise wrong_type(self._key_place(), "a key", key)

    def _key_place(self) -> str:
        return "" if self.key is None else self.key.text

    def get(self, root: Json, found: dict[str, Item]) -> None:
        """Adds the section's items to those of its kind."""
        get = self.form.get
        for key, position, node in self.nodes(root):
            try:
                item = get(node, root)
                if key in found:
                    raise UnusableError("duplicate_key", "two items share a key", place=self._key_place())
            except UnusableError as error:
                raise below(f"{self.each.text}[{position}]", error) from None
            found[key] = item

    def put(self, root: Json, view: Mapping[str, Item], granted: Set[str], added: Mapping[str, Item]) -> Json:
        """The root with this section's granted items written, those absent from the view removed, and `added` new."""
        held = self.read(root)
        if held is None and not added:
            return root
        changes: dict[int | str, Json] = {}
        for key, position, node in self.nodes(root):
            if key in granted:
                item = view.get(key)
                new = None if item is None else self._written(node, item, position)
                if new is not node:
                    changes[position] = new
        if not changes and not added:
            return root
        fresh = {key: self._made(key, item) for key, item in added.items()}
        if self.key is None:
            held = {**(held or {}), **changes, **fresh}
            after: Json = {key: node for key, node in held.items() if node is not None}
        else:
            after = [changes.get(number, node) for number, node in enumerate(held or ())] if changes else held or []
            after = [*(node for node in after if node is not None), *fresh.values()]
        return self.write(root, after if after or self.keeps_empty else None)

    def _written(self, node: Json, item: Item, position: int | str) -> Json:
        """The node as the item wants it; nothing for a tombstone that the format has no word for."""
        if item.deleted and self.form.deleted is None:
            return None
        try:
            return self.form.put(node, item)
        except UnusableError as error:
            raise below(f"{self.each.text}[{position}]", error) from None

    def _made(self, key: str, item: Item) -> Json:
        node = self.new
        for condition in self.where:
            node = condition.write(node, condition.values[0])
        if self.key is not None:
            node = self.write_key(node, key)
        return self.form.fresh(node, item)
