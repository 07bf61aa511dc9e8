"""The lens: a compiled mapping. `get` reads a document into a portion of the plan, `put` writes a portion into one."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from hub.errors import UnusableError
from hub.mapping.form import Form
from hub.mapping.identity import Fact
from hub.mapping.never import Clean, Order
from hub.mapping.path import Json, Path, Read, Write, wrong_type
from hub.mapping.section import Section
from hub.mapping.unmapped import Named, unnamed
from hub.model.change import ChildKey, Grant, Item, Portion, Snapshot, Unmapped
from hub.model.plan import Kind

FRAME_KEY = ""
_NOBODY: frozenset[str] = frozenset()
_NOTHING: Mapping[str, Item] = {}


@dataclass(frozen=True, slots=True)
class ChildRow:
    """Where a document names its child, by a key of this kind (`own`, `fnr`, `dnr`, `duf`)."""

    kind: str
    path: Path
    read: Read
    write: Write


@dataclass(frozen=True, slots=True)
class Parts:
    """The list whose items are one child's part each."""

    path: Path
    read: Read
    write: Write


@dataclass(frozen=True, slots=True)
class Lens:
    """Pure and thread-safe; never changes what it is given, and shares with it what stays the same."""

    name: str
    document: str
    title: str
    snapshot: Snapshot
    carries: Mapping[Kind, frozenset[str]]
    child_rows: tuple[ChildRow, ...]
    split: Parts | None
    start: Json
    part_start: Json
    frame: Form | None
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    cleaning: Clean
    order: Order
    named: Named
    shared: frozenset[Kind]
    """Kinds that several sections hold."""

    # ── the whole document ──────────────────────────────────────────────────────────────────────────────────────────

    def parts(self, document: Json) -> list[Json]:
        """One child's part each; the document itself where the mapping names no parts."""
        if self.split is None:
            return [document]
        held = self.split.read(document)
        if held is None:
            return []
        if not isinstance(held, list):
            raise self._said(wrong_type(self.split.path.text, "a list", held))
        return held

    def join(self, document: Json, part: Json) -> Json:
        """A document that holds just this part."""
        if self.split is None:
            return part
        return self.split.write(self.start if document is None else document, [part])

    # ── one part ────────────────────────────────────────────────────────────────────────────────────────────────────

    def child(self, part: Json) -> list[ChildKey]:
        """The keys by which the part names its child, in the order of the identity rows."""
        keys = []
        try:
            for row in self.child_rows:
                value = row.read(part)
                if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
                    keys.append(ChildKey(row.kind, str(value)))
                elif value is not None and value != "":
                    raise wrong_type(row.path.text, "a key", value)
        except UnusableError as error:
            raise self._said(error) from None
        return keys

    def enrol(self, part: Json, key: ChildKey) -> Json:
        """The part with the receiver's own key for the child at its identity row, where the mapping has one."""
        row = next((row for row in self.child_rows if row.kind == key.kind), None)
        if row is None or str(row.read(part)) == key.value:
            return part
        return self.order(part, row.write(part, key.value))

    def clean(self, part: Json) -> Json:
        """The part without the places that must never be stored."""
        return self.cleaning(part)

    def unmapped(self, part: Json) -> list[Unmapped]:
        """Places that hold something and that no row names."""
        return [Unmapped(place) for place in unnamed(self.named, part)]

    def emptied(self, part: Json) -> bool:
        """Whether a list that a section reads is there and holds nothing, which says more than that it is missing."""
        return any(section.read(part) in ([], {}) for section in self.sections)

    # ── the two directions ──────────────────────────────────────────────────────────────────────────────────────────

    def get(self, part: Json) -> Portion:
        """What the part says of the plan. Raises `UnusableError` with the place where its shape is another."""
        portion: dict[Kind, dict[str, Item]] = {}
        try:
            if self.frame is not None:
                frame = self.frame.get(part, part)
                if len(frame.content) > len(self.frame.constants):
                    portion["frame"] = {FRAME_KEY: frame}
            for fact in self.facts:
                item = fact.get(part)
                if item is not None:
                    portion.setdefault("identity", {})[fact.name] = item
            for section in self.sections:
                kind = section.form.kind
                held = section.read(part)
                if held:
                    found = portion.setdefault(kind, {})
                    section.get(part, held, found)
                    if not found:
                        del portion[kind]
        except UnusableError as error:
            raise self._said(error) from None
        return portion

    def put(self, base: Json, view: Portion, grant: Grant) -> Json:
        """The base (or the document to start from) with what is granted written, and all else as it was."""
        part = self.part_start if base is None else base
        try:
            before = part
            if self.frame is not None and FRAME_KEY in grant.get("frame", _NOBODY):
                item = view.get("frame", {}).get(FRAME_KEY, _EMPTY)
                if not self.frame.marks.constant and self._fit("frame", FRAME_KEY, item, {}, part) is None:
                    item = _EMPTY  # a frame that says nothing here has no owner and no categories here either
                if base is None:
                    part = self.frame.fresh(dict(part), item)
                else:
                    part = self.frame.take_out(part) if item is _EMPTY else self.frame.put(part, item)
            granted, items = grant.get("identity", _NOBODY), view.get("identity", {})
            for fact in self.facts:
                if fact.name in granted:
                    part = fact.put(part, items.get(fact.name))
            part = self._put_sections(part, view, grant)
        except UnusableError as error:
            raise self._said(error) from None
        return self.order(before, part)

    def _put_sections(self, part: Json, view: Portion, grant: Grant) -> Json:
        newcomers = self._newcomers(part, view, grant) if self.shared else {}
        for number, section in enumerate(self.sections):
            kind = section.form.kind
            granted = grant.get(kind)
            if granted:
                mine = newcomers.get(number, _NOBODY) if kind in self.shared else None
                part = section.put(part, view.get(kind, _NOTHING), granted, mine)
        return part

    def _newcomers(self, part: Json, view: Portion, grant: Grant) -> dict[int, set[str]]:
        """Of kinds with several sections: granted keys that no section holds, by the section they belong in."""
        newcomers: dict[int, set[str]] = {}
        homes = self._homes(part, self.shared & view.keys() & grant.keys())
        for kind, known in homes.items():
            for key, item in view[kind].items():
                if key not in known and key in grant[kind]:
                    home = self._home(kind, key, item, homes)
                    if home is not None:
                        newcomers.setdefault(home, set()).add(key)
        return newcomers

    def _homes(self, part: Json, kinds: Set[Kind]) -> dict[Kind, dict[str, int]]:
        """The section that holds each item of the part, by kind and key."""
        homes: dict[Kind, dict[str, int]] = {kind: {} for kind in kinds}
        for number, section in enumerate(self.sections if kinds else ()):
            known = homes.get(section.form.kind)
            held = None if known is None else section.read(part)
            if known is not None and held is not None:
                known.update((key, number) for key, _, _ in section.nodes(held))
        return homes

    def _home(self, kind: Kind, key: str, item: Item, homes: Mapping[Kind, Mapping[str, int]]) -> int | None:
        """The section that holds the item; for a new one the first that contradicts nothing in it, or the first."""
        there = homes.get(kind, {}).get(key)
        if there is not None:
            return there
        own = [number for number, section in enumerate(self.sections) if section.form.kind == kind]
        if item.deleted and any(self.sections[number].form.deleted is None for number in own):
            return None  # the list it lay in may have had no word for a tombstone, and then it is just gone
        fitting = (number for number in own if self.sections[number].form.agrees(item.content))
        return next(fitting, next(iter(own), None))

    def cut(self, portion: Portion, base: Json = None) -> Portion:
        """The portion as it would come back from a document: only what the mapping carries, and can say."""
        cut: dict[Kind, dict[str, Item]] = {}
        homes = {} if base is None else self._homes(base, self.shared & portion.keys())
        for kind, items in portion.items():
            kept = {key: fitted for key, item in items.items() if (fitted := self._fit(kind, key, item, homes, base))}
            if kept:
                cut[kind] = kept
        return cut

    def label_of(self, kind: Kind, item: Item) -> frozenset[str] | None:
        """The categories that the label names which this mapping would write for the item; `None` where it has none."""
        if kind == "frame":
            return None if self.frame is None else self.frame.marks.named(item.categories)
        home = None if kind == "identity" else self._home(kind, "", item, {})
        return None if home is None else self.sections[home].form.marks.named(item.categories)

    def _fit(
        self, kind: Kind, key: str, item: Item, homes: Mapping[Kind, Mapping[str, int]], base: Json
    ) -> Item | None:
        if kind == "frame":
            if self.frame is None or key != FRAME_KEY:
                return None
            fitted = self.frame.fit(item, base)
            return fitted if len(fitted.content) > len(self.frame.constants) else None
        if kind == "identity":
            fact = next((fact for fact in self.facts if fact.name == key), None)
            return None if fact is None else fact.fit(item)
        home = self._home(kind, key, item, homes)
        if home is None:
            return None
        form = self.sections[home].form
        return None if item.deleted and form.deleted is None else form.fit(item, base)

    def _said(self, error: UnusableError) -> UnusableError:
        text = f"{self.name}: {error.place}: {error}"
        return UnusableError(error.code, text, place=error.place, way_out=error.way_out)


_EMPTY = Item({}, frozenset())
