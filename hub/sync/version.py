"""Digests: what makes two values of an element, or two cuts of a plan, the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b

import orjson

from hub.model.plan import Content, Element, Value

Carried = frozenset[str]
"""The content fields of one kind that a mapping can hold."""
GONE = "-"
"""What a mapping says of a deleted element, in place of a digest."""


def digest_of(*values: object) -> str:
    """Sixteen hex digits for JSON values, whatever the order of their keys."""
    return blake2b(orjson.dumps(values, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()


def digest(element: Element) -> str:
    """The digest of an element's content and marks. A release of a hold lapses when it changes."""
    marks = (element.kind, element.owner, sorted(element.categories), element.about, element.free_text, element.deleted)
    return digest_of(marks, element.person, element.content)


def stamped(element: Element) -> Element:
    """The element with its digest; call it wherever a value is written."""
    return replace(element, digest=digest(element))


def carried(content: Content, fields: Carried) -> dict[str, Value]:
    """What of a content a mapping can hold; an empty value is the same as none."""
    return {name: value for name, value in content.items() if name in fields and value not in (None, "", [])}


def carried_digest(element: Element, fields: Carried) -> str:
    """What a mapping that holds `fields` can say of an element, as a digest; remembered by the element's own."""
    key = (element.digest or digest(element), fields)
    found = _known.get(key)
    if found is None:
        if len(_known) > 100_000:
            _known.clear()
        found = _known[key] = GONE if element.deleted else digest_of(carried(element.content, fields))
    return found


_known: dict[tuple[str, Carried], str] = {}


def cut_digest(cut: Mapping[str, str]) -> bytes:
    """The digest of a whole cut, given each element's carried digest by id."""
    return blake2b(orjson.dumps(sorted(cut.items())), digest_size=16).digest()
