"""Remembers: every database port of `hub/ports` on SQLAlchemy Core, for SQLite and PostgreSQL."""

from __future__ import annotations

from hub.ports import Clock, Keys
from hub.storage.engine import make_engine
from hub.storage.store import SqlStore

__all__ = ["SqlStore", "open_store"]


def open_store(url: str, keys: Keys, clock: Clock) -> SqlStore:
    """A store at this URL; nothing is read or written yet. `migrate()` makes or mends its tables."""
    return SqlStore(make_engine(url), keys, clock)
