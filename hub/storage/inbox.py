"""Messages by (system, message id): at least once in, effect once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, select

from hub.model.envelope import Arrival, PartReceipt, Receipt
from hub.storage.ledger import PARTS
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id, Instant, one_of, pair_of
from hub.storage.transaction import Transaction

MESSAGES = Table(
    "messages",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("system", Id, nullable=False),
    Column("message_id", Id, nullable=False),
    Column("kind", Id, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("skipped", BigInteger, nullable=False),
    Column("parts", LargeBinary, nullable=False),  # the receipt's parts as first given: ids and codes
    Index("messages_once", "system", "message_id", unique=True),
)

_M = MESSAGES.c
_RECEIPT = select(_M.id, _M.message_id, _M.kind, _M.received_at, _M.parts, _M.skipped)
_KNOWN = Query(
    _RECEIPT.add_columns(_M.system, _M.fingerprint).where(
        pair_of((_M.system, _M.message_id), ("systems", "message_ids"))
    )
)
_STATES = Query(select(PARTS.c.id, PARTS.c.state, PARTS.c.code, PARTS.c.place).where(one_of(PARTS.c.id, "ids")))


class SqlInbox:
    """Keeps the port `Inbox`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def known(self, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], tuple[bytes, Receipt]]:
        wanted = list(keys)
        if not wanted:
            return {}
        systems, message_ids = [key[0] for key in wanted], [key[1] for key in wanted]
        rows = self._transaction.rows(_KNOWN, systems=systems, message_ids=message_ids)
        return {(row.system, row.message_id): (row.fingerprint, _receipt(row)) for row in rows}

    def add(self, messages: Sequence[tuple[Arrival, Receipt, bytes]]) -> None:
        self._transaction.insert(
            MESSAGES,
            [
                (
                    receipt.id,
                    arrival.municipality,
                    arrival.system,
                    arrival.message_id,
                    arrival.kind,
                    receipt.received_at,
                    fingerprint,
                    receipt.skipped,
                    orjson.dumps([(part.part, part.state, part.code, part.place) for part in receipt.parts]),
                )
                for arrival, receipt, fingerprint in messages
            ],
        )

    def receipt(self, municipality: str, system: str, id: str) -> Receipt | None:
        mine = _RECEIPT.where(_M.id == id, _M.municipality == municipality, _M.system == system)
        row = self._transaction.row(mine)
        if row is None:
            return None
        receipt = _receipt(row)
        states = {
            row.id: PartReceipt(*row)
            for row in self._transaction.rows(_STATES, ids=[part.part for part in receipt.parts])
        }
        return replace(receipt, parts=tuple(states.get(part.part, part) for part in receipt.parts))


def _receipt(row: Any) -> Receipt:
    id, message_id, kind, received_at, parts, skipped = row[:6]
    return Receipt(
        id, message_id, kind, received_at, tuple(PartReceipt(*part) for part in orjson.loads(parts)), skipped
    )
