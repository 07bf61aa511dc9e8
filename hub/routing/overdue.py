"""What nobody has decided in time goes up to the next role, with a new deadline; it never goes away."""

from __future__ import annotations

from dataclasses import replace

from hub.model.calendar import deadline
from hub.policy.who_decides import above, question
from hub.ports import AuditEntry, Clock, Hold, Move, Store, Work


class Overdue:
    """A turn of the sweep."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def turn(self, limit: int = 1_000) -> int:
        """Gives how many holds went up. Whoever is uppermost keeps it and is reminded by the next deadline."""
        with self._store.begin() as work:
            late = work.holds.overdue(self._clock.now(), limit)
            for hold in late:
                self._go_up(work, hold)
        return len(late)

    def _go_up(self, work: Work, hold: Hold) -> None:
        now, role = self._clock.now(), above(hold.role)
        due = deadline(now, question(hold.rules, hold.hops).days)
        work.holds.decide([replace(hold, role=role, due_at=due)])
        detail = {"from": hold.role, "to": role, "due": due.isoformat()}
        number = len(work.moves.of(hold.municipality, hold.id)) + 1
        work.moves.add([Move(hold.id, number, hold.municipality, hold.child, now, "escalated", "hub", detail=detail)])
        work.audit.add([AuditEntry(hold.municipality, now, "hub", "hold.escalated", hold.id, detail)])
