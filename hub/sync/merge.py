"""Three-way merge, element by element: what a system changed since it last saw the plan, and who may change it.

The base is what that system last saw, said or was sent. What equals the base or the plan is no change, so the echo of
our own delivery makes no version. The owner wins on its own element; structure is the coordinator of record's (law.md
§ 3.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from hub.model.change import Item, Portion, Snapshot
from hub.model.plan import UNCLASSIFIED, Content, Element, Kind, Plan
from hub.sync.base import Base, beside, faded
from hub.sync.keys import ids_by_key, new_id, new_keys
from hub.sync.version import GONE, Carried, carried, carried_digest, digest_of, stamped

Permission = Literal["allowed", "propose", "hold", "refuse"]


@dataclass(frozen=True, slots=True)
class Sender:
    """The system whose document is merged; `may` asks the coordination gate about one element as it would become."""

    system: str
    service: str
    may: Callable[[Element], Permission]
    person: str | None = None
    """The person its key identifies, where that is not the child."""
    says: Callable[[Element], Content] = lambda element: element.content
    """What of an element's content its format can say; what it cannot say, its silence does not take away."""
    label: Callable[[Element], frozenset[str] | None] = lambda element: None
    """What the label names that the hub writes for an element in its format: the echo of it is nobody's word."""
    reveals: Callable[[Kind, Item], frozenset[str]] = lambda kind, item: frozenset()
    """What the service itself reveals by saying this, whatever its document says: a note from BUP is about health."""
    shown: Callable[[Element, Item], Element] = lambda element, item: element
    """The element as this system was shown it: what people kept from it, its silence does not take away either."""


@dataclass(slots=True)
class Merge:
    """The plan as it now is, the elements that changed in it, those that wait, and those nobody but the family changes.

    `seen` is what the sender said or had seen; `sent` what it holds that the plan agrees with: there is no news in it.
    """

    plan: Plan
    changed: list[Element] = field(default_factory=list)
    proposed: list[Element] = field(default_factory=list)
    held: list[Element] = field(default_factory=list)
    refused: list[Element] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)

    def taken(self, before: Plan) -> Mapping[str, frozenset[str]]:
        """The categories that their owner has taken away, by element."""
        known = before.elements
        gone = {each.id: known[each.id].categories - each.categories for each in self.changed if each.id in known}
        return {id: categories for id, categories in gone.items() if categories}


def merge(
    plan: Plan, portion: Portion, snapshot: Snapshot, sender: Sender, base: Base, carries: Mapping[Kind, Carried]
) -> Merge:
    """Merges one document's portion. Pure; the new plan has the next version only if something changed."""
    outcome = Merge(plan, seen={**base.seen}, sent={**base.sent})
    spoken: set[str] = set()
    known = ids_by_key(plan, sender.system, sender.service, base.sent)
    for kind, items in portion.items():
        fields = carries[kind]
        for key, item in items.items():
            id = known.get((kind, key)) or new_id(plan.id, sender.system, sender.service, kind, key)
            if (now := plan.elements.get(id)) is None and item.deleted:
                continue
            digest = GONE if item.deleted else digest_of(carried(item.content, fields))
            spoken.add(id)
            own = now is not None and now.owner == sender.service
            old = base.is_old(id, digest, own=own)
            if not old:
                outcome.seen[id] = base.said(id, digest)
            if now is not None and base.told(now, sender.service) and _same(now, item, digest, fields, sender):
                if not old:  # what it held once says nothing of what it holds
                    outcome.sent[id] = base.taken(id, digest, carried_digest(sender.shown(now, item), fields), own=own)
                outcome.changed += _marked(now, item, sender)
            elif not base.holds(id, digest, own=own):
                said = _new(id, kind, key, item, sender) if now is None else _edited(now, item, fields, sender)
                _settle(said, digest, sender, base, outcome)
    for element in _missing(plan, spoken, base, sender, carries) if snapshot != "partial" else ():
        if snapshot == "full" or element.owner == sender.service:
            outcome.seen[element.id] = base.said(element.id, GONE)
            if not plan.elements[element.id].deleted:
                _settle(element, None, sender, base, outcome)
    if outcome.changed:
        elements = {**plan.elements, **{element.id: element for element in outcome.changed}}
        outcome.plan = replace(plan, version=plan.version + 1, elements=elements)
    return outcome


def _new(id: str, kind: Kind, key: str, item: Item, sender: Sender) -> Element:
    person = sender.person if item.about != "child" else None
    categories = item.categories | sender.reveals(kind, item)
    keys = new_keys(sender.system, kind, key)
    made = Element(id, kind, sender.service, categories, item.content, item.about, item.free_text, person, keys)
    return stamped(_labelled(made, item, sender))


def _same(now: Element, item: Item, digest: str, fields: Carried, sender: Sender) -> bool:
    """Whether the document says what the plan says, as far as its format can and as it was shown."""
    if carried_digest(now, fields) == digest:
        return True
    shown = sender.shown(now, item)
    if shown is not now and carried_digest(shown, fields) == digest:
        return True
    return not item.deleted and digest_of(carried(sender.says(shown), fields)) == digest


