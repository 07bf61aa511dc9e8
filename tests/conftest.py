"""What several kinds of tests share: the services they may use, each run in a room of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from threading import enumerate as enumerate_threads
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import redis
from psycopg import sql
from sqlalchemy import make_url

from hub.security.keys import EnvelopeKeys, load_keys, new_master_key
from hub.storage import SqlStore, open_store
from tests import rabbit


def absent(service: str, error: Exception) -> None:
    """A service that is missing fails the run in CI and skips loudly elsewhere."""
    if os.environ.get("CI"):
        raise error
    pytest.skip(f"NOT TESTED: {service} does not answer; `make services` starts it")


@pytest.fixture(scope="session")
def rabbit_manager() -> rabbit.Control | rabbit.Management:
    try:
        return rabbit.manager()
    except rabbit.Unavailable as error:
        absent("RabbitMQ", error)
        raise


@pytest.fixture(scope="session")
def rabbit_vhost(rabbit_manager: rabbit.Control | rabbit.Management) -> Iterator[str]:
    """A virtual host of this run's (and this worker's) own, dropped at the end."""
    name = f"langbenk-test-{uuid4().hex[:12]}"
    rabbit_manager.add_vhost(name)
    rabbit_manager.permit(name, rabbit.urlsplit(rabbit.URL).username or "guest", rabbit.ALL)
    yield name
    rabbit_manager.drop_vhost(name)


@pytest.fixture(scope="session")
def rabbit_url(rabbit_vhost: str) -> str:
    return rabbit.address(rabbit_vhost)


@pytest.fixture(scope="module")
def rabbit_user(
    rabbit_manager: rabbit.Control | rabbit.Management, rabbit_vhost: str
) -> Iterator[Callable[[tuple[str, str, str]], tuple[str, str]]]:
    """Makes users with the given rights (configure, write, read): gives name and address; drops them afterwards."""
    made: list[str] = []

    def make(rights: tuple[str, str, str]) -> tuple[str, str]:
        name, password = f"langbenk-{uuid4().hex[:12]}", uuid4().hex
        rabbit_manager.add_user(name, password)
        made.append(name)
        rabbit_manager.permit(rabbit_vhost, name, rights)
        return name, rabbit.address(rabbit_vhost, name, password)

    yield make
    for name in made:
        rabbit_manager.drop_user(name)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis database that this worker alone uses, emptied before and after."""
    base = os.environ.get("LANGBENK_TEST_REDIS", "redis://127.0.0.1:6379")
    number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 15
    client = redis.Redis.from_url(f"{base}/{number}")
    try:
        client.flushdb()
    except redis.exceptions.ConnectionError as error:
        absent("Redis", error)
    yield f"{base}/{number}"
    client.flushdb()
    client.close()


def rabbit_lines() -> set[Thread]:
    """The connections to RabbitMQ that this process has open: each lives in a thread."""
    return {each for each in enumerate_threads() if each.name == "langbenk-amqp"}


@pytest.fixture(autouse=True)
def hung_up() -> Iterator[None]:
    """Whoever calls RabbitMQ says goodbye: once it has no file left for a connection, nobody is answered any longer."""
    before = rabbit_lines()
    yield
    for each in rabbit_lines() - before:
        each.join(10)  # one that never came to be takes a moment to end
    assert rabbit_lines() <= before, "a connection to RabbitMQ was left open"


class StandingClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 8, 17, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def go_on(self, **span: float) -> None:
        self.instant += timedelta(**span)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture(scope="session")
def keys() -> EnvelopeKeys:
    return load_keys(new_master_key())


@contextmanager
def a_database(template: str = "template1") -> Iterator[str]:
    """A new database on the server of `LANGBENK_TEST_POSTGRES`, dropped at the end."""
    server = make_url(os.environ.get("LANGBENK_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1/postgres"))
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    name = f"langbenk_test_{uuid4().hex[:12]}"
    with psycopg.connect(address, autocommit=True, connect_timeout=3) as connection:
        connection.execute(f'CREATE DATABASE {name} TEMPLATE "{template}"')
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Lent:
    """A database that is given back as it was when it was new, its tables and their first rows."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(self._address) as connection:
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            tables = [sql.Identifier(name) for (name,) in names]
            self._first = [(each, self._rows(connection, each)) for each in tables]

    def empty(self) -> None:
        with psycopg.connect(self._address) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            for table, rows in self._first:
                connection.execute(sql.SQL("DELETE FROM {}").format(table))
                for row in rows:
                    values = sql.SQL(", ").join(sql.Placeholder() * len(row))
                    connection.execute(sql.SQL("INSERT INTO {} VALUES ({})").format(table, values), row)

    def _rows(self, connection: psycopg.Connection[Any], table: sql.Identifier) -> list[Any]:
        return connection.execute(sql.SQL("SELECT * FROM {}").format(table)).fetchall()


@pytest.fixture(scope="session")
def postgres_template(keys: EnvelopeKeys) -> Iterator[str]:
    """The name of a database with all tables and no rows; nobody but `CREATE DATABASE` uses it."""
    try:
        with a_database() as url:
            store = open_store(url, keys, StandingClock())
            store.migrate()
            store.close()
            yield make_url(url).database or ""
    except psycopg.OperationalError as error:
        absent("PostgreSQL", error)


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_template: str) -> Iterator[str]:
    """A database that all tests of this run (and this worker) share."""
    with a_database(postgres_template) as url:
        yield url


@pytest.fixture(scope="session")
def lent_postgres(postgres_template: str) -> Iterator[Lent]:
    """One database that is lent to one test after another."""
    with a_database(postgres_template) as url:
        yield Lent(url)


@pytest.fixture
def fresh_postgres(lent_postgres: Lent) -> Iterator[str]:
    """A database with all tables and no row of another test's. Emptied and not made: that takes a hundredth."""
    yield lent_postgres.url
    lent_postgres.empty()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with all tables, once for each kind. Rows of earlier tests may be there on PostgreSQL: use own ids."""
    if request.param == "postgres":
        return str(request.getfixturevalue("migrated_postgres_url"))
    return f"sqlite:///{tmp_path}/hub.sqlite3"


@pytest.fixture
def store(database_url: str, keys: EnvelopeKeys, clock: StandingClock) -> Iterator[SqlStore]:
    """An open store on each kind of database."""
    opened = open_store(database_url, keys, clock)
    if database_url.startswith("sqlite"):
        opened.migrate()
    yield opened
    opened.close()
