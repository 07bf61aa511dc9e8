"""Names held by one worker at a time, across transactions: until it lets go, or its process or connection ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from threading import Lock

from sqlalchemy import Connection, Engine, text

from hub.storage.failures import DATABASE_ERRORS, translated
from hub.storage.schema import array_literal

_CLAIM = text("SELECT number FROM unnest(CAST(:numbers AS int8[])) AS number WHERE pg_try_advisory_lock(number)")
_LET_GO = text("SELECT pg_advisory_unlock_all()")


class Claims:
    """PostgreSQL: advisory locks of a connection's own. SQLite serves one process, which keeps them itself."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: set[str] = set()
        self._lock = Lock()

    @contextmanager
    def claim(self, names: Sequence[str]) -> Iterator[frozenset[str]]:
        if not names:
            yield frozenset()
        elif self._engine.dialect.name == "sqlite":
            with self._here(names) as mine:
                yield mine
        else:
            with self._there(names) as mine:
                yield mine

    @contextmanager
    def _here(self, names: Sequence[str]) -> Iterator[frozenset[str]]:
        with self._lock:
            mine = frozenset(names) - self._held
            self._held |= mine
        try:
            yield mine
        finally:
            with self._lock:
                self._held -= mine

    @contextmanager
    def _there(self, names: Sequence[str]) -> Iterator[frozenset[str]]:
        numbers = {_number(name): name for name in sorted(set(names))}
        with translated():
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            with translated():
                mine = connection.execute(_CLAIM, {"numbers": array_literal(list(numbers))}).scalars().all()
            yield frozenset(numbers[number] for number in mine)
        finally:
            _let_go(connection)


def _let_go(connection: Connection) -> None:
    """A connection that cannot let go is thrown away, and its claims with it."""
    with suppress(*DATABASE_ERRORS):
        try:
            connection.execute(_LET_GO)
        except DATABASE_ERRORS:
            connection.invalidate()
        finally:
            connection.close()


def _number(name: str) -> int:
    """PostgreSQL's advisory locks go by 64-bit number; two names that met there would only wait for each other."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
