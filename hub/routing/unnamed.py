"""A service whose client nobody may know of (RED-02) is shown as a municipal provider (*kommunal tjenesteyter*)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from hub.model.plan import Element, Kind, Value
from hub.model.service import PROVIDER
from hub.policy import named_in, service_names
from hub.routing.hidden import COMMON
from hub.sync import stamped

IN_WORDS = service_names(PROVIDER)["nb"]
"""What a reader sees in a label; in bokmål, since which form a plan is kept in may be withheld itself."""

WHO: Mapping[Kind, tuple[str, str]] = {
    "measure": ("responsible", IN_WORDS),
    "note": ("author", IN_WORDS),
    "frame": ("author", PROVIDER),
    "contribution": ("by", PROVIDER),
    "participant": ("service", PROVIDER),
    "cooperation": ("service", PROVIDER),
}
"""By kind, the field that says who does it, and what stands there instead."""

GONE: frozenset[str] = frozenset({"unit", "place", "phone", "email", "code", "kind", "by"})
"""Fields that only one service would fill so: where it is, how it is reached, by whom, the codes of its own trade."""

_WORD = re.compile(r"[^\W\d_]{4,}")


def unnamed(element: Element) -> Element:
    """The element as whose it is may not show: the same, whichever service that cannot be named it belongs to."""
    content: dict[str, Value] = {name: value for name, value in element.content.items() if name not in GONE}
    if element.kind in WHO and not element.deleted:
        field, instead = WHO[element.kind]
        content[field] = instead
    return stamped(replace(element, owner=PROVIDER, content=content))


def telling(elements: Sequence[Element], ids: Collection[str]) -> list[Element]:
    """Of the elements that go without their owner's name, those whose labels name it are as good as free text."""
    return [_telling(each) if each.id in ids else each for each in elements]


def tells_of_a_service(labels: Iterable[object]) -> bool:
    """Whether any of these labels names a service that it may be a secret to be a client of."""
    return any(named_in(str(label)) for label in labels if label)


def _telling(element: Element) -> Element:
    if element.free_text:
        return element
    aside = _naming(element)
    left = [str(value).lower() for name, value in element.content.items() if value and name not in aside]
    told = tells_of_a_service(left) or any(word in label for word in _words(element) for label in left)
    return stamped(replace(element, free_text=True)) if told else element


def _words(element: Element) -> frozenset[str]:
    """The words by which the element itself says who does it and where."""
    values = (str(element.content.get(name) or "").lower() for name in _naming(element))
    return frozenset(word for value in values for word in _WORD.findall(value)) - COMMON


def _naming(element: Element) -> frozenset[str]:
    return GONE | {WHO[element.kind][0]} if element.kind in WHO else GONE
