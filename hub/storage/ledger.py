"""The first ledger: every part of every message, and how it ended. Documents lie apart and sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    LargeBinary,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    text,
)

from hub.model.envelope import PART_ENDS
from hub.ports import Part
from hub.storage.bulk import Change
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id, Instant, one_of
from hub.storage.transaction import Transaction, ordered
from hub.storage.vault import Vault

PARTS = Table(
    "parts",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("message", Id, nullable=False),
    Column("municipality", Id, nullable=False),
    Column("system", Id, nullable=False),
    Column("kind", Id, nullable=False),
    Column("state", Id, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("plan", Id),
    Column("child", Id),
    Column("about", Id),
    Column("number", BigInteger),
    Column("receiver", Id),
    Column("code", Id),
    Column("place", Id),
    Column("correlation_id", Id),
    Column("traceparent", Id),
    Column("claims", LargeBinary),
    Column("view_version", BigInteger),
    Column("urgent", Boolean, nullable=False),
    Column("open", Boolean, nullable=False),  # pending; a part of its own, so that partial indexes stay small
    Column("ended_at", Instant),
    Index("parts_number", "plan", "number", unique=True),
    Index("parts_message", "message"),
    Index("parts_open", "plan", "number", postgresql_where=text("open"), sqlite_where=text("open = 1")),
    Index("parts_urgent", "received_at", postgresql_where=text("urgent"), sqlite_where=text("urgent = 1")),
)
DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("part", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
COUNTERS = Table(
    "counters",
    METADATA,
    Column("plan", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("next", BigInteger, nullable=False),
)
"""Apart from the plan's row, so that door 1 (numbers) and door 2 (the plan) do not wait for each other."""

_P = PARTS.c
_ROW = select(*[column for column in _P if column.name not in ("open", "ended_at")])
_WITH_DOCUMENT = _ROW.add_columns(DOCUMENTS.c.sealed).select_from(PARTS.outerjoin(DOCUMENTS, DOCUMENTS.c.part == _P.id))
_PENDING = Query(
    _WITH_DOCUMENT.where(_P.open, one_of(_P.plan, "plans")).order_by(_P.plan, _P.number).limit(bindparam("limit"))
)
_DIRECTED = Query(
    _WITH_DOCUMENT.where(_P.open, _P.plan.is_(None), one_of(_P.id, "ids"))
    .order_by(_P.id)
    .with_for_update(of=PARTS, skip_locked=True)
)
_OLDEST = select(_P.id).order_by(_P.received_at, _P.id).limit(bindparam("limit"))
_URGENT = Query(_OLDEST.where(_P.urgent, _P.open))
_FIND = Query(_WITH_DOCUMENT.where(one_of(_P.id, "ids")).order_by(_P.received_at, _P.id))
_SENDERS = Query(select(_P.id, _P.system).where(one_of(_P.id, "ids")))
_COUNTERS = Query(
    select(COUNTERS.c.plan, COUNTERS.c.next)
    .where(one_of(COUNTERS.c.plan, "plans"))
    .order_by(COUNTERS.c.plan)
    .with_for_update()
)
_COUNT = Change(COUNTERS, finds=("plan",), sets=("next",))
_END = Change(PARTS, finds=("id",), sets=("state", "code", "place", "open", "ended_at"))


