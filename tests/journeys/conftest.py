"""Every journey runs on both set-ups: SQLite with `memory://`, and PostgreSQL with RabbitMQ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from hub.bootstrap import build
from hub.security.keys import new_master_key
from hub.settings import load_settings
from tests.conftest import StandingClock
from tests.journeys.world import SYSTEMS, World


@pytest.fixture(params=["embedded", pytest.param("services", marks=pytest.mark.services)])
def world(request: pytest.FixtureRequest, tmp_path: Path, clock: StandingClock) -> Iterator[World]:
    if request.param == "services":
        database, broker = request.getfixturevalue("fresh_postgres"), request.getfixturevalue("rabbit_url")
    else:
        database, broker = f"sqlite:///{tmp_path / 'hub.sqlite3'}", f"memory://{uuid4().hex}"
    settings = load_settings({}, database_url=database, broker_url=broker, master_key=new_master_key())
    hub = build(settings, clock=clock)
    hub.store.migrate()
    made = World(hub, hub.make_broker())
    made.register(*SYSTEMS.values())
    yield made
    made.broker.close()
    hub.close()


@pytest.fixture
def fresh_postgres(migrated_postgres_url: str) -> Iterator[str]:
    """A database of this test's own, copied from the migrated one, dropped at the end."""
    template = make_url(migrated_postgres_url)
    name = f"langbenk_journey_{uuid4().hex[:12]}"
    server = template.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE {name} TEMPLATE "{template.database}"')
    yield template.set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
