"""The audit chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.ports.rows import NOTHING


class AuditEntry(NamedTuple):
    """One line of the audit chain: what was done, by whom (system id, person or `hub`), to which thing; no content."""

    municipality: str
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object] = NOTHING


class AuditLine(NamedTuple):
    """One line as it is kept: its hash covers the hash before it and the entry. `None` in place of another
    municipality's entry."""

    chain: int
    number: int
    hash: bytes
    entry: bytes | None


class Audit(Protocol):
    """What was done, by whom, to which thing: lines that nobody can change unseen."""

    def add(self, entries: Sequence[AuditEntry]) -> None:
        """Appends to the chain; each entry's hash covers the one before it."""

    def verify(self) -> bool:
        """Reads every chain from end to end; false where a line was changed, removed or cut off."""

    def of(self, municipality: str, subject: str) -> Sequence[AuditEntry]:
        """The lines about one thing, in the order they were written."""

    def lines(self, municipality: str) -> Iterator[AuditLine]:
        """Every line, chain by chain, in the order they were written; read as it goes, within the transaction."""
