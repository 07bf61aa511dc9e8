"""The roles of `deploy/postgres/roles.sql`: the hub works as a user that can make no table and change no audit line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL, make_url

from hub.sandbox.issuer import Issuer
from hub.security.keys import EnvelopeKeys
from hub.storage import open_store
from tests.conftest import StandingClock
from tests.journeys.conftest import opened
from tests.journeys.systems import SYSTEMS, measure, support_plan
from tests.journeys.world import World

pytestmark = pytest.mark.services
ROLES = Path(__file__).parents[2] / "deploy" / "postgres" / "roles.sql"
SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]


def run(address: URL, sql: str) -> None:
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.encode())


@pytest.fixture
def app(fresh_postgres: str, keys: EnvelopeKeys, clock: StandingClock) -> Iterator[URL]:
    """A database of this test's own with roles of its own, as the hub's user; its tables belong to the owner."""
    server, mark = make_url(fresh_postgres), uuid4().hex[:8]
    database = f"langbenk_roles_{mark}"
    roles = [f"langbenk_{mark}_{role}" for role in ("owner", "app", "watch")]
    sql = ROLES.read_text("utf-8").replace("langbenk_", f"langbenk_{mark}_")
    run(server, f"CREATE DATABASE {database}")
    fresh = server.set(database=database)
    run(fresh, sql)
    store = open_store(fresh.set(username=roles[0]).render_as_string(hide_password=False), keys, clock)
    store.migrate()
    store.close()
    run(fresh, sql)
    yield fresh.set(username=roles[1])
    run(server, f"DROP DATABASE {database} WITH (FORCE)")
    for role in roles:
        run(server, f"DROP ROLE {role}")


@pytest.fixture
def world(tmp_path: Path, clock: StandingClock, issuer: Issuer, app: URL) -> Iterator[World]:
    url = app.render_as_string(hide_password=False)
    with opened(tmp_path, clock, issuer, database_url=url, broker_url=f"memory://{uuid4().hex}") as made:
        yield made


def test_the_hub_does_its_work_with_no_more_than_it_is_given(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY)

    world.tell(SCHOOL, support_plan("nora@school-1", measures=[measure("m1", "A quiet start to the day")]))
    taken = world.take(NURSERY)
    with world.hub.store.begin() as work:
        whole = work.audit.verify()
        work.persons.erase(child)

    assert len(taken) == 1
    assert whole
    assert world.hub.sweep.tidy() == 0


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE audit SET entry = ''",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "DELETE FROM decisions",
        "UPDATE decisions SET outcome = 'forward'",
        "UPDATE plan_versions SET version = 2",
        "CREATE TABLE mine (id int)",
        "DROP TABLE parts",
        "ALTER TABLE parts ADD COLUMN name text",
    ],
)
def test_it_can_neither_rewrite_what_was_done_nor_change_a_table(app: URL, forbidden: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(app, forbidden)


def test_what_postgresql_writes_down_of_its_faults_quotes_no_value(app: URL) -> None:
    plain = app.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        names = ("log_error_verbosity", "log_min_error_statement", "log_parameter_max_length_on_error")
        found = [connection.execute("SELECT current_setting(%s)", (name,)).fetchone() for name in names]

    assert found == [("terse",), ("panic",), ("0",)]
