"""What every table is made of: column types that mean the same on both databases, and set-based conditions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, Dialect, MetaData, Text, TypeDecorator, bindparam
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean, NullType, TypeEngine

METADATA = MetaData()
"""All tables. No foreign keys: ids are made before their rows, and each check would cost as much as the insert."""

Id = Text().with_variant(Text(collation="C"), "postgresql")
"""An id or a code: compared by bytes, so that both databases and Python lock rows in the same order."""


class Instant(TypeDecorator[datetime]):
    """An instant in UTC: `timestamptz`, or text of a fixed width that sorts rightly in SQLite."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else SqlDateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return sqlite_instant(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
        return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


def sqlite_instant(value: datetime | None) -> str | None:
    """How SQLite keeps an instant."""
    return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")


class Many(TypeDecorator[Sequence[Any]]):
    """A whole list as one parameter, so that a statement keeps its text and its plan: JSON, or an array's literal."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # Of no type on PostgreSQL: else it would be sent as varchar, and the planner could not see into the array.
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else NullType())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> str:
        return orjson.dumps(value).decode() if dialect.name == "sqlite" else array_literal(value or ())


def array_literal(values: Sequence[Any]) -> str:
    """PostgreSQL's spelling of an array. JSON's is the same but for brackets, unless something had to be escaped."""
    json = orjson.dumps(values).decode()
    if "\\" in json:
        json = f"[{','.join(_quoted(value) for value in values)}]"
    return f"{{{json[1:-1]}}}"


def _quoted(value: Any) -> str:
    if not isinstance(value, str):
        return orjson.dumps(value).decode()
    escaped = value.encode().decode().replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Condition(FunctionElement[bool]):
    """A condition of our own: true as it stands, so that no database is asked whether it equals one."""

    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> Condition:
        return self


class one_of(Condition):
    """The column is one of a list given as the parameter of this name."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], parameter: str) -> None:
        super().__init__(column, bindparam(parameter, type_=Many()))


class pair_of(Condition):
    """Both columns are, together, a pair out of two lists given as parameters of these names."""

    inherit_cache = True

    def __init__(self, columns: tuple[ColumnElement[Any], ColumnElement[Any]], parameters: tuple[str, str]) -> None:
        first, second = parameters
        super().__init__(*columns, bindparam(first, type_=Many()), bindparam(second, type_=Many()))


@compiles(one_of, "sqlite")
def _one_of_sqlite(element: one_of, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(one_of, "postgresql")
def _one_of_postgresql(element: one_of, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY (CAST({values} AS text[]))"


@compiles(pair_of, "sqlite")
def _pair_of_sqlite(element: pair_of, compiler: SQLCompiler, **options: Any) -> str:
    one, two, ones, twos = (compiler.process(clause, **options) for clause in element.clauses)
    pairs = f"SELECT value, json_extract({twos}, '$[' || key || ']') FROM json_each({ones})"
    return f"({one}, {two}) IN ({pairs})"


@compiles(pair_of, "postgresql")
def _pair_of_postgresql(element: pair_of, compiler: SQLCompiler, **options: Any) -> str:
    one, two, ones, twos = (compiler.process(clause, **options) for clause in element.clauses)
    second = list(element.clauses)[1].type
    kind = "int8" if isinstance(second, BigInteger) else "text"
    return f"({one}, {two}) IN (SELECT * FROM unnest(CAST({ones} AS text[]), CAST({twos} AS {kind}[])))"
