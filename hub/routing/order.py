"""Which deliveries may leave now, so that a receiver gets each plan's views in order, and a receipt counts once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from hub.ports import Delivery, Store

LIFETIME = timedelta(days=7)
"""How long a delivery may wait for its receipt where nothing else is set; the default lifetime of Fiks IO."""


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


@contextmanager
def alone(store: Store, ids: Sequence[str]) -> Iterator[list[str]]:
    """Those whose plan nobody else is delivering to the same receiver now, kept so until the receipts are in.

    Two workers may hold tickets for one plan: what the second leaves alone the sweep brings again.
    """
    with store.begin() as work:
        names = {row.id: f"{row.system} {row.plan or row.part}" for row in work.deliveries.take(ids)}
    with store.claim(sorted(set(names.values()))) as mine:
        yield [id for id in ids if names.get(id) in mine]
