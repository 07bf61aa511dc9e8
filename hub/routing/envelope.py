"""What a message says beside its document, and which faults are its own: checked alike at both doors.

Over HTTP it stands in headers, over AMQP in custom headers. What is wrong with it names the header, never a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from uuid import uuid4

import orjson

from hub.errors import UnusableError
from hub.model.discretion import holds_number, is_reference
from hub.model.envelope import Arrival, PartReceipt, Receipt
from hub.model.service import System
from hub.policy import claimed

Said: TypeAlias = Literal[
    "message_id", "kind", "child_key", "receiver", "correlation_id", "claims", "traceparent", "view_version"
]

OUTRIGHT = frozenset(
    {
        *("unreadable", "unknown_kind", "wrong_type", "too_large", "not_permitted", "no_receiver"),
        *("wrong_check_digit", "synthetic_number", "real_number"),
    }
)
"""Codes that are the message's own fault. `no_link` is not among them: its answer says nothing of the child."""

_KIND = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9-]+)+")
_SERVICE = re.compile(r"[a-z_]{2,40}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}")
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
MANY_WORDS = 50


@dataclass(frozen=True, slots=True)
class Envelope:
    """What one message says beside its document, checked."""

    message_id: str
    kind: str
    child_key: str | None
    receiver: str | None
    correlation_id: str | None
    claims: Mapping[str, object]
    traceparent: str | None
    view_version: int | None = None

    def arrival(self, system: System, body: bytes) -> Arrival:
        """The message at door 1, from a system that is known."""
        return Arrival(
            system.id,
            system.municipality,
            self.message_id,
            self.kind,
            body,
            self.child_key,
            self.receiver,
            self.correlation_id,
            self.claims,
            self.traceparent,
            self.view_version,
        )


def envelope(said: Mapping[Said, str | None], names: Mapping[Said, str]) -> Envelope:
    """Raises `UnusableError` (`bad_header`) that names the first header that cannot be used, by the door's own name."""
    message_id, kind = _needed(said, names, "message_id"), _needed(said, names, "kind")
    _check(is_reference(message_id), names["message_id"])
    _check(_is_kind(kind), names["kind"])
    for name in ("child_key", "receiver", "correlation_id"):
        _check((value := said.get(name)) is None or _fits(name, value), names[name])
    trace, version = said.get("traceparent") or "", said.get("view_version")
    _check(version is None or _NUMBER.fullmatch(version) is not None, names["view_version"])
    return Envelope(
        message_id,
        kind,
        said.get("child_key"),
        said.get("receiver"),
        said.get("correlation_id"),
        _claims(said.get("claims"), names["claims"]),
        trace if _TRACEPARENT.fullmatch(trace) else None,
        None if version is None else int(version),
    )


def as_far_as_usable(said: Mapping[Said, str | None], system: System) -> Arrival:
    """What the ledger line of a message with a bad header may hold: its id and its kind, where these can be used."""
    id, kind = said.get("message_id") or "", said.get("kind") or ""
    return Arrival(
        system.id,
        system.municipality,
        id if is_reference(id) else uuid4().hex,
        kind if _is_kind(kind) else "unknown",
        b"",
    )


def outright(receipt: Receipt) -> PartReceipt | None:
    """The part that says why the message is answered with an error: every one was refused for its own fault."""
    if any(part.state != "refused" or part.code not in OUTRIGHT for part in receipt.parts):
        return None
    return next(iter(receipt.parts), None)


def _needed(said: Mapping[Said, str | None], names: Mapping[Said, str], name: Said) -> str:
    value = said.get(name)
    if not value:
        raise UnusableError("bad_header", f"the header {names[name]} must be given", place=names[name])
    return value


def _is_kind(text: str) -> bool:
    return _KIND.fullmatch(text) is not None and not holds_number(text)


def _check(holds: bool, name: str) -> None:
    if not holds:
        raise UnusableError("bad_header", f"the header {name} has not the form it must have", place=name)


def _fits(name: Said, value: str) -> bool:
    if name == "child_key":
        return 1 <= len(value) <= 255
    return is_reference(value) and (name != "receiver" or _SERVICE.fullmatch(value) is not None)


def _claims(text: str | None, name: str) -> Mapping[str, object]:
    """A claimed ground that is lost would turn a report into no report, so what cannot be read is an error at once."""
    if text is None:
        return {}
    try:
        found = _without_nothing(orjson.loads(text))
        claimed(found)
    except (orjson.JSONDecodeError, UnusableError) as error:
        raise _bad_claims(name) from error
    if "person" not in found or not _is_opaque(found):
        raise _bad_claims(name)
    claims: Mapping[str, object] = found
    return claims


def _bad_claims(name: str) -> UnusableError:
    words = f"the header {name} must be JSON with `person`, an opaque id, and `basis` or `duty` in the known words"
    return UnusableError("bad_header", words, place=name)


def _without_nothing(value: Any) -> Any:
    """A key that says nothing is the same as none."""
    if isinstance(value, dict):
        return {key: _without_nothing(each) for key, each in value.items() if each is not None}
    return value


def _is_opaque(value: Any) -> bool:
    """Codes and references only: the reasoning stays with the sender. Its keys are known already."""
    if isinstance(value, dict):
        return all(map(_is_opaque, value.values()))
    if isinstance(value, list):
        return len(value) <= MANY_WORDS and all(map(_is_opaque, value))
    if isinstance(value, str):
        is_number = holds_number(value) or (value.isdigit() and len(value) in (11, 12))
        return _WORD.fullmatch(value) is not None and not is_number
    return isinstance(value, bool)
