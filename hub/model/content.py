"""The fields of each kind of element: the one list that mappings, the JSON Schema and the free-text mark go by."""

from __future__ import annotations

from typing import Literal

from hub.model.plan import Kind

Field = Literal["code", "date", "time", "number", "line", "text", "list"]
"""`code`, `date`, `time` and `number` are structured; a `line` is a short label; a `text` is free text (RED-01)."""

FIELDS: dict[Kind, dict[str, Field]] = {
    "frame": {
        "title": "line",
        "status": "code",  # draft · active · paused · ended
        "language": "code",
        "period_start": "date",
        "period_end": "date",
        "revision_due": "date",
        "author": "code",  # the service that makes the plan, § 9 nr. 3
        "coordinator_status": "code",  # offered · accepted · declined · appointed, § 9 nr. 7
        "bti_level": "code",  # 0 · 1 · 2 · 3, of a relay log (BTI) that became the plan
        "plan_consent": "code",  # given · missing, § 9 nr. 9
        "participation": "text",  # how the child took part, § 9 last paragraph
        "communication": "line",  # sign language, ASK and the like
    },
    "identity": {"fact": "code", "value": "line"},
    "goal": {
        "title": "line",
        "description": "text",
        "status": "code",  # proposed · active · on_hold · reached · dropped
        "progress": "code",
        "start": "date",
        "due": "date",
        "expressed_by": "code",  # child · parent · service
    },
    "resource": {"title": "line", "description": "text"},
    "need": {"title": "line", "description": "text", "code": "code", "status": "code"},
    "participant": {
        "name": "line",
        "role": "code",  # coordinator · child_coordinator · author · contact · guardian · member
        "service": "code",
        "unit": "line",
        "phone": "line",
        "email": "line",
        "relation": "code",
        "start": "date",
        "end": "date",
    },
    "contribution": {"title": "line", "description": "text", "by": "code"},
    "measure": {
        "title": "line",
        "description": "text",
        "kind": "code",
        "code": "code",
        "status": "code",  # proposed · planned · active · on_hold · completed · cancelled
        "responsible": "line",
        "extent": "line",  # § 9 nr. 5
        "how": "text",  # § 9 nr. 6
        "goal": "code",
        "start": "date",
        "end": "date",
        "due": "date",
        "evaluated": "list",
        "evaluation": "text",
    },
    "cooperation": {"title": "line", "description": "text", "service": "code", "status": "code"},
    "meeting": {"title": "line", "start": "time", "place": "line", "agenda": "text", "minutes": "text"},
    "voice": {
        "title": "line",
        "words": "text",
        "date": "date",
        "how": "code",
        "by": "code",  # child · parent
    },
    "note": {
        "title": "line",
        "text": "text",
        "date": "date",
        "author": "line",
        "by": "code",  # child · parent, where the family says it
        "comments_on": "code",  # the id of the element it comments on
    },
}


def holds_free_text(kind: Kind, filled: frozenset[str]) -> bool:
    """Whether any filled field of this kind is free text."""
    fields = FIELDS[kind]
    return any(fields.get(name) == "text" for name in filled)
