"""The consent register: what people were asked, and what they answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from hub.model.consent import Consent, ConsentRequest


class Consents(Protocol):
    """The consent register. Each change raises the child's facts version."""

    def add(self, consents: Sequence[Consent]) -> None:
        """More records about one child; what was recorded before stays."""

    def find(self, municipality: str, id: str) -> Consent | None:
        """One record; `None` where this municipality has no such consent."""

    def put(self, consent: Consent) -> None:
        """How the record stands now: withdrawn, or documented. What was answered never changes."""

    def of(self, child: str) -> Sequence[Consent]:
        """All records about a child, withdrawn ones too."""

    def undocumented(self, municipality: str) -> Sequence[Consent]:
        """Those that nothing shows yet (`awaits_documentation`), in the order of their ids."""


class ConsentRequests(Protocol):
    """What people were asked. A row says how far it has come; why and what is sealed under the child's key."""

    def add(self, request: ConsentRequest) -> None:
        """One more."""

    def find(self, municipality: str, id: str) -> ConsentRequest | None:
        """One request, which no other worker may change until the commit."""

    def put(self, request: ConsentRequest) -> None:
        """Its questions as they stand now; the terms never change."""

    def open(self, municipality: str) -> Sequence[ConsentRequest]:
        """Those that somebody has still to answer, the oldest first."""

    def of(self, municipality: str, child: str) -> Sequence[ConsentRequest]:
        """All about one child, the oldest first."""

    def due(self, now: datetime, limit: int) -> Sequence[ConsentRequest]:
        """Open ones whose deadline has passed, in every municipality; those another worker holds are left out."""
