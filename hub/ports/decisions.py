"""Decisions as they are kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol


class DecisionRow(NamedTuple):
    """A decision as kept: ids and codes, no content. `hash` is SHA-256 of the canonical record.

    `grounds` is what several decisions rest on alike, kept once under `grounds_hash`, its SHA-256; the record names it
    by the same in hexadecimal.
    """

    id: str
    municipality: str
    child: str | None
    plan: str | None
    part: str | None
    delivery: str | None
    receiver: str
    stage: Literal["merge", "forward", "dispatch", "control"]
    outcome: str
    decided_at: datetime
    record: bytes
    hash: bytes
    grounds_hash: bytes | None = None
    grounds: bytes = b""

    @property
    def whole(self) -> dict[str, Any]:
        """The record and its grounds as one, for a reader; empty where it is of another form."""
        try:
            return {**json.loads(self.record), **(json.loads(self.grounds) if self.grounds else {})}
        except ValueError:
            return {}


class Decisions(Protocol):
    """Decisions as kept records, never changed."""

    def add(self, rows: Sequence[DecisionRow]) -> None:
        """New records."""

    def find(self, municipality: str, id: str) -> DecisionRow | None:
        """One record; `None` where this municipality has no such decision."""

    def of(self, municipality: str, subject: str) -> Sequence[DecisionRow]:
        """Decisions about a plan, a part or a delivery, oldest first."""

    def about(
        self, municipality: str, child: str, plan: str | None, limit: int, before: DecisionRow | None = None
    ) -> Sequence[DecisionRow]:
        """The newest decisions about a child, or the newest `before` one of them: of its plan, and of directed
        messages; oldest first."""

    def between(self, municipality: str, since: datetime, until: datetime) -> Iterator[DecisionRow]:
        """Those of a period, which `until` is no longer part of, oldest first; read as it goes."""
