"""Engines: SQLite in WAL with explicit transactions, PostgreSQL through psycopg with binary results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.string import BytesBinaryDumper
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from hub.errors import SetupError

BUSY_SECONDS = 30


class BinaryCursor(psycopg.Cursor[Any]):
    """Sealed bytes come as they are, not as twice as many hex digits."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.format = psycopg.pq.Format.BINARY


def make_engine(url: str) -> Engine:
    """For `sqlite:///file` or `postgresql+psycopg://…`."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SetupError(
            "LANGBENK_DATABASE_URL is not a database URL: use sqlite:///file or postgresql+psycopg://…"
        ) from error
    match parsed.get_backend_name():
        case "sqlite":
            return _sqlite(parsed)
        case "postgresql":
            return _postgresql(parsed.set(drivername="postgresql+psycopg"))
        case other:
            raise SetupError(f"LANGBENK_DATABASE_URL names {other}: use sqlite:///file or postgresql+psycopg://…")


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise SetupError("LANGBENK_DATABASE_URL must name a file, for several threads share it: sqlite:///langbenk.db")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    if "timeout" not in url.query:
        url = url.update_query_dict({"timeout": str(BUSY_SECONDS)})
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "cached_statements": 512},
        hide_parameters=True,
        pool_size=16,
        max_overflow=32,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL) -> Engine:
    # What every message needs is in memory: priced as on a turning disk, the planner reads small tables whole.
    session = f"{url.query.get('options', '')} -c timezone=UTC -c random_page_cost=1.1"
    if "application_name" not in url.query:
        url = url.update_query_dict({"application_name": "langbenk"})
    engine = create_engine(
        url,
        connect_args={"cursor_factory": BinaryCursor, "options": session},
        hide_parameters=True,
        pool_size=8,
        max_overflow=24,
        pool_timeout=10,
        pool_recycle=3600,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-32000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}").close()


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """`COPY` asks for a dumper by type and would get the slow one of `Binary` for bytes."""
    connection.adapters.register_dumper(bytes, BytesBinaryDumper)


def _begin_sqlite(connection: Connection) -> None:
    """Takes the write lock at once: of two that read and then write, neither can lose an update."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
