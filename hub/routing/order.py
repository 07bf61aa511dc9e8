"""Which deliveries may leave now, so that a receiver gets each plan's views in order, and a receipt counts once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hub.model.service import System
from hub.ports import Delivery, Work

ON_THE_LINE = timedelta(minutes=2)
"""How long a push without an answer keeps the next one for the same plan back, so that they arrive in order."""


def rests(row: Delivery, now: datetime) -> bool:
    """Put off, or taken in by its receiver: a ticket that comes early changes nothing."""
    tried = row.attempts > 0 or row.state == "sending"
    return tried and row.next_at is not None and row.next_at > now


def newest_first_served(rows: Sequence[Delivery]) -> tuple[list[Delivery], list[Delivery]]:
    """Of several rows for one plan and receiver only the newest cut is worth sending; the others are superseded."""
    newest = {(row.plan, row.system): row.id for row in sorted(rows, key=lambda row: row.plan_version or 0) if row.plan}
    kept: list[Delivery] = []
    older: list[Delivery] = []
    for row in rows:
        (kept if not row.plan or newest[row.plan, row.system] == row.id else older).append(row)
    return kept, older


def in_turn(work: Work, rows: Sequence[Delivery], systems: Mapping[str, System], now: datetime) -> list[Delivery]:
    """Without those whose plan has another push to the same receiver on the line: the sweep brings them again."""
    mine = {row.id for row in rows}
    pushed = {(row.plan, row.system) for row in rows if row.plan and systems[row.system].delivery == "push"}
    busy = {
        (row.plan, row.system)
        for row in work.deliveries.on_their_way(pushed)
        if row.id not in mine and row.sent_at and now - row.sent_at < ON_THE_LINE and not rests(row, now)
    }
    return [row for row in rows if (row.plan, row.system) not in busy]


def newest_received(work: Work, rows: Sequence[Delivery]) -> list[tuple[str, str]]:
    """The views whose newest version was received; a late receipt for an older one says nothing of what came since."""
    keys = {(row.plan, row.system): row.version for row in rows if row.plan}
    views = work.views.of(sorted({plan for plan, _ in keys}), {system for _, system in keys})
    return [key for key, version in keys.items() if key in views and views[key].version == version]
