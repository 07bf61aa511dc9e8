"""What a message says in its headers: kind, id, the sender's own key, receiver, and what is claimed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import Headers

from hub.api.problems import Problem
from hub.api.shapes import Code, Reference
from hub.model.discretion import holds_number

VISIBLE = re.compile(r"[\x21-\x7e]{1,255}")
KIND = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9-]+)+")
TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


class _Claim(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Basis(_Claim):
    """A legal basis the sender claims. Codes only: the reasoning stays with the sender."""

    statute: Code | None = None
    necessity: Code | None = None
    decision_documented: bool = False
    weighty_reasons_documented: bool = False
    permission: bool = False
    regulation_names: list[Code] = Field(default_factory=list, max_length=50)
    only_to_ease_adaptation: list[Code] = Field(default_factory=list, max_length=50)


class Order(_Claim):
    """An order from child welfare (bvl. § 13-4)."""

    id: Reference | None = None
    provision: Code | None = None
    covers: list[Code] = Field(default_factory=list, max_length=50)


class Duty(_Claim):
    """A duty to report to child welfare (bvl. § 13-2)."""

    ground: Code | None = None
    order: Order | None = None
    danger: Code | None = None
    substance_misuse_in_pregnancy: bool = False
    board_decision: bool = False


class Claims(_Claim):
    """The `Langbenk-Claims` header as JSON: what is claimed and the person who claims it (an opaque id)."""

    person: Reference
    basis: Basis | None = None
    duty: Duty | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """The headers of one message, checked."""

    message_id: str
    kind: str
    child_key: str | None
    receiver: str | None
    correlation_id: str | None
    claims: dict[str, object]
    traceparent: str | None


def envelope(headers: Headers) -> Envelope:
    """Raises a problem (`bad_header`) that names the header, never its value."""
    trace = headers.get("traceparent", "")
    return Envelope(
        message_id=_needed(headers, "Idempotency-Key", VISIBLE).strip('"'),
        kind=_needed(headers, "Langbenk-Kind", KIND),
        child_key=_text(headers, "Langbenk-Child-Key"),
        receiver=_opaque(headers, "Langbenk-Receiver", re.compile(r"[a-z_]{2,40}")),
        correlation_id=_opaque(headers, "Langbenk-Correlation-Id", VISIBLE),
        claims=_claims(headers.get("Langbenk-Claims")),
        traceparent=trace if TRACEPARENT.fullmatch(trace) else None,
    )


def _needed(headers: Headers, name: str, form: re.Pattern[str]) -> str:
    value = _opaque(headers, name, form)
    if value is None:
        raise Problem("bad_header", f"the header {name} must be given", place=name)
    return value


def _opaque(headers: Headers, name: str, form: re.Pattern[str]) -> str | None:
    value = headers.get(name)
    if value is None:
        return None
    if not form.fullmatch(value) or holds_number(value):
        raise Problem("bad_header", f"the header {name} has not the form it must have", place=name)
    return value


def _text(headers: Headers, name: str) -> str | None:
    value = headers.get(name)
    if value is not None and not 1 <= len(value) <= 255:
        raise Problem("bad_header", f"the header {name} must hold 1 to 255 characters", place=name)
    return value


def _claims(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        claims = Claims.model_validate(orjson.loads(text))
    except (orjson.JSONDecodeError, ValidationError) as error:
        detail = "the header Langbenk-Claims must be JSON with `person`, and `basis` or `duty`"
        raise Problem("bad_header", detail, place="Langbenk-Claims") from error
    return claims.model_dump(exclude_none=True)
