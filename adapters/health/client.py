"""Calls to a FHIR server. A child's number goes in a form, since addresses end up in logs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hub.sdk import Posted, TryAgainError, UnusableError, read_json
from hub.sdk.http import Answer, connect

NUMBERS = {"fnr": "urn:oid:2.16.578.1.12.4.1.4.1", "dnr": "urn:oid:2.16.578.1.12.4.1.4.2"}

_FHIR = "application/fhir+json"
_REFUSED = frozenset({400, 409, 412, 422})
_NUMBER = re.compile(r"\d{11}$", re.ASCII)
_CODE = re.compile(r"[a-z-]{1,40}$", re.ASCII)


def deliver(body: bytes, key: str, settings: Mapping[str, str]) -> Posted:
    """Posts a Bundle. The server's refusal is an answer, told by the code of its OperationOutcome."""
    headers = {"Content-Type": _FHIR, "Accept": _FHIR, "Idempotency-Key": key, "Prefer": "return=minimal"}
    answer = connect(settings).send("POST", "Bundle", body=body, headers=headers, accept=_REFUSED)
    if answer.status in _REFUSED:
        return Posted("rejected", _outcome(answer))
    return Posted("accepted" if answer.status == 202 else "delivered")


def search(child_key: str, settings: Mapping[str, str]) -> bytes | None:
    """The active plan of a child with what it refers to; `None` where the server has none."""
    form = {_subject(child_key)[0]: _subject(child_key)[1], "status": "active", "_include": "*"}
    answer = connect(settings).send("POST", "CarePlan/_search", body=form, headers={"Accept": _FHIR})
    found = read_json(answer.body)
    if not isinstance(found, dict) or found.get("resourceType") != "Bundle":
        raise UnusableError(
            "unreadable", "search: the answer is no Bundle", place="$", way_out="check the setting `url`"
        )
    return answer.body if found.get("entry") else None


def ping(settings: Mapping[str, str]) -> None:
    """Raises `TryAgainError` where there is no FHIR server."""
    try:
        connect(settings).send("GET", "metadata", headers={"Accept": _FHIR})
    except UnusableError as error:
        raise TryAgainError(str(error)) from error


def _subject(child_key: str) -> tuple[str, str]:
    """A number is searched by its identifier system, anything else is the server's own id of the Patient."""
    if not _NUMBER.match(child_key):
        return "subject", f"Patient/{child_key}"
    system = NUMBERS["dnr" if child_key[0] >= "4" else "fnr"]
    return "subject:Patient.identifier", f"{system}|{child_key}"


def _outcome(answer: Answer) -> str:
    """The code of the first issue, where it is one; its text may be about a person and is left unread."""
    try:
        outcome: Any = read_json(answer.body)
        code = outcome["issue"][0]["code"]
    except (UnusableError, KeyError, IndexError, TypeError):
        return f"http_{answer.status}"
    return code if isinstance(code, str) and _CODE.match(code) else f"http_{answer.status}"
