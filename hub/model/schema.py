"""The plan as JSON Schema 2020-12: the same fields and marks as the model, with what § 9 of the regulation asks for."""

from __future__ import annotations

from typing import Any, get_args

from hub.model.content import FIELDS, Field
from hub.model.plan import About, Kind

REGULATION = "FOR-2022-06-22-1110"

KINDS: dict[Kind, tuple[str, str]] = {
    "frame": ("Frame (ramme)", "Period and revision (§ 9 nr. 8), author (nr. 3), coordinator (nr. 7), consent (nr. 9)"),
    "identity": (
        "Fact about who the child is (personopplysning)",
        "One fact an element: its category is the fact itself",
    ),
    "goal": ("Goal (mål)", "What the plan is to reach (§ 9 nr. 1)"),
    "resource": ("Resource (ressurs)", "What the child and the family are good at and have (§ 9 nr. 1)"),
    "need": ("Need (behov)", "What the child needs help with (§ 9 nr. 1)"),
    "participant": ("Participant (deltaker)", "Who takes part, makes the plan or coordinates it (§ 9 nr. 2 and 3)"),
    "contribution": ("Contribution (bidrag)", "What the child, the family or a service contributes (§ 9 nr. 4)"),
    "measure": ("Measure (tiltak)", "A measure, its extent, who answers for it and how it is done (§ 9 nr. 5 and 6)"),
    "cooperation": ("Cooperation (samarbeid)", "Cooperation that is necessary or wished for (§ 9 nr. 10)"),
    "meeting": ("Meeting (møte)", "A meeting of those who take part"),
    "voice": ("The child's own voice (barnets stemme)", "The child's own goals and words, which no service may edit"),
    "note": ("Note (notat)", "Anything said in free text"),
}
"""Title with the Norwegian term, and what of the regulation an element of the kind answers."""

_PARTIAL_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_TYPES: dict[Field, dict[str, Any]] = {
    "code": {"type": "string", "description": "a code"},
    "date": {
        "type": "string",
        "pattern": _PARTIAL_DATE,
        "description": "a day, or a month or year where no more is known",
    },
    "time": {"type": "string", "description": "a date and time (ISO 8601)"},
    "number": {"type": "number"},
    "line": {"type": "string", "description": "a short label"},
    "text": {"type": "string", "description": "free text"},
    "list": {"type": "array", "items": {"type": "string"}},
}


def content_schema(kind: Kind) -> dict[str, Any]:
    """The fields of one kind, all optional: a document says what it knows."""
    title, about = KINDS[kind]
    fields = {name: _TYPES[field] for name, field in FIELDS[kind].items()}
    return {
        "title": title,
        "description": f"{about}.",
        "type": "object",
        "properties": fields,
        "additionalProperties": False,
    }


def plan_schema() -> dict[str, Any]:
    """What `hub.model.wire.plan_to_json` gives, and `langbenk schema plan` prints."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:langbenk:no.langbenk.plan.v1.shared-plan",
        "title": "Shared plan (individuell plan)",
        "description": f"One version of a child's plan, with the content of {REGULATION} § 9. "
        "Each element carries the four marks that policy reads: owner, categories, about and free_text.",
        "type": "object",
        "required": ["id", "municipality", "child", "version", "elements"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "description": "the plan's own id, opaque"},
            "municipality": {
                "type": "string",
                "pattern": "^[0-9]{4}$",
                "description": "municipality number (kommunenummer)",
            },
            "child": {"type": "string", "description": "the child's opaque id, never a national number"},
            "version": {"type": "integer", "minimum": 0, "description": "counts from 1; 0 is the empty plan"},
            "elements": {"type": "array", "items": {"$ref": "#/$defs/element"}},
        },
        "$defs": {"element": _element(), **{kind: content_schema(kind) for kind in KINDS}},
    }


def _element() -> dict[str, Any]:
    return {
        "title": "Element (planelement)",
        "type": "object",
        "required": ["id", "kind", "owner", "categories", "content"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "description": "stable for ever"},
            "kind": {"enum": list(KINDS)},
            "content": {"type": "object"},
            **marks_schema(),
            "person": {
                "type": "string",
                "description": "opaque id of the person it is about, where that is not the child",
            },
            "keys": {
                "type": "object",
                "additionalProperties": {"type": "string"},
                "description": "each system's own key for the element; never shown to another system",
            },
            "deleted": {"type": "boolean", "default": False, "description": "a tombstone: marks, and no content"},
            "digest": {"type": "string", "description": "of content and marks: what a release of a hold is bound to"},
            "labels": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
                "description": "the labels each system has said, oldest first, as the categories each names",
            },
        },
        "allOf": [_content_of(kind) for kind in KINDS],
    }


def _content_of(kind: Kind) -> dict[str, Any]:
    return {
        "if": {"properties": {"kind": {"const": kind}}},
        "then": {"properties": {"content": {"$ref": f"#/$defs/{kind}"}}},
    }


def marks_schema() -> dict[str, Any]:
    """The four marks of an element."""
    return {
        "owner": {"type": "string", "description": "the service (tjeneste) whose element it is"},
        "categories": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "uniqueItems": True,
            "description": "information categories (opplysningskategorier): a receiver must be allowed every one",
        },
        "about": {"enum": list(get_args(About)), "default": "child", "description": "whom it tells of"},
        "free_text": {"type": "boolean", "default": False, "description": "whether any of it is free text"},
    }
