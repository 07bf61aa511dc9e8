"""What receivers answer: their receipts, kept once each, and what is put off while they are away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hub.model.discretion import spoken_code
from hub.model.envelope import DeliveryState, fresh_id
from hub.model.plan import Plan
from hub.ports import AsideRow, AuditEntry, Clock, Delivery, Store, Work
from hub.routing.came_of import came_of
from hub.routing.lost import lost, unknown
from hub.routing.reported import open_reported
from hub.routing.unheard import unheard
from hub.routing.watch import Watch
from hub.sdk import Posted
from hub.sync.keys import adopt

SILENCE = timedelta(days=1)
"""How long a receiver that has taken a delivery in may say no more before it is sent again under the same id."""

LONGEST, URGENT = 3600.0, 60.0
"""Seconds between two tries, at most; of what is urgent."""

AWAY = "receiver_away"
"""Why a row is put off. An urgent one is put off for as long as it lives, and never set aside for it."""


class Receipts:
    """The second transaction of door 3."""

    def __init__(self, store: Store, clock: Clock, watch: Watch) -> None:
        self._store, self._clock, self._watch = store, clock, watch

    def record(self, answers: Mapping[str, Posted], by: str | None = None) -> list[str]:
        """Keeps the receipts; gives the ids that are not on their way (to the system `by`). A second one is no news."""
        now = self._clock.now()
        renamed = self._plans_of([id for id, answer in answers.items() if answer.keys])
        with self._store.begin() as work:
            plans = dict(work.plans.lock(renamed, wait=True))  # before the rows, as whoever updates a plan does
            rows = {
                row.id: row
                for row in work.deliveries.take(list(answers))
                if row.state == "sending" and by in (None, row.system)
            }
            ended = [_ended(row, answers[row.id], now) for row in rows.values() if answers[row.id].status != "accepted"]
            delivered = [row for row in ended if row.state == "delivered"]
            taken_in = [row for row in rows.values() if answers[row.id].status == "accepted" and by is None]
            work.deliveries.update([*ended, *(row._replace(next_at=now + SILENCE) for row in taken_in)])
            work.views.acknowledge([(row.plan, row.system, row.version or 0) for row in delivered if row.plan], now)
            lost(work, [row for row in ended if row.state == "expired"])
            came_of(work, ended, now)
            work.set_aside.add(unheard(ended, now))
            _adopt_keys(work, plans, delivered, answers)
            work.audit.add([_entry(row, now) for row in ended])
            systems = work.directory.systems()
            open_reported(work, delivered, systems, now)
        self._watch.answered(
            [(systems[row.system].service, row.state, (now - row.created_at).total_seconds()) for row in ended]
        )
        for row in ended:
            with self._watch.step("receipt", row.traceparent, delivery=row.id, state=row.state):
                pass
        return [id for id in answers if id not in rows]

    def put_off(self, ids: Sequence[str], code: str, after: float | None, limit: int) -> None:
        """The receiver was away: the rows come again later, each time further apart, and end set aside at the limit."""
        now = self._clock.now()
        with self._store.begin() as work:
            rows = [_later(row, code, after, limit, now) for row in work.deliveries.take(ids)]
            work.deliveries.update(rows)
            unknown(work, [row for row in rows if row.state == "set_aside"])
            came_of(work, rows, now)
            work.set_aside.add(
                [
                    AsideRow(fresh_id(), row.municipality, "delivery", row.id, code, None, now)
                    for row in rows
                    if row.state == "set_aside"
                ]
            )

    def _plans_of(self, ids: Sequence[str]) -> list[str]:
        if not ids:
            return []
        with self._store.begin() as work:
            return sorted({row.plan for row in work.deliveries.take(ids) if row.plan})


def _later(row: Delivery, code: str, after: float | None, limit: int, now: datetime) -> Delivery:
    if row.attempts + 1 >= limit and not (row.urgent and code == AWAY):
        return row._replace(state="set_aside", code=code)
    wait = max(after or 0.0, min(2.0 ** min(row.attempts, 12), URGENT if row.urgent else LONGEST))
    return row._replace(code=code, attempts=row.attempts + 1, next_at=now + timedelta(seconds=wait))


def _ended(row: Delivery, answer: Posted, now: datetime) -> Delivery:
    state: DeliveryState = "delivered" if answer.status == "delivered" else "rejected"
    if answer.code == "timed_out":
        state = "expired"
    return row._replace(state=state, code=spoken_code(answer.code) if answer.code else None, receipt_at=now)


def _adopt_keys(work: Work, plans: dict[str, Plan], rows: Sequence[Delivery], answers: Mapping[str, Posted]) -> None:
    """A receiver that made new items says what it calls them: from now on the hub does so too, towards it alone."""
    for row in rows:
        plan = plans.get(row.plan or "")
        if plan and (renamed := adopt(plan, row.system, answers[row.id].keys or {})):
            plans[plan.id] = renamed
            work.plans.add([(renamed, row.part)])


def _entry(row: Delivery, now: datetime) -> AuditEntry:
    return AuditEntry(row.municipality, now, row.system, f"delivery.{row.state}", row.id, {"version": row.version})
