"""How often the sweep publishes the same thing again: each time after twice as long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from hub.ports import Delivery, Part

LONGEST = timedelta(minutes=10)

Row = TypeVar("Row", Part, Delivery)


class Reminders:
    """Of one process. A queue that nobody empties, since its worker is slow or missing, would grow by all that is open
    every few seconds. What is urgent is never put off."""

    def __init__(self, first: timedelta) -> None:
        self._first = first
        self._known: dict[str, tuple[datetime, timedelta]] = {}

    def due(self, rows: Sequence[Row], now: datetime) -> list[Row]:
        """Those of the rows that have not been published again for long enough."""
        return [row for row in rows if row.urgent or self._known.get(row.id, (now,))[0] <= now]

    def published(self, due: Sequence[Part | Delivery], open_rows: Sequence[Part | Delivery], now: datetime) -> None:
        """The due ones are in the broker now. What is open no longer is forgotten."""
        known = {row.id: self._known[row.id] for row in open_rows if row.id in self._known}
        for row in due:
            _, pause = known.get(row.id, (now, self._first))
            known[row.id] = (now + pause, min(2 * pause, LONGEST))
        self._known = known
