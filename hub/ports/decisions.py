"""Decisions as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as kept: ids and codes, no content. `hash` is SHA-256 of the canonical record."""

    id: str
    municipality: str
    child: str | None
    plan: str | None
    part: str | None
    delivery: str | None
    receiver: str
    stage: Literal["merge", "forward", "dispatch"]
    outcome: str
    decided_at: datetime
    record: bytes
    hash: bytes


class Decisions(Protocol):
    """Decisions as kept records, never changed."""

    def add(self, rows: Sequence[DecisionRow]) -> None:
        """New records."""

    def find(self, municipality: str, id: str) -> DecisionRow | None:
        """One record; `None` where this municipality has no such decision."""

    def of(self, municipality: str, subject: str) -> Sequence[DecisionRow]:
        """Decisions about a plan, a part or a delivery, oldest first."""
