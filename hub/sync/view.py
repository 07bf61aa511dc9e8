"""The cut of a plan for one receiver: what was opened, in that system's own keys, and no trace of the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from hub.model.change import Grant, Item, Portion
from hub.model.content import holds_free_text
from hub.model.plan import Element, Kind, Plan
from hub.model.responsibility import Release
from hub.model.service import PROVIDER
from hub.sync.base import first
from hub.sync.keys import key_in
from hub.sync.version import Carried, carried, carried_digest, cut_digest, stamped


@dataclass(frozen=True, slots=True)
class Cut:
    """Each opened element that the receiver's format can hold, by id, with the digest of what the format can say."""

    elements: tuple[Element, ...]
    digests: Mapping[str, str]

    @property
    def digest(self) -> bytes:
        """Whose an element is counts where that may not show (RED-02): named and unnamed are two cuts."""
        unnamed = {f"?{each.id}": PROVIDER for each in self.elements if each.owner == PROVIDER}
        return cut_digest({**self.digests, **unnamed} if unnamed else self.digests)

    def news(self, known: Mapping[str, str]) -> frozenset[str]:
        """Ids whose value the receiver does not have. A deletion of what it never had is no news."""
        return frozenset(
            id
            for id, value in self.digests.items()
            if known.get(id) != value and first(known.get(id, "")) != value and (value != "-" or id in known)
        )


def as_released(element: Element, release: Release | None) -> Element:
    """The element as people released it to one receiver: with the fields they chose, and decided as such."""
    if release is None or release.fields is None or element.deleted:
        return element
    return only(element, frozenset(release.fields))


def as_shown(releases: Iterable[Release], system: str) -> Callable[[Element], Element]:
    """How this system knows an element: of what was released to it in part it has never seen the rest."""
    parts: dict[str, frozenset[str]] = {}
    for release in releases:
        if release.receiver == system and release.fields is not None:
            parts[release.element] = parts.get(release.element, frozenset()) | frozenset(release.fields)
    return lambda element: only(element, parts[element.id]) if element.id in parts else element


def only(element: Element, fields: frozenset[str]) -> Element:
    """The element without its other fields. Its categories stay: taking one away is its owner's alone.

    It is free of free text only once every field that may hold some is gone.
    """
    content = {name: value for name, value in element.content.items() if name in fields}
    had, has = (frozenset(name for name, value in each.items() if value) for each in (element.content, content))
    free_text = element.free_text and (holds_free_text(element.kind, has) or not holds_free_text(element.kind, had))
    return stamped(replace(element, content=content, free_text=free_text))


def cut_view(plan: Plan, opened: Iterable[str], carries: Mapping[Kind, Carried], service: str = "") -> Cut:
    """The opened elements, in the plan's order, that the format can hold.

    Several services may have said the same fact of identity: the receiver gets its own, or else the first by owner.
    """
    wanted = set(opened)
    elements = [each for each in plan.elements.values() if each.id in wanted and each.kind in carries]
    facts: dict[str, Element] = {}
    for each in elements:
        if each.kind == "identity":
            key = key_in(each, "")
            facts[key] = min(facts.get(key, each), each, key=lambda one: _rank(one, service))
    kept = tuple(each for each in elements if each.kind != "identity" or facts[key_in(each, "")] is each)
    return Cut(kept, {each.id: carried_digest(each, carries[each.kind]) for each in kept})


def _rank(fact: Element, service: str) -> tuple[bool, str, str]:
    """Of two whose owners may not be told apart, by what they say."""
    return fact.owner != service, fact.owner, fact.digest if fact.owner == PROVIDER else ""


def portion_for(cut: Cut, system: str, carries: Mapping[Kind, Carried]) -> tuple[Portion, Grant]:
    """The cut as items in the system's own keys, and the grant: every key it may be told of, deleted ones too."""
    portion: dict[Kind, dict[str, Item]] = {}
    grant: dict[Kind, set[str]] = {}
    for element in cut.elements:
        key = key_in(element, system)
        grant.setdefault(element.kind, set()).add(key)
        if not element.deleted:
            content = carried(element.content, carries[element.kind])
            item = Item(content, element.categories, element.about, element.free_text, element.owner)
            portion.setdefault(element.kind, {})[key] = item
    return portion, {kind: frozenset(keys) for kind, keys in grant.items()}
