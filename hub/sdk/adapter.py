"""The protocol an adapter keeps: two pure functions, and abilities the hub finds with `isinstance`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, runtime_checkable

from hub.model.change import ChildKey
from hub.model.consent import Consent
from hub.sdk.manifest import Manifest

Document: TypeAlias = Any
"""A JSON value (dict, list, str, int, float, bool, None): a system's document reshaped without loss."""


@runtime_checkable
class Adapter(Protocol):
    """Structural: no base class to inherit. `read` and `write` do no network; `write(read(b))` equals `b` canonically.

    `read` raises `UnusableError` with a `place` for bytes that are not such a document. It may be called from several
    threads at once.
    """

    manifest: Manifest

    def read(self, raw: bytes, kind: str) -> Document:
        """The bytes of a document of this kind as a JSON value, nothing lost."""

    def write(self, document: Document, kind: str) -> bytes:
        """The document as its system reads it."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A receiver's answer to a delivery. `rejected` is final and says why by code; `keys` are the receiver's own keys
    for new items, by the key the hub had given them."""

    status: Literal["delivered", "accepted", "rejected"]
    code: str | None = None
    keys: Mapping[str, str] | None = None


@runtime_checkable
class Delivers(Protocol):
    """Hands a document to a system that has an API. Idempotent by `key`; raises `TryAgainError` while it is away."""

    def deliver(self, body: bytes, kind: str, key: str, settings: Mapping[str, str]) -> Posted:
        """Hands it over; `key` is the same on every try, `settings` are those of the system's registration."""


@runtime_checkable
class Fetches(Protocol):
    """Fetches the receiver's base for a child, so that a write touches nothing else; `None` where it has none."""

    def fetch(self, child_key: str, kind: str, settings: Mapping[str, str]) -> bytes | None:
        """The newest document of this kind that the receiver has about the child it knows by this key."""


@runtime_checkable
class Polls(Protocol):
    """Fetches what a system that cannot send has ready; each item is a document's bytes."""

    def poll(self, settings: Mapping[str, str]) -> Iterable[bytes]:
        """Everything that is ready, each a whole document; what was given once may be given again."""


@runtime_checkable
class TellsConsents(Protocol):
    """Reads and writes consents in its sector's own form (FHIR Consent); pure, and `read_consents` of what
    `write_consents` wrote gives the same consents, but for the child, which the key stands for."""

    def read_consents(self, raw: bytes) -> Sequence[tuple[ChildKey, Consent]]:
        """One person's answer each, with the key the system knows the child by. What is not said is left empty: the
        hub finds a mother or father in the registers. What it cannot say narrowly enough raises `UnusableError`."""

    def write_consents(self, consents: Sequence[Consent], key: ChildKey) -> bytes:
        """Consents of one child, named by this key."""


class Stamp(NamedTuple):
    """What a receiver's view of a plan is known by: the plan's id, the view's own version, and when that left."""

    id: str
    version: int
    at: datetime


@runtime_checkable
class TellsCarePlans(Protocol):
    """Shows a document it has written (`body`) as a FHIR server would; pure."""

    def care_plan(self, body: bytes, stamp: Stamp) -> bytes:
        """One CarePlan with all it refers to; `not_found` where the document holds nothing of a plan."""

    def searchset(self, found: Sequence[tuple[bytes, Stamp]]) -> bytes:
        """The plans that a search has found, each with what it refers to."""

    def subject(self, form: Mapping[str, str]) -> ChildKey:
        """Whom a search form asks about, by the key that the system knows the child by."""


@runtime_checkable
class Pings(Protocol):
    """Answers whether the system can be reached, without writing; raises `TryAgainError` with the reason class."""

    def ping(self, settings: Mapping[str, str]) -> None:
        """Returns when the system answers."""
