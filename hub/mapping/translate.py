"""What `langbenk translate` shows: a document's change and what stayed behind, and a plan as a system's document."""

from __future__ import annotations

from typing import Any

from hub.mapping.lens import Lens
from hub.mapping.path import Json
from hub.model.change import Grant, Portion
from hub.model.wire import portion_to_json


def to_change(lens: Lens, part: Json) -> dict[str, Any]:
    """The change a part would ask for, and the places that no row names."""
    return {
        "change": portion_to_json(lens.get(part)),
        "unmapped": [unmapped.place for unmapped in lens.unmapped(part)],
    }


def to_document(lens: Lens, portion: Portion, base: Json = None) -> Json:
    """The portion as the system's document, everything in it granted."""
    view = lens.cut(portion, base)
    return lens.join(None, lens.put(base, view, everything(view)))


def everything(portion: Portion) -> Grant:
    """The grant that opens each item of the portion."""
    return {kind: frozenset(items) for kind, items in portion.items()}
