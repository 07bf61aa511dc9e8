"""Each test of faults has a database of its own, so that nothing of another's is at work in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from hub.bootstrap import Hub, build
from hub.registry import Registry
from hub.security.keys import new_master_key
from hub.settings import load_settings
from tests import rabbit
from tests.conftest import StandingClock, a_database
from tests.faults.by_hand import Place
from tests.faults.mortal import REGISTRY
from tests.faults.pushed import Api
from tests.faults.village import FETCHING, PUSHED, SCHOOL, settle


@dataclass(frozen=True)
class Ground:
    """Where a test of faults takes place: the settings of its hubs, and the services' own handles."""

    settings: dict[str, Any]
    database: psycopg.Connection[Any]
    manager: rabbit.Control | rabbit.Management
    vhost: str
    chronicle: Path

    def hub(self, **other: Any) -> Hub:
        """A hub that no death has been appointed for."""
        return build(load_settings({}, **{**self.settings, **other}), registry=REGISTRY)

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Asks the database itself, past all our code."""
        return self.database.execute(statement, values).fetchall()

    def at_rest(self) -> bool:
        """Nothing waits and nothing is on its way, in either ledger."""
        ((busy,),) = self.sql(
            "SELECT EXISTS (SELECT FROM parts WHERE open) OR EXISTS (SELECT FROM deliveries WHERE open)"
        )
        return not busy

    def cut_database(self) -> None:
        """Ends every connection to the database but this one."""
        self.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    def cut_broker(self) -> None:
        self.manager.cut_connections(self.vhost)


@pytest.fixture
def database(postgres_template: str) -> Iterator[str]:
    with a_database(postgres_template) as url:
        yield url


@pytest.fixture
def ground(
    database: str,
    rabbit_manager: rabbit.Control | rabbit.Management,
    rabbit_vhost: str,
    rabbit_url: str,
    tmp_path: Path,
) -> Iterator[Ground]:
    settings = {
        "database_url": database,
        "broker_url": rabbit_url,
        "master_key": new_master_key(),
        "account": str(uuid4()),
        "batch": 8,
        "sweep_seconds": 0.5,
    }
    address = make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        yield Ground(settings, connection, rabbit_manager, rabbit_vhost, tmp_path / "deaths")


@pytest.fixture
def api() -> Iterator[Api]:
    made = Api()
    yield made
    made.close()


@pytest.fixture
def registry() -> Registry:
    return REGISTRY


@pytest.fixture
def place(tmp_path: Path, clock: StandingClock, api: Api, registry: Registry) -> Iterator[Place]:
    database, broker = f"sqlite:///{tmp_path / 'hub.sqlite3'}", f"memory://{uuid4().hex}"
    settings = load_settings({}, database_url=database, broker_url=broker, master_key=new_master_key())
    hub = build(settings, clock=clock, registry=registry)
    hub.store.migrate()
    pushed = replace(PUSHED, settings={"url": api.url})
    made = Place(hub, hub.make_broker(), clock, api, pushed, settle(hub, [SCHOOL, FETCHING, pushed], 7))
    yield made
    made.broker.close()
    hub.close()
