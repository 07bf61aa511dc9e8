"""A report or a danger that its receiver has refused or never took in: an operator is told of each, and closes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hub.model.envelope import fresh_id
from hub.ports import AsideRow, Delivery

NOT_RECEIVED = "not_received"
"""The code of what its receiver has not taken in, or not in time, and of what is set aside beside a row that ended so:
it may be sent once more, or somebody telephones."""


def unheard(rows: Iterable[Delivery], now: datetime) -> list[AsideRow]:
    """A row set aside for each urgent one among these that has ended without its receiver's yes."""
    return [
        AsideRow(fresh_id(), row.municipality, "delivery", row.id, NOT_RECEIVED, None, now)
        for row in rows
        if row.urgent and row.state in ("rejected", "expired")
    ]
