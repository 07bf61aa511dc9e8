"""A strictly confidential address (*strengt fortrolig*, ADR-01): elements and headers without what tells the place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from hub.model.plan import Element
from hub.policy.view import LOCATION_FIELDS
from hub.sync import only, stamped

PLACES: frozenset[str] = frozenset({*LOCATION_FIELDS, "responsible", "author"})
"""Fields that name a unit, a place, or somebody there: who is responsible is often a school by its name."""

COMMON: frozenset[str] = frozenset(
    {
        *("skole", "skolen", "barnehage", "barnehagen", "kommune", "kommunen", "avdeling", "avdelingen", "tjeneste"),
        *("tjenesten", "teneste", "senter", "senteret", "helse", "helsestasjon", "kontor", "kontoret", "barnevern"),
        *("barneverntjenesten", "norge", "noreg", "veien", "vegen", "gaten", "gata", "videregående", "ungdomsskole"),
    }
)
"""Words that units are called by; they name no place by themselves."""

_WORD = re.compile(r"[^\W\d_]{4,}")
_HUB = UUID("5c7d8c52-9d2e-4a39-8d0c-6b3f5a1f6f10")


def hidden(elements: Iterable[Element], service: str) -> list[Element]:
    """What others may be told of a hidden child: no field that names a place. A system's own elements are its own."""
    return [each if each.owner == service else placeless(each) for each in elements]


def warned(elements: Sequence[Element], told: Iterable[Element], service: str) -> list[Element]:
    """Where a label repeats the name of a place it is as good as free text, which waits for people.

    `told` are the elements as they are of which this receiver is told something: of what is withheld from it nothing
    may show, not even by what else waits.
    """
    known = places(told)
    return [each if each.owner == service else _warned(each, known) for each in elements]


def placeless(element: Element) -> Element:
    """The element without what names a place. Of those who take part a person's name stays, a unit's does not."""
    gone = PLACES & element.content.keys()
    if element.kind == "participant" and COMMON & set(_WORD.findall(str(element.content.get("name") or "").lower())):
        gone |= {"name"}
    return only(element, frozenset(element.content.keys() - gone)) if gone else element


def places(elements: Iterable[Element]) -> frozenset[str]:
    """The words by which these elements name places."""
    values = (str(each.content.get(name) or "") for each in elements for name in LOCATION_FIELDS)
    return frozenset(word for value in values for word in _WORD.findall(value.lower())) - COMMON


def opaque(subject: str, system: str) -> str:
    """In place of what a sender called something: the same for one plan and receiver, and nothing can be read in it."""
    return uuid5(_HUB, f"{subject}/{system}").hex


def _warned(element: Element, known: frozenset[str]) -> Element:
    if element.free_text or not known:
        return element
    said = " ".join(str(value).lower() for value in element.content.values() if value)
    return stamped(replace(element, free_text=True)) if any(word in said for word in known) else element
