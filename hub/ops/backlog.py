"""Both ledgers added up: how many parts and deliveries there are, what waits, and how long the oldest has waited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.model.envelope import DELIVERY_ENDS, PART_ENDS
from hub.ops.late import PATIENCE
from hub.ports import Work, unanswered


@dataclass(frozen=True, slots=True)
class Count:
    """One ledger: rows by state, and how many of them have ended, wait for a human, or are on their way."""

    states: Mapping[str, int]
    total: int
    ended: int
    held: int
    in_flight: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """What `langbenk status` prints."""

    parts: Count
    deliveries: Count
    open_holds: int
    questions: int
    set_aside: int
    late: int
    """Reports and dangers that have not come through in time."""
    oldest_seconds: Mapping[str, float]


def backlog(work: Work, municipality: str, now: datetime, patience: timedelta = PATIENCE) -> Backlog:
    """One query a ledger; ages in seconds by what waits."""
    waiting = dict(work.tally.waiting_since(municipality))
    asked = unanswered(work.moves.talk(municipality))
    if asked:
        waiting["questions"] = min(each.done_at for each in asked)
    late = work.tally.late(now - patience, municipality)
    return Backlog(
        parts=_count(work.tally.parts(municipality), PART_ENDS),
        deliveries=_count(work.tally.deliveries(municipality), DELIVERY_ENDS),
        open_holds=len(work.holds.open(municipality)),
        questions=len(asked),
        set_aside=sum(row.state == "open" for row in work.set_aside.list(municipality)),
        late=late.count if late else 0,
        oldest_seconds={name: max(0.0, (now - since).total_seconds()) for name, since in waiting.items()},
    )


def _count(states: Mapping[str, int], ends: frozenset[str]) -> Count:
    total = sum(states.values())
    ended = sum(number for state, number in states.items() if state in ends)
    held = states.get("held", 0)
    return Count(dict(sorted(states.items())), total, ended, held, total - ended - held)
