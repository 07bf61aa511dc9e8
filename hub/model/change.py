"""What a system says: a portion of the plan in that system's own keys, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from hub.model.plan import About, Content, Kind

Snapshot = Literal["full", "own", "partial"]
"""What absence from a document means: deleted; deleted where it is the sender's own; nothing."""


class Item(NamedTuple):
    """One element as a system sees it: content and marks, without the hub's id and owner.

    A named tuple, since a conversion makes one for each item and a frozen dataclass takes three times as long to make.

    `owner` is set only where the document says whose the element is; otherwise it is the sending service's own.
    `deleted` is a tombstone: the document says so itself, where its format can (absence deletes only in `full`).
    `named` are the categories that the document's own label of the item names; `None` where it bears no label.
    """

    content: Content
    categories: frozenset[str]
    about: About = "child"
    free_text: bool = False
    owner: str | None = None
    deleted: bool = False
    named: frozenset[str] | None = None


Portion: TypeAlias = Mapping[Kind, Mapping[str, Item]]
"""Items by kind and by the system's own key. What `get` gives and what `put` takes."""

Grant: TypeAlias = Mapping[Kind, frozenset[str]]
"""Keys a receiver may be told about, by kind: granted and absent is removed, not granted is left as it was."""


@dataclass(frozen=True, slots=True)
class ChildKey:
    """How a document names its child: `kind` is `own`, `fnr`, `dnr` or `duf`; the value stays inside door 1."""

    kind: str
    value: str

    def __repr__(self) -> str:
        return f"ChildKey({self.kind})"


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A place in a document that holds something and that no row names. A place, never a value."""

    place: str


PartOutcome = Literal["merged", "proposed", "unchanged", "passed", "duplicate", "refused", "set_aside"]
DeliveryOutcome = Literal["delivered", "denied", "superseded", "rejected", "expired", "set_aside"]
