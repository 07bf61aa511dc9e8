"""Every error of a database becomes one of ours at the room's wall, and its text names no row."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from hub.errors import SetupError, TryAgainError, UnusableError
from hub.ports import Keys
from hub.storage import SqlStore, open_store
from tests.conftest import StandingClock
from tests.rows import Enrolled, enrol, fresh


class TestErrors:
    """No error of a database leaves the room, and none of ours names a row."""

    def test_text_no_database_can_hold_is_unusable(self, store: SqlStore) -> None:
        one = enrol(store)

        with pytest.raises(UnusableError, match="cannot hold"), store.begin() as work:
            work.deliveries.add([one.delivery(code="\ud800")])

    @pytest.mark.services
    def test_a_nul_that_postgresql_cannot_hold_is_unusable(
        self, migrated_postgres_url: str, keys: Keys, clock: StandingClock
    ) -> None:
        store = open_store(migrated_postgres_url, keys, clock)
        one = enrol(store)
        with pytest.raises(UnusableError, match="cannot hold"), store.begin() as work:
            work.deliveries.add([one.delivery(code="\x00")])
        with pytest.raises(UnusableError, match="cannot hold"), store.begin() as work:
            work.inbox.known([("\x00", "x")])
        store.close()

    def test_a_row_that_is_there_already_means_try_again_and_is_not_named(self, store: SqlStore) -> None:
        one = enrol(store)
        part = one.part(number=1)
        with store.begin() as work:
            work.ledger.add([part])
        with pytest.raises(TryAgainError) as refused, store.begin() as work:
            work.ledger.add([part])

        assert part.id not in str(refused.value)

    def test_a_database_without_tables_says_how_to_make_them(
        self, tmp_path: Path, keys: Keys, clock: StandingClock
    ) -> None:
        store = open_store(f"sqlite:///{tmp_path}/empty.sqlite3", keys, clock)
        with pytest.raises(SetupError, match="migrate"), store.begin() as work:
            work.directory.systems()
        with pytest.raises(SetupError, match="migrate"), store.begin() as work:
            work.deliveries.add([Enrolled("m", "c", "p", "s", "k").delivery()])
        store.close()

    @pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "sqlite://", "sqlite:///:memory:"])
    def test_an_address_that_is_no_database_of_ours_stops_the_hub(
        self, keys: Keys, clock: StandingClock, url: str
    ) -> None:
        with pytest.raises(SetupError, match="LANGBENK_DATABASE_URL"):
            open_store(url, keys, clock)

    def test_a_database_that_is_away_means_try_again(self, keys: Keys, clock: StandingClock) -> None:
        store = open_store("postgresql+psycopg://nobody@127.0.0.1:1/none", keys, clock)
        with pytest.raises(TryAgainError):
            store.ping()
        with pytest.raises(TryAgainError), store.begin():
            pass
        with pytest.raises(TryAgainError):
            store.migrate()
        store.close()

    @pytest.mark.services
    def test_a_connection_that_breaks_means_try_again_and_the_next_one_works(
        self, migrated_postgres_url: str, keys: Keys, clock: StandingClock
    ) -> None:
        name = fresh("broken")[:30]
        store = open_store(migrated_postgres_url + "?application_name=" + name, keys, clock)
        one = enrol(store)
        with pytest.raises(TryAgainError), store.begin() as work:
            work.plans.lock([one.plan])
            cut_off(migrated_postgres_url, name)
            work.deliveries.add([one.delivery()])
        with store.begin() as work:
            plans = work.plans.lock([one.plan])
        store.close()

        assert list(plans) == [one.plan]


def cut_off(url: str, name: str) -> None:
    """Ends every connection of that name from the outside."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", [name])