def _marked(now: Element, item: Item, sender: Sender) -> list[Element]:
    """The element with the marks its owner now gives it, where nothing else has changed."""
    if item.deleted or now.owner != sender.service:
        return []
    categories = _owners_categories(now, item, sender)
    free_text = now.free_text or item.free_text
    if categories == now.categories and free_text == now.free_text and item.about in ("child", now.about):
        return []  # what nearly every item of nearly every document says
    said = _about_whom(_labelled(replace(now, categories=categories, free_text=free_text), item, sender), item, sender)
    return [stamped(said)] if said != now else []


def _owners_categories(now: Element, item: Item, sender: Sender) -> frozenset[str]:
    """A format may lack the word for a category, and its silence takes none away. What its label names is said.

    An owner's system that changes its own label takes away what its former one named, and that nobody had classified
    it. A label it has said before comes from an older document, as one of a system that has said none may: both only
    add. So only an edit on the current base takes a category away.
    """
    said = item.categories | sender.reveals(now.kind, item)
    former = now.labels.get(sender.system, ())
    if item.named is None or now.categories <= said or item.named == sender.label(now):
        return now.categories | said
    if not former or _words(item.named) in former:
        return now.categories | said
    return (now.categories - set(former[-1]) - {UNCLASSIFIED}) | said


def _labelled(element: Element, item: Item, sender: Sender) -> Element:
    """The element with the label its document bears among those its system has said."""
    former = element.labels.get(sender.system, ())
    if item.named is None or _words(item.named) in former:
        return element
    return replace(element, labels={**element.labels, sender.system: (*former, _words(item.named))})


def _words(label: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(label))


def _about_whom(element: Element, item: Item, sender: Sender) -> Element:
    """About somebody else than the child, if its owner says so; `child` is also what a format says by default."""
    if item.about in ("child", element.about):
        return element
    return replace(element, about=item.about, person=sender.person)


def _edited(now: Element, item: Item, fields: Carried, sender: Sender) -> Element:
    """The plan's element under the document's fields. Categories may be added; only the owner takes one away."""
    if item.deleted:
        return _tombstone(now)
    told, words = sender.says(sender.shown(now, item)), carried(item.content, fields)
    echoed = {name for name in fields & told.keys() if _is_echo(name, told, words, now)}
    kept = {name: value for name, value in now.content.items() if name not in fields & told.keys() or name in echoed}
    owner = now.owner == sender.service
    said = replace(
        now,
        content={**kept, **{name: value for name, value in words.items() if name not in echoed}},
        categories=_owners_categories(now, item, sender) if owner else now.categories | item.categories,
        free_text=item.free_text or (now.free_text and bool(kept)),
        deleted=False,
        digest="",
    )
    return stamped(_about_whom(_labelled(said, item, sender), item, sender) if owner else said)


def _is_echo(name: str, told: Content, words: Content, now: Element) -> bool:
    """Whether a field was shown otherwise than it is, and comes back so or not at all: that is nobody's word."""
    return told[name] != now.content.get(name) and words.get(name, told[name]) == told[name]


def rebased(proposed: Element, base: Element | None, now: Element | None) -> Element:
    """A proposal on the element as it now is: what it changed when it was made, and nothing that came since.

    Its owner's marks stand; a proposal only adds categories.
    """
    if now is None:
        return proposed
    if proposed.deleted:
        return _tombstone(now)
    before = base.content if base else {}
    touched = {name for name in {**before, **proposed.content} if before.get(name) != proposed.content.get(name)}
    content = {name: value for name, value in now.content.items() if name not in touched}
    content |= {name: value for name, value in proposed.content.items() if name in touched}
    categories, free_text = now.categories | proposed.categories, now.free_text or proposed.free_text
    return stamped(replace(now, content=content, categories=categories, free_text=free_text, deleted=False))


def _missing(
    plan: Plan, spoken: set[str], base: Base, sender: Sender, carries: Mapping[Kind, Carried]
) -> Iterator[Element]:
    """Elements the sender had and its full document no longer holds: only what it could see can be deleted.

    Those that are deleted already too: it agrees, whatever it said of them before.
    """
    for element in plan.elements.values():
        if element.id in spoken or element.kind not in carries:
            continue
        if base.knows(element, sender.service, sender.system):
            yield _tombstone(element)


def _tombstone(element: Element) -> Element:
    keys = {"": element.keys[""]} if "" in element.keys else element.keys
    return stamped(replace(element, content={}, free_text=False, deleted=True, keys=keys))


def _settle(element: Element, digest: str | None, sender: Sender, base: Base, outcome: Merge) -> None:
    """Into the plan, waiting, or refused. While it waits there is no news of it in the plan, lest whatever comes next,
    and be it withheld from the sender, bring the plan's value along; once it is refused that value is told anew."""
    permission, before = sender.may(element), base.sent.get(element.id)
    where = {"allowed": outcome.changed, "propose": outcome.proposed, "hold": outcome.held, "refuse": outcome.refused}
    where[permission].append(element)
    if permission == "refuse":
        outcome.sent[element.id] = faded(before or "", digest or GONE)
    elif permission != "allowed":
        outcome.sent[element.id] = beside(before, digest or GONE)
    elif element.owner == sender.service and base.overtakes(element.id, digest or GONE):
        outcome.seen[element.id] = base.overtaken(element.id, digest or GONE)
        outcome.sent[element.id] = beside(before, digest or GONE)
    elif digest is not None:
        outcome.sent[element.id] = base.taken(element.id, digest, own=element.owner == sender.service)
    elif not base.awaits(element.id, GONE):
        outcome.sent.pop(element.id, None)
