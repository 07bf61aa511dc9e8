"""What has been done about holds, line by line. Lines are added and never changed; their words are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, bindparam, select

from hub.ports import Move, unanswered
from hub.storage.holds import HOLDS
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id, Instant, one_of
from hub.storage.transaction import Transaction
from hub.storage.vault import Vault

HOLD_MOVES = Table(
    "hold_moves",
    METADATA,
    Column("hold", Id, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("municipality", Id, nullable=False),
    Column("child", Id),
    Column("done_at", Instant, nullable=False),
    Column("action", Id, nullable=False),
    Column("who", Id, nullable=False),
    Column("words", LargeBinary),
    Column("detail", LargeBinary, nullable=False),
    Column("part", Id),
    Index("hold_moves_part", "part"),
)

_M = HOLD_MOVES.c
_MINE = select(HOLD_MOVES).where(_M.municipality == bindparam("municipality")).order_by(_M.hold, _M.number)
_OF = Query(_MINE.where(_M.hold == bindparam("hold")))
_ASKED = Query(_MINE.where(one_of(_M.part, "parts")))
_OPEN = select(HOLDS.c.id).where(HOLDS.c.state == "open")
_QUESTIONED = select(_M.hold).where(_M.part.is_not(None))
_WORDS = _M.action.in_(("asked_sender", "told_sender", "answered"))
_TALK = select(HOLD_MOVES).where(_M.hold.in_(_QUESTIONED), _M.hold.in_(_OPEN), _WORDS).order_by(_M.hold, _M.number)


class SqlMoves:
    """Keeps the port `Moves`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def add(self, moves: Sequence[Move]) -> None:
        self._transaction.insert(HOLD_MOVES, [self._row(move) for move in moves])

    def of(self, municipality: str, hold: str) -> Sequence[Move]:
        return [self._move(row) for row in self._transaction.rows(_OF, municipality=municipality, hold=hold)]

    def asked(self, municipality: str, parts: Sequence[str]) -> Sequence[Move]:
        rows = self._transaction.rows(_ASKED, municipality=municipality, parts=list(parts))
        return [self._move(row) for row in rows]

    def talk(self, municipality: str | None = None) -> Sequence[Move]:
        wanted = _TALK if municipality is None else _TALK.where(_M.municipality == municipality)
        return [self._move(row) for row in self._transaction.rows(wanted)]

    def _row(self, move: Move) -> tuple[Any, ...]:
        words = orjson.dumps(dict(move.words)) if move.words else None
        return (
            move.hold,
            move.number,
            move.municipality,
            move.child,
            move.done_at,
            move.action,
            move.who,
            None if words is None else self._vault.seal(move.child, move.municipality, words),
            orjson.dumps(dict(move.detail)),
            move.part,
        )

    def _move(self, row: Any) -> Move:
        return _read(row, self._vault.open(row.child, row.municipality, row.words))


def asked_at(transaction: Transaction) -> list[datetime]:
    """When each question without an answer was asked, in every municipality; no words are opened."""
    return [each.done_at for each in unanswered([_read(row, None) for row in transaction.rows(_TALK)])]


def _read(row: Any, words: bytes | None) -> Move:
    told = {"words": orjson.loads(words) if words else {}, "detail": orjson.loads(row.detail)}
    return Move(**row._asdict() | told)
