"""What a message says in its HTTP headers, by the names they have there."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers

from hub.routing.envelope import Envelope, Said
from hub.routing.envelope import envelope as checked

NAMES: Mapping[Said, str] = {
    "message_id": "Idempotency-Key",
    "kind": "Langbenk-Kind",
    "child_key": "Langbenk-Child-Key",
    "receiver": "Langbenk-Receiver",
    "correlation_id": "Langbenk-Correlation-Id",
    "claims": "Langbenk-Claims",
    "traceparent": "traceparent",
    "view_version": "Langbenk-View-Version",
}


def said(headers: Headers) -> Mapping[Said, str | None]:
    """A message's own words beside its document, unchecked."""
    words = {field: headers.get(name) for field, name in NAMES.items()}
    return {**words, "message_id": (words["message_id"] or "").strip('"')}


def envelope(headers: Headers) -> Envelope:
    """Raises `UnusableError` (`bad_header`) that names the header, never its value."""
    return checked(said(headers), NAMES)
