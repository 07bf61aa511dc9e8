"""The room's wall: every error of a database becomes one of ours here, and its text names no row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.errors import LangbenkError, SetupError, TryAgainError, UnusableError

DATABASE_ERRORS = (SQLAlchemyError, sqlite3.Error, psycopg.Error, UnicodeError, orjson.JSONEncodeError)


@contextmanager
def translated() -> Iterator[None]:
    """Raises what happens inside as an error of ours."""
    try:
        yield
    except DATABASE_ERRORS as error:
        raise translate(error) from error


def translate(error: Exception) -> LangbenkError:
    """What to do about a database's error: stop, wait, or set the input aside."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    kind = type(cause).__name__
    if _is_unmigrated(cause):
        return SetupError(
            "the database lacks a table or column: `langbenk serve` or `worker` migrates it when it starts"
        )
    if isinstance(cause, sqlite3.IntegrityError | psycopg.IntegrityError):
        return TryAgainError(f"another transaction wrote the same row first ({kind})")
    if isinstance(cause, sqlite3.OperationalError | psycopg.OperationalError | psycopg.InterfaceError):
        return TryAgainError(f"the database is away or busy ({kind})")
    if isinstance(cause, sqlite3.InterfaceError | sqlite3.ProgrammingError | PoolTimeoutError):
        return TryAgainError(f"no connection to the database ({kind})")
    return UnusableError(
        "unstorable", f"the database cannot hold this value ({kind})", way_out="look for odd characters"
    )


def _is_unmigrated(cause: BaseException) -> bool:
    if isinstance(cause, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
        return True
    return isinstance(cause, sqlite3.OperationalError) and str(cause).startswith(("no such", "table "))
