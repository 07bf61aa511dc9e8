"""One transaction as the ports see it: statements and bulk writes with errors translated, and sealing by child."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Executable, Table

from hub.model.plan import Plan
from hub.model.responsibility import Facts
from hub.ports import Clock, Keys
from hub.storage import bulk
from hub.storage.cache import Cache
from hub.storage.failures import DATABASE_ERRORS, translate
from hub.storage.query import Query


@dataclass
class Caches:
    """What a process remembers between transactions. Every key names a value that never changes."""

    plans: Cache[tuple[str, int], Plan] = field(default_factory=lambda: Cache(2_048))
    facts: Cache[tuple[str, int], Facts] = field(default_factory=lambda: Cache(8_192))
    opened: Cache[bytes, Any] = field(default_factory=lambda: Cache(16_384))
    grounds: Cache[bytes, bool] = field(default_factory=lambda: Cache(32_768))
    directory: Cache[int, Any] = field(default_factory=lambda: Cache(2))


class Transaction:
    """Runs statements on one connection. What it hands to `after_commit` is done only once the commit stands."""

    def __init__(self, connection: Connection, keys: Keys, clock: Clock, caches: Caches) -> None:
        self.connection = connection
        self._driver, self._dialect = connection.connection.dbapi_connection, connection.dialect.name
        self.keys = keys
        self.clock = clock
        self.caches = caches
        self.before_commit: list[Callable[[], None]] = []
        self.after_commit: list[Callable[[], None]] = []

    def rows(self, statement: Executable | Query, **values: Any) -> Sequence[Any]:
        try:
            if isinstance(statement, Query):
                return statement.fetch(self._driver, self._dialect, values)
            return self.connection.execute(statement, values).fetchall()
        except DATABASE_ERRORS as error:
            raise translate(error) from error

    def stream(self, statement: Executable) -> Iterator[Any]:
        """Rows read as it goes, for what is too much to hold; no other statement comes between."""
        try:
            yield from self.connection.execute(statement, execution_options={"yield_per": 2_000})
        except DATABASE_ERRORS as error:
            raise translate(error) from error

    def row(self, statement: Executable, **values: Any) -> Any:
        rows = self.rows(statement, **values)
        return rows[0] if rows else None

    def run(self, statement: Executable, **values: Any) -> int:
        try:
            return self.connection.execute(statement, values).rowcount
        except DATABASE_ERRORS as error:
            raise translate(error) from error

    def insert(self, table: Table, rows: Sequence[bulk.Row]) -> None:
        try:
            bulk.insert(self.connection, table, rows)
        except DATABASE_ERRORS as error:
            raise translate(error) from error

    def update(self, change: bulk.Change, rows: Sequence[bulk.Row]) -> int:
        try:
            return bulk.update(self.connection, change, rows)
        except DATABASE_ERRORS as error:
            raise translate(error) from error

    def upsert(self, change: bulk.Change, rows: Sequence[bulk.Row]) -> None:
        try:
            bulk.upsert(self.connection, change, rows)
        except DATABASE_ERRORS as error:
            raise translate(error) from error

    def finish(self) -> None:
        """The last statements and the commit."""
        for step in self.before_commit:
            step()
        try:
            self.connection.commit()
        except DATABASE_ERRORS as error:
            raise translate(error) from error
        for step in self.after_commit:
            step()


def ordered(values: Iterable[str]) -> list[str]:
    """Each once, in the order in which rows are locked."""
    return sorted(set(values))
