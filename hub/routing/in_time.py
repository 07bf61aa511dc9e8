"""A report or a danger that is not with its receiver in time: its sender is told, and telephones."""

from __future__ import annotations

from datetime import timedelta

from hub.ports import Clock, Store
from hub.routing.came_of import keep
from hub.routing.unheard import NOT_RECEIVED


class InTime:
    """A turn of the sweep. `patience` is how long it may take; whoever was told so hears when it comes through."""

    def __init__(self, store: Store, clock: Clock, patience: timedelta) -> None:
        self._store, self._clock, self._patience = store, clock, patience

    def turn(self, limit: int = 1_000) -> int:
        """Gives how many are late that were not a turn ago."""
        now = self._clock.now()
        with self._store.begin() as work:
            late = work.deliveries.late(now - self._patience, limit)
            keep(work, {row.part: NOT_RECEIVED for row in late}, now)
        return len(late)
