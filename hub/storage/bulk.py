"""Set-based writes: one call for many rows, in each database's quickest way, with statements made once.

SQLite: `executemany`. PostgreSQL: `COPY` for inserts, arrays unnested together for updates and upserts. Rows are tuples
in the order of the named columns. The caller has opened the transaction and translates the driver's errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, LargeBinary, Table
from sqlalchemy.types import TypeEngine

from hub.storage.schema import Instant, sqlite_instant

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Change:
    """A table, the columns that find a row and those that are set, in the rows' order. `grows` never go down."""

    table: Table
    finds: tuple[str, ...]
    sets: tuple[str, ...]
    grows: tuple[str, ...] = ()


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Inserts whole rows: every column, in the table's order."""
    if not rows:
        return
    cursor = connection.connection.cursor()
    try:
        if connection.dialect.name == "sqlite":
            cursor.executemany(_insert_sqlite(table), _sqlite_rows(table, tuple(table.columns.keys()), rows))
        else:
            _copy(cursor, table, rows)
    finally:
        cursor.close()


def update(connection: Connection, change: Change, rows: Sequence[Row]) -> int:
    """Each row: the values that find, then the values to set. Says how many rows were changed."""
    return _run(connection, change, rows, _update_sqlite, _update_postgresql)


def upsert(connection: Connection, change: Change, rows: Sequence[Row]) -> int:
    """Inserts, or sets where the finding columns meet a row. The named columns must be all that the table has."""
    return _run(connection, change, rows, _upsert_sqlite, _upsert_postgresql)


def _run(
    connection: Connection,
    change: Change,
    rows: Sequence[Row],
    sqlite: Callable[[Change], str],
    postgresql: Callable[[Change], str],
) -> int:
    if not rows:
        return 0
    cursor = connection.connection.cursor()
    try:
        if connection.dialect.name == "sqlite":
            cursor.executemany(sqlite(change), _sqlite_rows(change.table, change.finds + change.sets, rows))
        else:
            cursor.execute(postgresql(change), [list(values) for values in zip(*rows, strict=True)])
        return int(cursor.rowcount)
    finally:
        cursor.close()


def _copy(cursor: Any, table: Table, rows: Sequence[Row]) -> None:
    statement, types = _copy_postgresql(table)
    with cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _sqlite_rows(table: Table, columns: tuple[str, ...], rows: Sequence[Row]) -> Sequence[Row]:
    places = _instants(table, columns)
    if not places:
        return rows
    bound = [list(row) for row in rows]
    for values in bound:
        for place in places:
            values[place] = sqlite_instant(values[place])
    return bound  # type: ignore[return-value]  # the driver takes any sequence


@lru_cache
def _instants(table: Table, columns: tuple[str, ...]) -> list[int]:
    return [place for place, name in enumerate(columns) if isinstance(table.c[name].type, Instant)]


@lru_cache
def _insert_sqlite(table: Table) -> str:
    columns = table.columns.keys()
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)})"


@lru_cache
def _update_sqlite(change: Change) -> str:
    finds, sets = len(change.finds), len(change.sets)
    setting = ", ".join(f"{name} = ?{finds + at + 1}" for at, name in enumerate(change.sets))
    finding = " AND ".join(f"{name} = ?{at + 1}" for at, name in enumerate(change.finds))
    assert finds and sets
    return f"UPDATE {change.table.name} SET {setting} WHERE {finding}"


@lru_cache
def _upsert_sqlite(change: Change) -> str:
    columns = change.finds + change.sets
    values = f"INSERT INTO {change.table.name} ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)})"
    return f"{values} {_on_conflict(change, 'max')}"


@lru_cache
def _copy_postgresql(table: Table) -> tuple[str, list[str]]:
    types = [_type_name(column.type) for column in table.columns]
    return f"COPY {table.name} ({', '.join(table.columns.keys())}) FROM STDIN (FORMAT BINARY)", types


@lru_cache
def _update_postgresql(change: Change) -> str:
    finds = [f"found_{name}" for name in change.finds]
    setting = ", ".join(f"{name} = given.{name}" for name in change.sets)
    finding = " AND ".join(f"had.{name} = given.found_{name}" for name in change.finds)
    given = f"unnest({_arrays(change)}) AS given ({', '.join([*finds, *change.sets])})"
    return f"UPDATE {change.table.name} AS had SET {setting} FROM {given} WHERE {finding}"


@lru_cache
def _upsert_postgresql(change: Change) -> str:
    columns = ", ".join(change.finds + change.sets)
    rows = f"SELECT * FROM unnest({_arrays(change)})"
    return f"INSERT INTO {change.table.name} ({columns}) {rows} {_on_conflict(change, 'greatest')}"


def _on_conflict(change: Change, largest: str) -> str:
    setting = ", ".join(
        f"{name} = {largest}({change.table.name}.{name}, excluded.{name})"
        if name in change.grows
        else f"{name} = excluded.{name}"
        for name in change.sets
    )
    return f"ON CONFLICT ({', '.join(change.finds)}) DO UPDATE SET {setting}"


def _arrays(change: Change) -> str:
    return ", ".join(f"%b::{_type_name(change.table.c[name].type)}[]" for name in change.finds + change.sets)


def _type_name(kind: TypeEngine[Any]) -> str:
    for python_type, name in (
        (Instant, "timestamptz"),
        (BigInteger, "int8"),
        (LargeBinary, "bytea"),
        (Boolean, "bool"),
    ):
        if isinstance(kind, python_type):
            return name
    return "text"
