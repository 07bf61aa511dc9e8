"""The tables of the code are the sum of the migrations."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from hub.ports import Keys
from hub.storage import SqlStore, open_store
from hub.storage.audit import AUDIT_HEADS, CHAINS
from hub.storage.schema import METADATA
from tests.conftest import StandingClock


def test_the_tables_are_the_sum_of_the_migrations(database_url: str, store: SqlStore) -> None:
    store.ping()
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, METADATA)
        chains = connection.execute(AUDIT_HEADS.select()).fetchall()
    engine.dispose()

    assert differences == []
    assert len(chains) == CHAINS


def test_several_processes_may_migrate_at_once(tmp_path: Path, keys: Keys, clock: StandingClock) -> None:
    opened = open_store(f"sqlite:///{tmp_path}/hub.sqlite3", keys, clock)
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(opened.migrate) for _ in range(3)]:
            done.result()
    with opened.begin() as work:
        tally = work.tally.parts()
    opened.close()

    assert tally == {}


def test_every_table_says_whose_municipality_a_row_belongs_to() -> None:
    counted_elsewhere = {"audit_heads", "generations", "municipalities"}
    without = {table.name for table in METADATA.tables.values() if "municipality" not in table.columns}

    assert without == counted_elsewhere