class SqlLedger:
    """Keeps the port `Ledger`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def number(self, parts_per_plan: Mapping[str, int]) -> Mapping[str, int]:
        if not parts_per_plan:
            return {}
        first = {row.plan: row.next for row in self._transaction.rows(_COUNTERS, plans=ordered(parts_per_plan))}
        self._transaction.update(_COUNT, [(plan, number + parts_per_plan[plan]) for plan, number in first.items()])
        return first

    def add(self, parts: Sequence[Part]) -> None:
        self._vault.fetch(part.child for part in parts if part.child is not None)
        self._transaction.insert(PARTS, [self._row(part) for part in parts])
        self._transaction.insert(
            DOCUMENTS,
            [
                (part.id, part.municipality, self._vault.seal(part.child, part.municipality, part.document))
                for part in parts
                if part.document is not None
            ],
        )

    def pending(self, plans: Sequence[str], limit: int) -> Sequence[Part]:
        return self._parts(self._transaction.rows(_PENDING, plans=list(plans), limit=limit)) if plans else []

    def directed(self, ids: Sequence[str]) -> Sequence[Part]:
        return self._parts(self._transaction.rows(_DIRECTED, ids=list(ids))) if ids else []

    def urgent(self, limit: int) -> Sequence[str]:
        return [row.id for row in self._transaction.rows(_URGENT, limit=limit)]

    def find(self, ids: Sequence[str]) -> Sequence[Part]:
        return self._parts(self._transaction.rows(_FIND, ids=list(ids))) if ids else []

    def senders(self, ids: Sequence[str]) -> Mapping[str, str]:
        return {row.id: row.system for row in self._transaction.rows(_SENDERS, ids=list(ids))} if ids else {}

    def end(self, parts: Sequence[Part]) -> None:
        now = self._transaction.clock.now()
        self._transaction.update(
            _END,
            [
                (part.id, part.state, part.code, part.place, part.state == "pending", _ended(part, now))
                for part in sorted(parts, key=lambda part: part.id)
            ],
        )

    def of(self, municipality: str, subject: str) -> Sequence[Part]:
        about = or_(_P.id == subject, _P.message == subject, _P.plan == subject)
        statement = _ROW.where(_P.municipality == municipality, about).order_by(_P.received_at, _P.number, _P.id)
        return [self._part(row) for row in self._transaction.rows(statement)]

    def unfinished(self, older_than: datetime, limit: int) -> Sequence[Part]:
        waiting = _ROW.where(_P.open, _P.received_at < older_than).order_by(_P.received_at, _P.id).limit(limit)
        return [self._part(row) for row in self._transaction.rows(waiting)]

    def clean(self, ended_before: datetime, limit: int) -> int:
        deliveries = METADATA.tables["deliveries"].c  # its module builds on this one
        going = (deliveries.subject == _P.id) & (deliveries.open | (deliveries.state == "held"))
        join = and_(DOCUMENTS.c.part == _P.id, _P.ended_at < ended_before, ~exists().where(going))
        old = select(DOCUMENTS.c.part).select_from(DOCUMENTS.join(PARTS, join)).limit(limit)
        return self._transaction.run(delete(DOCUMENTS).where(DOCUMENTS.c.part.in_(old)))

    def _row(self, part: Part) -> tuple[Any, ...]:
        claims = None
        if part.claims:
            claims = self._vault.seal(part.child, part.municipality, orjson.dumps(dict(part.claims)))
        return (
            part.id,
            part.message,
            part.municipality,
            part.system,
            part.kind,
            part.state,
            part.received_at,
            part.plan,
            part.child,
            part.about,
            part.number,
            part.receiver,
            part.code,
            part.place,
            part.correlation_id,
            part.traceparent,
            claims,
            part.view_version,
            part.urgent,
            part.state == "pending",
            _ended(part, part.received_at),
        )

    def _parts(self, rows: Sequence[Any]) -> list[Part]:
        self._vault.fetch(row.child for row in rows if row.child is not None)
        return [self._part(row, self._vault.open(row.child, row.municipality, row.sealed)) for row in rows]

    def _part(self, row: Any, document: bytes | None = None) -> Part:
        (id, message, municipality, system, kind, state, received_at, plan, child, about) = row[:10]
        (number, receiver, code, place, correlation_id, traceparent, sealed, view_version, urgent) = row[10:19]
        claims = self._vault.open(child, municipality, sealed)
        return Part(
            id,
            message,
            municipality,
            system,
            kind,
            state,
            received_at,
            plan,
            child,
            about,
            number,
            receiver,
            document,
            code,
            place,
            correlation_id,
            orjson.loads(claims) if claims else {},
            traceparent,
            view_version,
            bool(urgent),
        )


def _ended(part: Part, now: datetime) -> datetime | None:
    return now if part.state in PART_ENDS else None
