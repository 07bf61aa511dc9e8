"""What waits for a human. The words a person writes when deciding are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, bindparam, or_, select, text

from hub.ports import Hold
from hub.storage.bulk import Change
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id, Instant, one_of
from hub.storage.transaction import Transaction
from hub.storage.vault import Vault

HOLDS = Table(
    "holds",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("plan", Id),
    Column("child", Id),
    Column("part", Id, nullable=False),
    Column("receiver", Id, nullable=False),
    Column("element", Id),
    Column("digest", Id),
    Column("rules", LargeBinary, nullable=False),
    Column("categories", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", Id, nullable=False),
    Column("decided_by", Id),
    Column("reason", LargeBinary),
    Column("decided_at", Instant),
    Column("sender", Id, nullable=False),
    Column("claimed_by", Id),
    Column("role", Id, nullable=False),
    Column("due_at", Instant),
    Column("hops", BigInteger, nullable=False),
    Column("terms", LargeBinary),
    Index("holds_state", "municipality", "state"),
    Index("holds_plan", "plan"),
    Index("holds_due", "due_at", postgresql_where=text("state = 'open'"), sqlite_where=text("state = 'open'")),
)

_H = HOLDS.c
_ROW = select(HOLDS)
_MINE = _ROW.where(_H.municipality == bindparam("municipality")).order_by(_H.created_at, _H.id)
_OPEN = Query(_MINE.where(_H.state == "open"))
_OPEN_OF = Query(_MINE.where(_H.state == "open", one_of(_H.plan, "plans")))
_OF = Query(_MINE.where(_H.plan == bindparam("plan")))
_ASKED = Query(_MINE.where(or_(_H.state == "open", _H.state == "refused"), one_of(_H.plan, "plans")))
_RELEASED = Query(_MINE.where(_H.state == "released", _H.plan.is_(None), one_of(_H.part, "parts")))
_LATE = _ROW.where(_H.state == "open", _H.due_at <= bindparam("now", type_=Instant)).order_by(_H.due_at, _H.id)
_OVERDUE = Query(_LATE.limit(bindparam("limit")).with_for_update(skip_locked=True))
_STANDS = ("state", "decided_by", "reason", "decided_at", "role", "due_at", "hops", "terms")
_DECIDE = Change(HOLDS, finds=("id",), sets=_STANDS)


class SqlHolds:
    """Keeps the port `Holds`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def add(self, holds: Sequence[Hold]) -> None:
        self._transaction.insert(HOLDS, [self._row(hold) for hold in holds])

    def open(self, municipality: str, plans: Sequence[str] | None = None) -> Sequence[Hold]:
        if plans is None:
            rows = self._transaction.rows(_OPEN, municipality=municipality)
        else:
            rows = self._transaction.rows(_OPEN_OF, municipality=municipality, plans=list(plans))
        return [self._hold(row) for row in rows]

    def of(self, municipality: str, plan: str) -> Sequence[Hold]:
        return [self._hold(row) for row in self._transaction.rows(_OF, municipality=municipality, plan=plan)]

    def asked(self, municipality: str, plans: Sequence[str]) -> Sequence[Hold]:
        return [self._hold(row) for row in self._transaction.rows(_ASKED, municipality=municipality, plans=list(plans))]

    def released(self, municipality: str, parts: Sequence[str]) -> Sequence[Hold]:
        return [self._hold(row) for row in self._transaction.rows(_RELEASED, municipality=municipality, parts=parts)]

    def find(self, municipality: str, id: str, *, lock: bool = False) -> Hold | None:
        one = _ROW.where(_H.id == id, _H.municipality == municipality)
        row = self._transaction.row(one.with_for_update() if lock else one)
        return None if row is None else self._hold(row)

    def overdue(self, now: datetime, limit: int) -> Sequence[Hold]:
        return [self._hold(row) for row in self._transaction.rows(_OVERDUE, now=now, limit=limit)]

    def decide(self, holds: Sequence[Hold]) -> None:
        rows = [(hold.id, *self._stands(hold)) for hold in sorted(holds, key=lambda hold: hold.id)]
        self._transaction.update(_DECIDE, rows)

    def _stands(self, hold: Hold) -> tuple[Any, ...]:
        terms = orjson.dumps({"by": hold.agreed_by, "fields": hold.fields}) if hold.agreed_by else None
        done = (hold.state, hold.decided_by, self._sealed(hold), hold.decided_at)
        return (*done, hold.role, hold.due_at, hold.hops, terms)

    def _sealed(self, hold: Hold) -> bytes | None:
        return None if hold.reason is None else self._vault.seal(hold.child, hold.municipality, hold.reason.encode())

    def _row(self, hold: Hold) -> tuple[Any, ...]:
        stands = self._stands(hold)
        done, rest = stands[:4], stands[4:]
        return (
            hold.id,
            hold.municipality,
            hold.plan,
            hold.child,
            hold.part,
            hold.receiver,
            hold.element,
            hold.digest,
            orjson.dumps(hold.rules),
            orjson.dumps(hold.categories),
            hold.created_at,
            *done,
            hold.sender,
            hold.claimed_by,
            *rest,
        )

    def _hold(self, row: Any) -> Hold:
        reason = self._vault.open(row.child, row.municipality, row.reason)
        rules, categories = tuple(orjson.loads(row.rules)), tuple(orjson.loads(row.categories))
        told = {**row._asdict(), "rules": rules, "categories": categories}
        terms = orjson.loads(told.pop("terms") or b'{"by": [], "fields": null}')
        fields = None if terms["fields"] is None else tuple(terms["fields"])
        words = None if reason is None else reason.decode()
        return Hold(**{**told, "reason": words, "agreed_by": tuple(terms["by"]), "fields": fields})
