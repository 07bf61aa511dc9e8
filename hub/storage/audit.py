"""The audit trail: hash chains whose heads are authenticated, so that no line can be changed, removed or cut off.

There are several chains. A store appends to one, chosen when it opens, so that two busy processes seldom wait for each
other; its head is locked as the last thing before the commit.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, bindparam, case, select

from hub.ports import AuditEntry, AuditLine
from hub.storage.bulk import Change
from hub.storage.failures import DATABASE_ERRORS, translate
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id
from hub.storage.transaction import Transaction

CHAINS = 16

AUDIT = Table(
    "audit",
    METADATA,
    Column("chain", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("municipality", Id, nullable=False),
    Column("subject", Id, nullable=False),
    Column("entry", LargeBinary, nullable=False),  # canonical JSON: what the hash covers
    Column("hash", LargeBinary, nullable=False),
    Index("audit_subject", "subject"),
)
AUDIT_HEADS = Table(
    "audit_heads",
    METADATA,
    Column("chain", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
)
"""One row a chain, made by the migration: where it ends, with a keyed seal over it."""

_H = AUDIT_HEADS.c
_LINES = (
    select(_H.chain, _H.number, _H.hash, _H.seal, AUDIT.c.number, AUDIT.c.municipality, AUDIT.c.subject, AUDIT.c.entry)
    .add_columns(AUDIT.c.hash)
    .outerjoin_from(AUDIT_HEADS, AUDIT, AUDIT.c.chain == _H.chain)
    .order_by(_H.chain, AUDIT.c.number)
    .execution_options(yield_per=2_000)
)
_HEAD = Query(select(_H.number, _H.hash).where(_H.chain == bindparam("chain")).with_for_update())
_MOVE = Change(AUDIT_HEADS, finds=("chain",), sets=("number", "hash", "seal"))


def choose_chain() -> int:
    """The chain of one open store."""
    return random.randrange(CHAINS)


class SqlAudit:
    """Keeps the port `Audit`."""

    def __init__(self, transaction: Transaction, chain: int) -> None:
        self._transaction = transaction
        self._chain = chain
        self._waiting: list[AuditEntry] = []

    def add(self, entries: Sequence[AuditEntry]) -> None:
        if entries and not self._waiting:
            self._transaction.before_commit.append(self._append)
        self._waiting += entries

    def verify(self) -> bool:
        self._append()
        try:
            chains = groupby(self._transaction.connection.execute(_LINES), key=lambda line: line[0])
            return sum(self._is_whole(lines) for _, lines in chains) == CHAINS
        except DATABASE_ERRORS as error:
            raise translate(error) from error

    def of(self, municipality: str, subject: str) -> Sequence[AuditEntry]:
        self._append()
        mine = (
            select(AUDIT.c.entry)
            .where(AUDIT.c.subject == subject, AUDIT.c.municipality == municipality)
            .order_by(AUDIT.c.chain, AUDIT.c.number)
        )
        return sorted((_entry(row.entry) for row in self._transaction.rows(mine)), key=lambda entry: entry.at)

    def lines(self, municipality: str) -> Iterator[AuditLine]:
        self._append()
        mine = case((AUDIT.c.municipality == municipality, AUDIT.c.entry))
        every = select(AUDIT.c.chain, AUDIT.c.number, AUDIT.c.hash, mine).order_by(AUDIT.c.chain, AUDIT.c.number)
        yield from (AuditLine(*row) for row in self._transaction.stream(every))

    def _append(self) -> None:
        if not self._waiting:
            return
        entries, self._waiting = self._waiting, []
        number, previous = self._transaction.rows(_HEAD, chain=self._chain)[0]
        rows = []
        for entry in entries:
            number, line = number + 1, _line(entry)
            previous = _hash(previous, line)
            rows.append((self._chain, number, entry.municipality, entry.subject, line, previous))
        self._transaction.insert(AUDIT, rows)
        self._transaction.update(_MOVE, [(self._chain, number, previous, self._seal(self._chain, number, previous))])

    def _is_whole(self, lines: Iterator[Any]) -> bool:
        number, previous, last, head = 0, b"", 0, b""
        for chain, last, head, seal, at, municipality, subject, entry, hash in lines:
            if at is None:
                break
            if at == 1 and seal != self._seal(chain, last, head):
                return False
            parsed = orjson.loads(entry)
            number, previous = number + 1, _hash(previous, entry)
            if (at, hash, parsed[0], parsed[4]) != (number, previous, municipality, subject):
                return False
        return (number, previous) == (last, head)

    def _seal(self, chain: int, number: int, hash: bytes) -> bytes:
        return self._transaction.keys.fingerprint("audit head", str(chain), str(number), hash)


def _hash(previous: bytes, line: bytes) -> bytes:
    return sha256(previous + line).digest()


def _line(entry: AuditEntry) -> bytes:
    values = (entry.municipality, entry.at, entry.actor, entry.action, entry.subject, dict(entry.detail))
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS)


def _entry(line: bytes) -> AuditEntry:
    municipality, at, actor, action, subject, detail = orjson.loads(line)
    return AuditEntry(municipality, datetime.fromisoformat(at), actor, action, subject, detail)
