"""What cannot be used and waits for an operator: a code and a place, never content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, Table, select

from hub.ports import AsideRow
from hub.storage.bulk import Change
from hub.storage.schema import METADATA, Id, Instant
from hub.storage.transaction import Transaction
from hub.storage.vault import Vault

SET_ASIDE = Table(
    "set_aside",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("subject", Id, nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("code", Id, nullable=False),
    Column("place", Id),
    Column("created_at", Instant, nullable=False),
    Column("state", Id, nullable=False),
    Column("reason", LargeBinary),
    Index("set_aside_state", "municipality", "state"),
)

_S = SET_ASIDE.c
_CLOSE = Change(SET_ASIDE, finds=("id",), sets=("state", "reason"))


class SqlSetAside:
    """Keeps the port `SetAside`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def add(self, rows: Sequence[AsideRow]) -> None:
        self._transaction.insert(SET_ASIDE, [self._row(row) for row in rows])

    def list(self, municipality: str) -> Sequence[AsideRow]:
        mine = select(SET_ASIDE).where(_S.municipality == municipality).order_by(_S.created_at, _S.id)
        return [self._aside(row) for row in self._transaction.rows(mine)]

    def find(self, municipality: str, id: str) -> AsideRow | None:
        row = self._transaction.row(select(SET_ASIDE).where(_S.id == id, _S.municipality == municipality))
        return None if row is None else self._aside(row)

    def close(self, row: AsideRow) -> None:
        self._transaction.update(_CLOSE, [(row.id, row.state, self._sealed(row))])

    def _sealed(self, row: AsideRow) -> bytes | None:
        return None if row.reason is None else self._vault.seal(None, row.municipality, row.reason.encode())

    def _row(self, row: AsideRow) -> tuple[Any, ...]:
        return (
            row.id,
            row.municipality,
            row.subject,
            row.subject_id,
            row.code,
            row.place,
            row.created_at,
            row.state,
            self._sealed(row),
        )

    def _aside(self, row: Any) -> AsideRow:
        reason = self._vault.open(None, row.municipality, row.reason)
        return AsideRow(**{**row._asdict(), "reason": None if reason is None else reason.decode()})
