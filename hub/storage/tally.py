"""Both ledgers, each added up by one query."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Table, func, select

from hub.storage.decisions import DECISIONS
from hub.storage.deliveries import DELIVERIES
from hub.storage.inbox import MESSAGES
from hub.storage.ledger import PARTS
from hub.storage.transaction import Transaction


class SqlTally:
    """Keeps the port `Tally`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def parts(self, municipality: str | None = None) -> Mapping[str, int]:
        return self._count(PARTS, municipality)

    def deliveries(self, municipality: str | None = None) -> Mapping[str, int]:
        return self._count(DELIVERIES, municipality)

    def waiting_since(self) -> Mapping[str, datetime]:
        parts = select(func.min(PARTS.c.received_at)).where(PARTS.c.open)
        deliveries = select(func.min(DELIVERIES.c.created_at)).where(DELIVERIES.c.open)
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
