"""What one item says: its rows, constants and marks, read into an `Item` and written back into a document's node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.mapping.marks import Marks
from hub.mapping.path import Json, Read, Write, wrong_type
from hub.mapping.row import Row, says_nothing
from hub.model.change import Item
from hub.model.plan import Content, Kind, Value


@dataclass(frozen=True, slots=True)
class Tombstone:
    """How an item says that it is deleted: this value at this place."""

    read: Read
    write: Write
    value: Json


@dataclass(frozen=True, slots=True)
class Form:
    """The shape of one kind of item. `rows` are written, `context` rows (`^`) and `constants` only read."""

    kind: Kind
    rows: tuple[Row, ...]
    context: tuple[Row, ...]
    constants: Mapping[str, Value]
    marks: Marks
    texts: frozenset[str]
    free_text: bool | None = None
    deleted: Tombstone | None = None
    plain: tuple[tuple[str, str, bool, Row], ...] = field(init=False)
    by_key: Mapping[str, Row] = field(init=False)
    deep: tuple[Row, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Rows of one plain key are read and written without a call; most rows are, and most are texts as they are."""
        plain = tuple((row.key, row.hub, row.decode is None, row) for row in self.rows if row.key is not None)
        object.__setattr__(self, "plain", plain)
        object.__setattr__(self, "by_key", {key: row for key, _, _, row in plain})
        object.__setattr__(self, "deep", tuple(row for row in self.rows if row.key is None))

    def get(self, node: Json, root: Json) -> Item:
        """The item at this node. Raises `UnusableError` with the place inside the node."""
        if not isinstance(node, dict):
            raise wrong_type("", "an object", node)
        if self.deleted is not None and self.deleted.read(node) == self.deleted.value:
            categories, about, _, _ = self.marks.of(node, root)
            return Item({}, categories, about, deleted=True)
        content: dict[str, Value] = {}
        find = self.by_key.get
        for key, value in node.items():
            row = find(key)
            if row is None or value is None:
                continue
            if (row.decode is None and value and isinstance(value, str)) or (value := row.value(value)) is not None:
                content[row.hub] = value
        for row in self.deep:
            value = row.read(node)
            if value is not None and (value := row.value(value)) is not None:
                content[row.hub] = value
        if self.constants:
            content.update(self.constants)
        for row in self.context:
            if (value := row.get(root)) is not None:
                content[row.hub] = value
        free = self.free_text if self.free_text is not None else not self.texts.isdisjoint(content)
        if self.marks.constant:
            return Item(content, self.marks.categories, self.marks.about, free)
        categories, about, owner, named = self.marks.of(node, root)
        return Item(content, categories, about, free, owner, False, named)

    def put(self, node: Json, item: Item) -> Json:
        """The node with the item's content written where it differs."""
        if self.deleted is not None:
            if item.deleted:
                return self.deleted.write(node, self.deleted.value)
            if self.deleted.read(node) == self.deleted.value:
                node = self.deleted.write(node, None)
        want, own = item.content.get, False
        for key, hub, is_text, row in self.plain:
            have, value = node.get(key), want(hub)
            if have is value or (is_text and have == value):
                continue
            if is_text and value and isinstance(value, str) and isinstance(have, str | None):
                if not own:
                    node, own = node.copy(), True
                node[key] = value
            else:
                node = row.put(node, have, value)
        for row in self.deep:
            have, value = row.read(node), want(row.hub)
            if have is not value:
                node = row.put(node, have, value)
        return node if item.owner is None else self.marks.put(node, item)

    def take_out(self, node: Json) -> Json:
        """The node without what it said here; nor does it go on saying whose that was."""
        said = any(row.get(node) is not None for row in self.rows)
        bare = self.put(node, _EMPTY)
        return self.marks.disowned(bare) if said else bare

    def fresh(self, node: Json, item: Item) -> Json:
        """The node, which is the caller's own to change, as an item that no document has held before."""
        node = self.marks.fresh(node, item)
        if item.deleted:
            return self.put(node, item)
        want = item.content.get
        for key, hub, is_text, row in self.plain:
            value = want(hub)
            if is_text and value and isinstance(value, str):
                node[key] = value
            elif key in node:
                node = row.put(node, node[key], value)
            elif value is not None and not says_nothing(code := row.code(value)):
                node[key] = code
        for row in self.deep:
            have, value = row.read(node), want(row.hub)
            if have is not value:
                node = row.put(node, have, value)
        return node if item.owner is None else self.marks.put(node, item)

    def fit(self, item: Item, root: Json) -> Item:
        """The item as it would come back from a document."""
        if item.deleted:
            return item._replace(content={})
        kept: dict[str, Value] = {}
        for row in self.rows:
            value = row.fit(item.content.get(row.hub))
            if value is not None:
                kept[row.hub] = value
        kept.update(self.constants)
        for row in self.context:
            value = None if root is None else row.get(root)
            if value is not None:
                kept[row.hub] = value
        return item._replace(content=kept)

    def agrees(self, content: Content) -> bool:
        """Whether no constant of this form contradicts the content."""
        return all(content.get(name) in (None, value) for name, value in self.constants.items())


_EMPTY = Item({}, frozenset())
