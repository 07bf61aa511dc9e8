"""Whether a report or a danger has come through; if not in time, its sender must know, so that somebody telephones."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.model.envelope import LETTERS
from hub.ports import Part, Work

PATIENCE = timedelta(hours=1)
"""How long it may take where nothing else is set. No law names a time; the duty is to report at once (bvl § 13-2)."""

FAILED = frozenset({"rejected", "expired", "set_aside"})
ANSWERED = frozenset({"denied", "superseded"})
"""What may not go its sender is told as denied, and what gave way goes on as another row."""


def is_late(work: Work, municipality: str, message: str, before: datetime) -> bool:
    """Whether an urgent part of this message is not with its receiver: sent by that instant, or failed whenever."""
    parts = [part for part in work.ledger.of(municipality, message) if part.urgent]
    return any(_is_late(work, part, before) for part in parts)


def _is_late(work: Work, part: Part, before: datetime) -> bool:
    rows = work.deliveries.of(part.municipality, part.id)
    states: set[str] = {row.state for row in rows if row.kind not in LETTERS} or {part.state}
    if "delivered" in states or states <= ANSWERED:
        return False
    return not states.isdisjoint(FAILED) or part.received_at <= before
