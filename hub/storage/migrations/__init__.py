"""The tables' history: each file in `versions/` is one step, and all of them together are the tables of today."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

LOCK = 5_264_365
"""Any number of processes may start at once: one migrates, the others wait."""


def upgrade(engine: Engine) -> None:
    """Takes the database to the newest step, in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
