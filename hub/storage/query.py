"""A select whose text is made once for each database, run straight on the driver: for what every message needs."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import starmap
from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.compiler import SQLCompiler

from hub.storage.schema import Instant

Process = Callable[[Any], Any]


@dataclass(frozen=True)
class Text:
    """A statement in one database's words, with what must be done to some values on their way in and out."""

    sql: str
    constants: Mapping[str, Any]
    inward: Mapping[str, Process]
    outward: Sequence[tuple[int, Process]]


class Query:
    """Built when its module is loaded; `fetch` is safe in any thread."""

    def __init__(self, statement: Select[Any], into: Callable[..., Any] | None = None) -> None:
        self._statement = statement
        self._into = into
        names = [column.name for column in statement.selected_columns]
        row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # names known here only
        self._make: Callable[[Sequence[Any]], Any] = row._make
        self._texts: dict[str, Text] = {}

    def fetch(self, driver: Any, dialect: str, values: Mapping[str, Any]) -> list[Any]:
        """Rows as named tuples, or as what they are made `into`; within the transaction open on the driver."""
        text = self._texts.get(dialect) or self._texts.setdefault(dialect, _text(self._statement, dialect))
        given = {**text.constants, **values}
        for name, process in text.inward.items():
            given[name] = process(given[name])
        cursor = driver.cursor()
        try:
            cursor.execute(text.sql, given)
            rows = cursor.fetchall()
        finally:
            cursor.close()
        if text.outward:
            rows = [_processed(row, text.outward) for row in rows]
        if self._into is not None:
            return list(starmap(self._into, rows))
        return list(map(self._make, rows))


def _processed(row: Sequence[Any], outward: Sequence[tuple[int, Process]]) -> list[Any]:
    values = list(row)
    for place, process in outward:
        values[place] = process(values[place])
    return values


@cache
def _dialect(name: str) -> Dialect:
    if name == "sqlite":
        return SQLiteDialect_pysqlite(paramstyle="named")
    return PGDialect_psycopg()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its constructor untyped


def _text(statement: Select[Any], name: str) -> Text:
    dialect = _dialect(name)
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    inward = {}
    for bind, label in compiled.bind_names.items():
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None:
            inward[label] = process
    kinds = [column.type for column in statement.selected_columns]
    outward = [
        (place, kind.dialect_impl(dialect).result_processor(dialect, None))
        for place, kind in enumerate(kinds)
        if isinstance(kind, Instant) and name == "sqlite"
    ]
    return Text(str(compiled), dict(compiled.params), inward, [(at, process) for at, process in outward if process])
