"""What could not be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class AsideRow:
    """Something set aside: a part or a delivery that cannot be used, with its reason by code. Never content."""

    id: str
    municipality: str
    subject: Literal["part", "delivery", "ticket"]
    subject_id: str
    code: str
    place: str | None
    created_at: datetime
    state: Literal["open", "replayed", "discarded"] = "open"
    reason: str | None = None


class SetAside(Protocol):
    """What cannot be used and waits for an operator."""

    def add(self, rows: Sequence[AsideRow]) -> None:
        """New rows."""

    def list(self, municipality: str) -> Sequence[AsideRow]:
        """All of a municipality, oldest first."""

    def find(self, municipality: str, id: str) -> AsideRow | None:
        """One row; `None` where this municipality has no such row."""

    def close(self, row: AsideRow) -> None:
        """Writes how it was dealt with."""
