"""Both ledgers, each added up by one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Column, ColumnElement, Table, func, or_, select

from hub.policy.tasks import is_secret, kinds
from hub.ports import Wait
from hub.storage.decisions import DECISIONS
from hub.storage.deliveries import DELIVERIES
from hub.storage.holds import HOLDS
from hub.storage.inbox import MESSAGES
from hub.storage.ledger import PARTS
from hub.storage.moves import HOLD_MOVES, asked_at
from hub.storage.set_aside import SET_ASIDE
from hub.storage.tasks import TASKS
from hub.storage.transaction import Transaction
from hub.storage.vault import PERSONS

_CONFIRMED = select(func.count(PERSONS.c.confirmed_at), func.min(PERSONS.c.confirmed_at)).where(
    PERSONS.c.key.is_not(None)
)


class SqlTally:
    """Keeps the port `Tally`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def parts(self, municipality: str | None = None) -> Mapping[str, int]:
        return self._count(PARTS, municipality)

    def deliveries(self, municipality: str | None = None) -> Mapping[str, int]:
        return self._count(DELIVERIES, municipality)

    def waits(self) -> Mapping[tuple[str, str], Wait]:
        rows = [("parts", "", *row[1:]) for row in self._open(PARTS.c.open, PARTS.c.received_at, PARTS.c.open)]
        deliveries = DELIVERIES.c
        rows += [("deliveries", *row) for row in self._open(deliveries.system, deliveries.created_at, deliveries.open)]
        holds = HOLDS.c
        rows += [
            ("holds", _first(row[0]), *row[1:]) for row in self._open(holds.rules, holds.created_at, _is_open(HOLDS))
        ]
        now = self._transaction.clock.now()
        rows += [
            ("overdue_holds", _first(row[0]), *row[1:])
            for row in self._open(holds.rules, holds.created_at, _hold_is_late(now))
        ]
        secret = TASKS.c.kind.in_([name for name in kinds() if is_secret(name)])
        for what, which in (("overdue_tasks", ~secret), ("overdue_reports", secret)):
            late = select(func.count(), func.min(TASKS.c.created_at)).where(_task_is_late(now), which)
            rows += [(what, "", *row) for row in self._transaction.rows(late) if row[0]]
        aside = SET_ASIDE.c
        rows += [("set_aside", *row) for row in self._open(aside.code, aside.created_at, _is_open(SET_ASIDE))]
        if asked := asked_at(self._transaction):
            rows.append(("questions", "", len(asked), min(asked)))
        rows += [("facts", "", *row) for row in self._transaction.rows(_CONFIRMED) if row[0]]
        found: dict[tuple[str, str], Wait] = {}
        for what, by, count, since in rows:
            before = found.get((what, by))
            found[what, by] = Wait(count + before.count, min(since, before.since)) if before else Wait(count, since)
        return found

    def late(self, before: datetime, municipality: str | None = None) -> Wait | None:
        parts, rows = PARTS.c, DELIVERIES.c
        pending = parts.urgent & parts.open & (parts.received_at <= before)
        going = rows.urgent & or_(rows.open, rows.state == "held") & (rows.created_at <= before)
        found = [
            *self._waiting(PARTS, parts.received_at, pending, municipality),
            *self._waiting(DELIVERIES, rows.created_at, going, municipality),
            *self._waiting(SET_ASIDE, SET_ASIDE.c.created_at, _is_open(SET_ASIDE) & _is_of_urgent(), municipality),
        ]
        return Wait(sum(each.count for each in found), min(each.since for each in found)) if found else None

    def _waiting(
        self, table: Table, since: Column[datetime], which: ColumnElement[bool], municipality: str | None
    ) -> Sequence[Wait]:
        mine = which if municipality is None else which & (table.c.municipality == municipality)
        rows = self._transaction.rows(select(func.count(), func.min(since)).where(mine))
        return [Wait(*row) for row in rows if row[0]]

    def unaccounted(self) -> int:
        there = select(PARTS.c.message).where(PARTS.c.message == MESSAGES.c.id).exists()
        return int(self._transaction.rows(select(func.count()).select_from(MESSAGES).where(~there))[0][0])

    def _open(
        self, by: ColumnElement[Any], since: ColumnElement[datetime], which: ColumnElement[bool]
    ) -> Sequence[Any]:
        return self._transaction.rows(select(by, func.count(), func.min(since)).where(which).group_by(by))

    def waiting_since(self, municipality: str) -> Mapping[str, datetime]:
        parts = select(func.min(PARTS.c.received_at)).where(PARTS.c.open, PARTS.c.municipality == municipality)
        mine = DELIVERIES.c.municipality == municipality
        deliveries = select(func.min(DELIVERIES.c.created_at)).where(DELIVERIES.c.open, mine)
        oldest = {
            "parts": self._transaction.rows(parts)[0][0],
            "deliveries": self._transaction.rows(deliveries)[0][0],
        }
        return {name: instant for name, instant in oldest.items() if instant is not None}

    def messages(self, municipality: str) -> int:
        return sum(self.sent(municipality).values())

    def sent(self, municipality: str) -> Mapping[str, int]:
        return self._by(MESSAGES.c.system, MESSAGES.c.municipality == municipality)

    def received(self, municipality: str) -> Mapping[str, int]:
        there = (DELIVERIES.c.municipality == municipality) & (DELIVERIES.c.state == "delivered")
        return self._by(DELIVERIES.c.system, there)

    def decisions(self, municipality: str, stage: str) -> Mapping[str, int]:
        made = (DECISIONS.c.municipality == municipality) & (DECISIONS.c.stage == stage)
        return self._by(DECISIONS.c.outcome, made)

    def _by(self, column: Column[str], which: ColumnElement[bool]) -> Mapping[str, int]:
        statement = select(column, func.count()).where(which).group_by(column).order_by(column)
        return {row[0]: row[1] for row in self._transaction.rows(statement)}

    def _count(self, ledger: Table, municipality: str | None) -> Mapping[str, int]:
        statement = (
            select(ledger.c.state, func.count().label("number")).group_by(ledger.c.state).order_by(ledger.c.state)
        )
        if municipality is not None:
            statement = statement.where(ledger.c.municipality == municipality)
        return {row.state: row.number for row in self._transaction.rows(statement)}


def _is_open(table: Table) -> ColumnElement[bool]:
    return table.c.state == "open"


def _hold_is_late(now: datetime) -> ColumnElement[bool]:
    """Past its deadline, or gone up at one: with a new deadline it is no less late."""
    went_up = select(HOLD_MOVES.c.hold).where(HOLD_MOVES.c.hold == HOLDS.c.id, HOLD_MOVES.c.action == "escalated")
    return _is_open(HOLDS) & or_(HOLDS.c.due_at <= now, went_up.exists())


def _task_is_late(now: datetime) -> ColumnElement[bool]:
    return _is_open(TASKS) & or_(TASKS.c.due_at <= now, TASKS.c.escalated_to.is_not(None))


def _is_of_urgent() -> ColumnElement[bool]:
    subject = SET_ASIDE.c.subject_id
    parts, rows = select(PARTS.c.id).where(PARTS.c.urgent), select(DELIVERIES.c.id).where(DELIVERIES.c.urgent)
    return or_(subject.in_(parts), subject.in_(rows))


def _first(rules: bytes) -> str:
    return str(next(iter(orjson.loads(rules)), ""))
