"""The kept record of a decision as JSON Schema 2020-12: of a message decided whole, and of a view with its grounds."""

from __future__ import annotations

from typing import Any, get_args

from hub.policy.decision import Result
from hub.policy.known import FACTS
from hub.policy.words import Finding, Outcome, Stage

_RULE = {"type": "string", "pattern": "^([A-Z]{3}-[0-9]{2}|MISSING|STALE|OWN)$"}
_ID = {"type": "string"}
_CODES = {"type": "array", "items": {"type": "string"}}
_INSTANT = {"type": "string", "format": "date-time"}
_PARTY = {
    "type": "array",
    "prefixItems": [_ID, _ID],
    "minItems": 2,
    "maxItems": 2,
    "description": "service, municipality",
}


def decision_schema() -> dict[str, Any]:
    """What `langbenk schema decision` prints: ids and codes only, words are made when a record is read."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:langbenk:no.langbenk.decision.v1",
        "title": "Decision (avgjørelse)",
        "description": "The record of one decision, with its grounds: outcome, every check with its facts, their "
        "sources and times, the law as it stood, what was taken out by which rule, what would change it. No content.",
        "oneOf": [_object(_message(), "A message, decided whole"), _object(_view(), "A plan view, element by element")],
        "$defs": {"check": _check(), "fact": _fact(), "consent": _consent(), "rule": _RULE},
    }


def _object(properties: dict[str, Any], title: str = "", optional: frozenset[str] = frozenset()) -> dict[str, Any]:
    shape = {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }
    return {"title": title, **shape} if title else shape


def _shared() -> dict[str, Any]:
    return {
        "policy": _object({"version": _ID, "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}),
        "at": _INSTANT | {"description": "the instant it was decided for"},
        "receiver": _PARTY,
        "outcome": {"enum": list(get_args(Outcome))},
        "facts": _CODES | {"description": "references: facts:<child>@<version>, basis:…, order:…"},
        "known": {"type": "array", "items": {"$ref": "#/$defs/fact"}},
        "consents": {"type": "array", "items": {"$ref": "#/$defs/consent"}},
        "ways": {
            "type": "array",
            "items": _RULE,
            "description": "rules whose hindrance, lifted, would change the answer",
        },
        "statutes": _CODES | {"description": "act, provision and the first day of the version in force"},
    }


def _message() -> dict[str, Any]:
    return _shared() | {
        "sender": _PARTY,
        "kind": _ID,
        "purpose": _ID,
        "findings": _checks(),
        "kept": _CODES,
        "removed": {
            "type": "object",
            "additionalProperties": _RULE,
            "description": "category: the rule that took it out",
        },
    }


def _view() -> dict[str, Any]:
    owner = {
        "owner": {"type": ["string", "null"], "description": "null: the consent records themselves"},
        "person": {"type": ["string", "null"], "description": "whom it is about; null is the child"},
        "findings": _checks(),
        "verdicts": {"type": "object", "additionalProperties": {"enum": ["open", "hold", "shut"]}},
    }
    elements = {
        "answer": {"enum": ["open", "hold", "shut"]},
        "rules": {"type": "array", "items": _RULE},
        "released": {"type": "boolean"},
        "ids": _CODES,
    }
    return _shared() | {
        "grounds": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of the grounds, kept once"},
        "system": _ID,
        "owners": {"type": "array", "items": _object(owner)},
        "elements": {"type": "array", "items": _object(elements)},
    }


def _checks() -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": "#/$defs/check"}}


def _check() -> dict[str, Any]:
    """A rule whose IF part was true, whether it hinders, and what it did."""
    said = {
        "rule": _RULE,
        "stage": {"enum": list(get_args(Stage))},
        "result": {"enum": list(get_args(Result))},
        "facts": {"type": "array", "items": {"enum": list(FACTS)}},
        **dict.fromkeys(Finding._fields, _CODES),
    }
    return _object(said, "Check", frozenset(Finding._fields))


def _fact() -> dict[str, Any]:
    told = {
        "fact": {"enum": list(FACTS)},
        "is": {"type": ["string", "boolean", "array"], "items": {"type": "string"}},
        "source": {
            "type": "string",
            "description": "population_register, municipality, or an opaque id of who says so",
        },
        "at": {"type": "string", "description": "when it was last so: an instant, or a day"},
        "necessity": _ID,
        "reference": {"type": ["string", "null"]},
    }
    return _object(told, "Fact", frozenset({"at", "necessity", "reference"}))


def _consent() -> dict[str, Any]:
    instants = dict.fromkeys(("answered_at", "valid_from", "valid_to", "withdrawn_at"), _INSTANT)
    told = {"id": _ID, "giver": _ID, "answer": {"enum": ["yes", "no", "none"]}, **instants}
    return _object(told, "Consent", frozenset(instants))
