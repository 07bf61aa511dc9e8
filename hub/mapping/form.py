"""What one item says: its rows, constants and marks, read into an `Item` and written back into a document's node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.mapping.codes import LabelTable
from hub.mapping.path import Json, Read, Write, wrong_type
from hub.mapping.row import Row
from hub.model.change import Item
from hub.model.plan import UNCLASSIFIED, About, Content, Kind, Value

_UNKNOWN = frozenset({UNCLASSIFIED})


@dataclass(frozen=True, slots=True)
class Tombstone:
    """How an item says that it is deleted: this value at this place."""

    read: Read
    write: Write
    value: Json


@dataclass(frozen=True, slots=True)
class Labels:
    """Categories from a native label; `root` where the label stands at the part's root."""

    read: Read
    write: Write
    table: LabelTable
    place: str
    root: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The shape of one kind of item. `rows` are written, `context` rows (`^`) and `constants` only read."""

    kind: Kind
    rows: tuple[Row, ...]
    context: tuple[Row, ...]
    constants: Mapping[str, Value]
    categories: frozenset[str]
    about: About
    texts: frozenset[str]
    free_text: bool | None = None
    labels: Labels | None = None
    owner: Row | None = None
    deleted: Tombstone | None = None
    watched: tuple[Row, ...] = field(default=())

    def get(self, node: Json, root: Json) -> Item:
        """The item at this node. Raises `UnusableError` with the place inside the node."""
        if not isinstance(node, dict):
            raise wrong_type("", "an object", node)
        if self.deleted is not None and self.deleted.read(node) == self.deleted.value:
            return Item({}, self.marks(node, root), self.about, False, None, True)
        content: dict[str, Value] = {}
        for row in self.rows:
            value = node.get(row.key) if row.key is not None else row.read(node)
            if value is None:
                continue
            if row.decode is not None:
                content[row.hub] = row.decode(value)
            elif isinstance(value, str):
                content[row.hub] = value
            else:
                raise wrong_type(row.path.text, "a text", value)
        if self.constants:
            content.update(self.constants)
        for row in self.context:
            if (value := row.get(root)) is not None:
                content[row.hub] = value
        owner = None if self.owner is None else self.owner.get(root if self.owner.path.root else node)
        free = self.free_text if self.free_text is not None else not self.texts.isdisjoint(content)
        return Item(content, self.marks(node, root), self.about, free, None if owner is None else str(owner))

    def marks(self, node: Json, root: Json) -> frozenset[str]:
        """The categories: declared, from the label, and `unclassified` for a code its table does not know."""
        found = self.categories
        if self.labels is not None:
            label = self.labels.read(root if self.labels.root else node)
            if label is not None:
                found = found | self.labels.table.categories(label, self.labels.place)
        for row in self.watched:
            code = row.read(root if row.path.root else node)
            if code is not None and row.table is not None and not row.table.knows(code):
                found = found | _UNKNOWN
        return found or _UNKNOWN

    def put(self, node: Json, item: Item) -> Json:
        """The node with the item's content written where it differs."""
        if self.deleted is not None:
            if item.deleted:
                return self.deleted.write(node, self.deleted.value)
            if self.deleted.read(node) == self.deleted.value:
                node = self.deleted.write(node, None)
        want = item.content.get
        for row in self.rows:
            node = row.put(node, want(row.hub))
        if self.owner is not None and item.owner is not None and not self.owner.path.root:
            owner = self.owner.fit(item.owner)
            node = node if owner is None else self.owner.put(node, owner)
        return node

    def fresh(self, node: Json, item: Item) -> Json:
        """The same for an item that the document has not held before: its label is written too."""
        if self.labels is not None and not self.labels.root and self.labels.read(node) is None:
            label = self.labels.table.label_for(item.categories)
            if label is not None:
                node = self.labels.write(node, label)
        return self.put(node, item)

    def fit(self, content: Content, root: Json) -> dict[str, Value]:
        """The content as it would come back from a document."""
        kept: dict[str, Value] = {}
        for row in self.rows:
            value = content.get(row.hub)
            if value is not None and (value := row.fit(value)) is not None:
                kept[row.hub] = value
        kept.update(self.constants)
        for row in self.context:
            value = None if root is None else row.get(root)
            if value is not None:
                kept[row.hub] = value
        return kept

    def agrees(self, content: Content) -> bool:
        """Whether no constant of this form contradicts the content."""
        return all(content.get(name) in (None, value) for name, value in self.constants.items())
