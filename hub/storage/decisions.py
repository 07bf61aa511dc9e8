"""Decisions as kept records: found again by id, or by the plan, part or delivery they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, Table, func, literal, or_, select, text

from hub.ports import DecisionRow
from hub.storage.bulk import Change
from hub.storage.deliveries import DELIVERIES
from hub.storage.ledger import PARTS
from hub.storage.schema import METADATA, Id, Instant
from hub.storage.transaction import Transaction

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("child", Id),
    Column("plan", Id),
    Column("part", Id),
    Column("delivery", Id),
    Column("receiver", Id, nullable=False),
    Column("stage", Id, nullable=False),
    Column("outcome", Id, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("grounds", LargeBinary),
    Column("subject", Id, nullable=False),  # the plan, or else the part: the one way to find them
    Index("decisions_subject", "subject"),
    Index("decisions_directed", "child", postgresql_where=text("plan IS NULL"), sqlite_where=text("plan IS NULL")),
)
GROUNDS = Table(
    "grounds",
    METADATA,
    Column("hash", LargeBinary, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("record", LargeBinary, nullable=False),
)

_D = DECISIONS.c
_NONE = literal(b"", LargeBinary)
_ROW = select(*[column for column in _D if column.name != "subject"], func.coalesce(GROUNDS.c.record, _NONE)).join_from(
    DECISIONS, GROUNDS, GROUNDS.c.hash == _D.grounds, isouter=True
)
_KEEP = Change(GROUNDS, finds=("hash", "municipality", "record"), sets=(), once=("hash",))


class SqlDecisions:
    """Keeps the port `Decisions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, rows: Sequence[DecisionRow]) -> None:
        self._keep_grounds({row.grounds_hash: row for row in rows if row.grounds_hash})
        self._transaction.insert(DECISIONS, [_row(row) for row in rows])

    def _keep_grounds(self, rows: Mapping[bytes, DecisionRow]) -> None:
        """What this process has kept before is there: grounds are never changed and never removed."""
        remembered = self._transaction.caches.grounds
        fresh = {hash: row for hash, row in rows.items() if remembered.get(hash) is None}
        self._transaction.upsert(_KEEP, [(hash, row.municipality, row.grounds) for hash, row in sorted(fresh.items())])
        self._transaction.after_commit += [partial(remembered.put, hash, True) for hash in fresh]

    def find(self, municipality: str, id: str) -> DecisionRow | None:
        row = self._transaction.row(_ROW.where(_D.id == id, _D.municipality == municipality))
        return None if row is None else DecisionRow(*row)

    def of(self, municipality: str, subject: str) -> Sequence[DecisionRow]:
        part = select(PARTS.c.plan).where(PARTS.c.id == subject)
        delivery = select(DELIVERIES.c.subject).where(DELIVERIES.c.id == subject)
        letter = (
            select(PARTS.c.plan).join(DELIVERIES, DELIVERIES.c.part == PARTS.c.id).where(DELIVERIES.c.id == subject)
        )
        found = (each.scalar_subquery() for each in (part, delivery, letter))
        within = or_(_D.subject == subject, *(_D.subject == each for each in found))
        about = or_(_D.plan == subject, _D.part == subject, _D.delivery == subject)
        rows: Sequence[Any] = self._transaction.rows(
            _ROW.where(_D.municipality == municipality, within, about).order_by(_D.decided_at, _D.id)
        )
        return [DecisionRow(*row) for row in rows]

    def about(
        self, municipality: str, child: str, plan: str | None, limit: int, before: DecisionRow | None = None
    ) -> Sequence[DecisionRow]:
        directed = (_D.child == child) & _D.plan.is_(None)
        mine = _ROW.where(_D.municipality == municipality, or_(_D.subject == plan, directed) if plan else directed)
        if before is not None:
            older = (_D.decided_at == before.decided_at) & (_D.id < before.id)
            mine = mine.where(or_(_D.decided_at < before.decided_at, older))
        rows = self._transaction.rows(mine.order_by(_D.decided_at.desc(), _D.id.desc()).limit(limit))
        return [DecisionRow(*row) for row in reversed(rows)]

    def between(self, municipality: str, since: datetime, until: datetime) -> Iterator[DecisionRow]:
        within = _ROW.where(_D.municipality == municipality, _D.decided_at >= since, _D.decided_at < until)
        yield from (DecisionRow(*row) for row in self._transaction.stream(within.order_by(_D.decided_at, _D.id)))


def _row(row: DecisionRow) -> tuple[Any, ...]:
    """The columns in their order are the row's own fields but the last, and what it is found by."""
    return (*row[:-1], row.plan or row.part or row.delivery or row.id)
