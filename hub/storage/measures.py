"""Two measures that each database has words of its own for: a place in kept JSON, and seconds between instants."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Float, Text, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class first_of(FunctionElement[str]):
    """The first of a list in JSON kept as bytes: of the whole, or of what has this name in it."""

    inherit_cache = True
    type = Text()

    def __init__(self, column: ColumnElement[Any], name: str = "") -> None:
        lite, postgres = (f"$.{name}[0]", f"{{{name},0}}") if name else ("$[0]", "{0}")
        super().__init__(column, literal_column(f"'{lite}'"), literal_column(f"'{postgres}'"))


class seconds_between(FunctionElement[float]):
    """How long it is from one instant to another."""

    inherit_cache = True
    type = Float()


@compiles(first_of, "sqlite")
def _first_sqlite(element: first_of, compiler: SQLCompiler, **options: Any) -> str:
    column, place, _ = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract(CAST({column} AS TEXT), {place})"


@compiles(first_of, "postgresql")
def _first_postgresql(element: first_of, compiler: SQLCompiler, **options: Any) -> str:
    column, _, place = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(convert_from({column}, 'UTF8')::jsonb #>> {place})"


@compiles(seconds_between, "sqlite")
def _seconds_sqlite(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    since, until = (compiler.process(clause, **options) for clause in element.clauses)
    return f"((julianday({until}) - julianday({since})) * 86400.0)"


@compiles(seconds_between, "postgresql")
def _seconds_postgresql(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    since, until = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM ({until} - {since})) AS double precision)"
