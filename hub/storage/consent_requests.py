"""What people were asked: one row a request, sealed under the child's key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Index, LargeBinary, Table, select, text

from hub.model.consent import ConsentRequest
from hub.storage import wire
from hub.storage.bulk import Change
from hub.storage.schema import METADATA, Id, Instant
from hub.storage.transaction import Transaction
from hub.storage.vault import Vault

CONSENT_REQUESTS = Table(
    "consent_requests",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("child", Id, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # all of it: who is asked and why is about people
    Index("consent_requests_child", "child"),
    Index("consent_requests_due", "deadline", postgresql_where=text("open"), sqlite_where=text("open = 1")),
)

_R = CONSENT_REQUESTS.c
_ROW = select(_R.child, _R.municipality, _R.sealed)
_PUT = Change(CONSENT_REQUESTS, finds=("id",), sets=("open", "sealed"))


class SqlConsentRequests:
    """Keeps the port `ConsentRequests`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def add(self, request: ConsentRequest) -> None:
        whose = (request.id, request.municipality, request.child)
        row = (*whose, request.asked_at, request.deadline, request.open, self._sealed(request))
        self._transaction.insert(CONSENT_REQUESTS, [row])

    def find(self, municipality: str, id: str) -> ConsentRequest | None:
        found = self._opened(_ROW.where(_R.id == id, _R.municipality == municipality).with_for_update())
        return found[0] if found else None

    def put(self, request: ConsentRequest) -> None:
        self._transaction.update(_PUT, [(request.id, request.open, self._sealed(request))])

    def open(self, municipality: str) -> Sequence[ConsentRequest]:
        return self._opened(_ROW.where(_R.municipality == municipality, _R.open).order_by(_R.asked_at, _R.id))

    def of(self, municipality: str, child: str) -> Sequence[ConsentRequest]:
        mine = _ROW.where(_R.municipality == municipality, _R.child == child)
        return self._opened(mine.order_by(_R.asked_at, _R.id))

    def due(self, now: datetime, limit: int) -> Sequence[ConsentRequest]:
        late = _ROW.where(_R.open, _R.deadline <= now).order_by(_R.deadline, _R.id).limit(limit)
        return self._opened(late.with_for_update(skip_locked=True))

    def _sealed(self, request: ConsentRequest) -> bytes:
        return self._vault.seal(request.child, request.municipality, wire.dump(request))

    def _opened(self, statement: Any) -> list[ConsentRequest]:
        """What of them can still be read: an erased child's request is nobody's."""
        rows = self._transaction.rows(statement)
        self._vault.fetch(row.child for row in rows)
        found = (self._vault.open(row.child, row.municipality, row.sealed) for row in rows)
        return [wire.load(ConsentRequest, raw) for raw in found if raw is not None]
