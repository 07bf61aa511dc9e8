"""Both ledgers, each added up by one query."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Table, func, select

from hub.storage.deliveries import DELIVERIES
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

    def _count(self, ledger: Table, municipality: str | None) -> Mapping[str, int]:
        statement = (
            select(ledger.c.state, func.count().label("number")).group_by(ledger.c.state).order_by(ledger.c.state)
        )
        if municipality is not None:
            statement = statement.where(ledger.c.municipality == municipality)
        return {row.state: row.number for row in self._transaction.rows(statement)}
