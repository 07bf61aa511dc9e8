"""Errors as FHIR tells them (OperationOutcome), for the operations that speak FHIR."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

FHIR = "application/fhir+json"
ISSUES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    409: "conflict",
    410: "not-found",
    412: "conflict",
    413: "too-long",
    422: "invalid",
    503: "transient",
}


def outcome(status: int, detail: str, places: Iterable[str] = ()) -> bytes:
    """An error as FHIR tells it."""
    code = ISSUES.get(status, "exception" if status >= 500 else "processing")
    told: dict[str, Any] = {"severity": "error", "code": code, "diagnostics": detail}
    if expression := [place for place in places if place]:
        told["expression"] = expression
    return orjson.dumps({"resourceType": "OperationOutcome", "issue": [told]})
