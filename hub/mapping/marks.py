"""The marks of an item: its categories, whom it is about and whose it is, by the mapping and by the document."""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.errors import UnusableError
from hub.mapping.codes import LabelTable
from hub.mapping.path import Json, Path, Read, Write
from hub.mapping.row import Row
from hub.model.change import Item
from hub.model.plan import UNCLASSIFIED, About

_UNKNOWN = frozenset({UNCLASSIFIED})


@dataclass(frozen=True, slots=True)
class Labels:
    """Categories from a native label."""

    path: Path
    read: Read
    write: Write
    table: LabelTable
    key: str | None = None
    """The only step of the path, where it is one plain key."""


@dataclass(frozen=True, slots=True)
class Marks:
    """`says_about` and `owner` are rows: where a mapping has them, the document says these marks item by item.

    `watched` are rows whose table marks an item `unclassified` for a code it does not know.
    """

    categories: frozenset[str]
    about: About = "child"
    labels: Labels | None = None
    says_about: Row | None = None
    owner: Row | None = None
    watched: tuple[Row, ...] = ()
    constant: bool = field(init=False)
    """Whether every item has the same: nothing need be read."""

    def __post_init__(self) -> None:
        said = self.labels or self.says_about or self.owner or self.watched
        object.__setattr__(self, "constant", not said and bool(self.categories))

    def of(self, node: Json, root: Json) -> tuple[frozenset[str], About, str | None, frozenset[str] | None]:
        """Categories, about and owner of the item at this node, and what its label alone names."""
        found, labels, row, owner, named = self.categories, self.labels, self.owner, None, None
        if labels is not None:
            label = node.get(labels.key) if labels.key else labels.read(root if labels.path.root else node)
            if label is not None:
                named = labels.table.categories(label, labels.path.text)
                found = found | named
        if self.watched:
            found = found | self._unclassified(node, root)
        if row is not None:
            said = node.get(row.key) if row.key else row.read(root if row.path.root else node)
            if said is not None and (said := row.value(said)) is not None:
                owner = str(said)
        about = self.about if self.says_about is None else self._about(self.says_about, node, root)
        return found or _UNKNOWN, about, owner, named

    def _unclassified(self, node: Json, root: Json) -> frozenset[str]:
        for row in self.watched:
            code = row.read(root if row.path.root else node)
            if code is not None and row.table is not None and not row.table.knows(code):
                return _UNKNOWN
        return frozenset()

    def _about(self, row: Row, node: Json, root: Json) -> About:
        said = node.get(row.key) if row.key else row.read(root if row.path.root else node)
        about = None if said is None else row.value(said)
        match about:
            case None:
                return self.about
            case "child" | "parent" | "sibling" | "other":
                return about
            case _:
                wanted = "child, parent, sibling or other expected"
                raise UnusableError("unknown_code", wanted, place=row.path.text, way_out="Send one of these.")

    def named(self, categories: frozenset[str]) -> frozenset[str] | None:
        """What the label names that is written for these categories; `None` where none is written."""
        if self.labels is None or (label := self.labels.table.label_for(categories)) is None:
            return None
        return self.labels.table.categories(label, self.labels.path.text)

    def put(self, node: Json, item: Item) -> Json:
        """The node with the item's owner, where the document says whose an item is."""
        row = self.owner
        if row is None or item.owner is None or row.path.root:
            return node
        found = row.read(node)
        if found is None:
            return row.add(node, item.owner)
        owner = row.fit(item.owner)
        return node if owner is None else row.put(node, found, owner)

    def disowned(self, node: Json) -> Json:
        """The node without an owner."""
        row = self.owner
        return node if row is None or row.path.root else row.put(node, row.read(node), None)

    def fresh(self, node: Json, item: Item) -> Json:
        """A new item's node, the caller's own to change, with its label and whom it is about."""
        labels, about = self.labels, self.says_about
        if labels is not None and labels.key is not None:
            if node.get(labels.key) is None and (label := labels.table.label_for(item.categories)) is not None:
                node[labels.key] = label
        elif labels is not None and not labels.path.root and labels.read(node) is None:
            label = labels.table.label_for(item.categories)
            node = node if label is None else labels.write(node, label)
        if about is not None and item.about != self.about and not about.path.root:
            node = about.put(node, about.read(node), item.about)
        return node
