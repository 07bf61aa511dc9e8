"""Names held by one worker at a time, across transactions: until it lets go, or its process or connection ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from threading import Lock

from sqlalchemy import Connection, Engine, TextClause, text

from hub.errors import LangbenkError
from hub.storage.failures import DATABASE_ERRORS, translated
from hub.storage.schema import array_literal

MOST = 2_048
"""Names that a process holds at once, but for one more each claim: PostgreSQL has room for some 6,400 locks in all."""

_CLAIM = text("SELECT number FROM unnest(CAST(:numbers AS int8[])) AS number WHERE pg_try_advisory_lock(number)")
_LET_GO = text("SELECT number FROM unnest(CAST(:numbers AS int8[])) AS number WHERE pg_advisory_unlock(number)")


class Claims:
    """What this process holds it keeps itself; SQLite serves no other. Towards others: PostgreSQL's advisory locks.

    They are all of one connection. A claim lasts as long as a receiver takes to answer, and with a connection for each
    a few slow receivers would leave none for anybody else.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: set[str] = set()
        self._lock = Lock()
        self._connection: Connection | None = None

    @contextmanager
    def claim(self, names: Sequence[str]) -> Iterator[frozenset[str]]:
        mine = self._take(names)
        try:
            yield mine
        finally:
            self._let_go(mine)

    def _take(self, names: Sequence[str]) -> frozenset[str]:
        with self._lock:
            free = [name for name in dict.fromkeys(names) if name not in self._held]
            mine = frozenset(free[: max(1, MOST - len(self._held))])
            if mine and self._engine.dialect.name != "sqlite":
                mine = self._ask(_CLAIM, mine)
            self._held |= mine
            return mine

    def _let_go(self, names: frozenset[str]) -> None:
        with self._lock:
            self._held -= names
            if names and self._connection is not None:
                with suppress(LangbenkError):  # its claims have ended with the connection
                    self._ask(_LET_GO, names)
            if not self._held:
                self._hang_up()

    def _ask(self, statement: TextClause, names: Collection[str]) -> frozenset[str]:
        numbers = {_number(name): name for name in sorted(names)}
        with translated():
            if self._connection is None:
                self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            try:
                found = self._connection.execute(statement, {"numbers": array_literal(list(numbers))}).scalars().all()
            except DATABASE_ERRORS:
                self._connection.invalidate()
                self._hang_up()
                raise
        return frozenset(numbers[number] for number in found)

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*DATABASE_ERRORS):
                connection.close()


def _number(name: str) -> int:
    """PostgreSQL's advisory locks go by 64-bit number; two names that met there would only wait for each other."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
