"""What a hold is about: the element or message that waits, and the names by which a part of it can be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from hub.errors import UnusableError
from hub.model.plan import Element
from hub.ports import Hold, Work
from hub.sdk import Document
from hub.sdk.directed import INFO

SAYS = ("text", "facts")


def fields_of(work: Work, hold: Hold) -> tuple[str, ...]:
    """The names by which a part of it can be sent: an element's filled fields, or the numbers of a message's parts."""
    element = element_of(work, hold)
    if element is not None:
        return tuple(sorted(name for name, value in element.content.items() if value not in (None, "", [])))
    document = info_of(work, hold)
    return () if document is None else tuple(parts_of(document))


def info_of(work: Work, hold: Hold) -> Document | None:
    """The info message that waits whole, while its document is kept; `None` for everything else."""
    if hold.plan is not None or not hold.receiver:
        return None
    part = next(iter(work.ledger.find([hold.part])), None)
    if part is None or part.document is None or part.kind != INFO.name:
        return None
    document: Document = orjson.loads(part.document)
    return document


def parts_of(document: Document) -> dict[str, Mapping[str, Any]]:
    """What it says, by the number of each part: its text and facts, and neither title, sender nor the child's key."""
    numbered = enumerate(document["parts"], 1)
    return {str(number): {name: part[name] for name in SAYS if name in part} for number, part in numbered}


def element_of(work: Work, hold: Hold) -> Element | None:
    """The element that waits, while it still is what was held."""
    if hold.plan is None or not hold.element:
        return None
    plan = work.plans.current([hold.plan]).get(hold.plan)
    element = plan.elements.get(hold.element) if plan else None
    return element if element is not None and element.digest == hold.digest else None


def must_have(work: Work, hold: Hold, fields: Sequence[str]) -> None:
    """Only what is there can be chosen."""
    if not fields or not set(fields) <= set(fields_of(work, hold)):
        raise UnusableError("unknown_field", "it has not all of these fields", place="fields", way_out="read the hold")
