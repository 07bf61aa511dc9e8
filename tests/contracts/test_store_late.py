"""Which deliveries are late: urgent, open and old, and their sender has been told nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hub.storage import SqlStore
from tests.rows import NOON, enrol

OLD = {"urgent": True, "created_at": NOON - timedelta(hours=2)}


def test_late_is_what_is_urgent_open_and_old_and_whose_sender_has_been_told_nothing(store: SqlStore) -> None:
    one = enrol(store)
    ways: list[tuple[str | None, dict[str, Any]]] = [
        (None, OLD),
        (None, {**OLD, "state": "sending"}),
        ("not_received", OLD),
        (None, {**OLD, "state": "delivered"}),
        (None, {**OLD, "urgent": False}),
        (None, {"urgent": True}),
    ]
    parts = [one.part(state="passed", code=code) for code, _ in ways]
    rows = [one.delivery(plan=None, part=part.id, **row) for part, (_, row) in zip(parts, ways, strict=True)]
    with store.begin() as work:
        work.ledger.add(parts)
        work.deliveries.add(rows)
    with store.begin() as work:
        found = work.deliveries.late(NOON - timedelta(hours=1), 1_000)

    assert {each.id for each in found if each.municipality == one.municipality} == {rows[0].id, rows[1].id}
