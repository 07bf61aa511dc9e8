"""Set-based writes: one call for many rows, in each database's quickest way, with statements made once.

SQLite: `executemany`. PostgreSQL: `COPY` for inserts, arrays unnested together for updates and upserts. Rows are tuples
in the order of the named columns. The caller has opened the transaction and translates the driver's errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, LargeBinary, Table
from sqlalchemy.types import TypeEngine

from hub.storage.schema import Instant, array_literal, sqlite_instant

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Change:
    """A table, the columns that find a row and those that are set, in the rows' order.

    What `grows` never goes down; what `keeps` stays as it is where the row says `None`. A row that meets another in
    what it holds `once` changes nothing.
    """

    table: Table
    finds: tuple[str, ...]
    sets: tuple[str, ...]
    grows: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    once: tuple[str, ...] = ()


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
            cursor.execute(postgresql(change), _parameters(change, rows))
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
    setting = ", ".join(f"{name} = given.{name}" for name in change.sets)
    finding = " AND ".join(f"had.{name} = given.found_{name}" for name in change.finds)
    return f"UPDATE {change.table.name} AS had SET {setting} FROM {_given(change)} WHERE {finding}"


@lru_cache
def _upsert_postgresql(change: Change) -> str:
    columns = ", ".join(change.finds + change.sets)
    rows = f"SELECT {', '.join(_names(change))} FROM {_given(change)}"
    return f"INSERT INTO {change.table.name} ({columns}) {rows} {_on_conflict(change, 'greatest')}"


def _on_conflict(change: Change, largest: str) -> str:
    def setting(name: str) -> str:
        had, given = f"{change.table.name}.{name}", f"excluded.{name}"
        if name in change.grows:
            return f"{name} = {largest}({had}, {given})"
        return f"{name} = coalesce({given}, {had})" if name in change.keeps else f"{name} = {given}"

    if change.once:
        return f"ON CONFLICT ({', '.join(change.once)}) DO NOTHING"
    return f"ON CONFLICT ({', '.join(change.finds)}) DO UPDATE SET {', '.join(map(setting, change.sets))}"


def _parameters(change: Change, rows: Sequence[Row]) -> dict[str, Any]:
    """One array's literal a column. Bytes travel as they are, end to end in one value, with their places beside."""
    parameters: dict[str, Any] = {}
    for name, values in zip(_names(change), zip(*rows, strict=True), strict=True):
        if not isinstance(change.table.c[name.removeprefix("found_")].type, LargeBinary):
            parameters[name] = array_literal(values)
            continue
        ends = list(accumulate(len(value or b"") for value in values))
        parameters[f"{name}_bytes"] = b"".join(value or b"" for value in values)
        parameters[f"{name}_from"] = array_literal([1, *(end + 1 for end in ends[:-1])])
        parameters[f"{name}_for"] = array_literal([None if value is None else len(value) for value in values])
    return parameters


def _names(change: Change) -> list[str]:
    return [*(f"found_{name}" for name in change.finds), *change.sets]


def _given(change: Change) -> str:
    """The rows as a table `given`."""
    arrays, columns, values = [], [], []
    for name in _names(change):
        kind = _type_name(change.table.c[name.removeprefix("found_")].type)
        if kind == "bytea":
            arrays += [f"%({name}_from)s::int[]", f"%({name}_for)s::int[]"]
            columns += [f"{name}_from", f"{name}_for"]
            values.append(f"substring(%({name}_bytes)b::bytea FROM {name}_from FOR {name}_for) AS {name}")
        else:
            arrays.append(f"%({name})s::{kind}[]")
            columns.append(name)
            values.append(name)
    unnested = f"unnest({', '.join(arrays)}) AS one ({', '.join(columns)})"
    return f"(SELECT {', '.join(values)} FROM {unnested}) AS given"


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
