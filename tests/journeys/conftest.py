"""Every journey runs on both set-ups: SQLite with `memory://`, and PostgreSQL with RabbitMQ."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from hub.api.app import create_app, server
from hub.bootstrap import build
from hub.broker.door import permissions
from hub.broker.fiks import queue
from hub.sandbox.issuer import Issuer
from hub.security.keys import new_master_key
from hub.settings import load_settings
from hub.worker import Worker
from tests import rabbit
from tests.conftest import StandingClock
from tests.journeys.command import Shell
from tests.journeys.post import Line, Login, office
from tests.journeys.systems import PEOPLE, SYSTEMS
from tests.journeys.town import Town
from tests.journeys.world import PATIENCE, World

YEARS = 24 * 366 * 20
"""Hours for which these journeys believe the registers, unless they are about what those said long ago."""


@pytest.fixture
def issuer(clock: StandingClock) -> Issuer:
    return Issuer(clock)


@pytest.fixture
def chosen() -> dict[str, str]:
    """Further settings of the hub; a module that needs some says its own."""
    return {}


@pytest.fixture(params=["embedded", pytest.param("services", marks=pytest.mark.services)])
def world(request: pytest.FixtureRequest, tmp_path: Path, clock: StandingClock, issuer: Issuer) -> Iterator[World]:
    """An empty hub with one system of each sector, on each set-up."""
    if request.param == "services":
        database, broker = request.getfixturevalue("fresh_postgres"), request.getfixturevalue("rabbit_url")
    else:
        database, broker = f"sqlite:///{tmp_path / 'hub.sqlite3'}", f"memory://{uuid4().hex}"
    chosen: dict[str, str] = request.getfixturevalue("chosen")
    with opened(tmp_path, clock, issuer, database_url=database, broker_url=broker, **chosen) as made:
        yield made


@pytest.fixture
def embedded(tmp_path: Path, clock: StandingClock, issuer: Issuer, chosen: dict[str, str]) -> Iterator[World]:
    """The same on SQLite and `memory://` only, for tests that play many stories."""
    urls = {"database_url": f"sqlite:///{tmp_path / 'hub.sqlite3'}", "broker_url": f"memory://{uuid4().hex}"}
    with opened(tmp_path, clock, issuer, **urls, **chosen) as made:
        yield made


@contextmanager
def opened(folder: Path, clock: StandingClock, issuer: Issuer, **settings: str) -> Iterator[World]:
    (folder / "jwks.json").write_bytes(issuer.jwks())
    trusted = {"issuer": issuer.issuer, "audience": issuer.audience, "jwks": str(folder / "jwks.json")}
    chosen = {"register_hours": str(YEARS), **trusted, **settings}
    hub = build(load_settings({}, master_key=new_master_key(), **chosen), clock=clock)
    hub.store.migrate()
    made = World(hub, hub.make_broker())
    made.register(*SYSTEMS.values())
    made.authorise(*PEOPLE)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def town(world: World, issuer: Issuer) -> Iterator[Town]:
    """The hub of `world` with its API behind a real server and its workers at work."""
    listening = socket.create_server(("127.0.0.1", 0))
    running, worker = server(create_app(world.hub), "127.0.0.1", 0), Worker(world.hub)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    worker.start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:
        yield Town(world, url, issuer, client)
    running.should_exit = True
    worker.stop()
    thread.join()
    listening.close()


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    for name in [name for name in os.environ if name.startswith("LANGBENK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    return Shell(monkeypatch, capsys)


@pytest.fixture
def manned(shell: Shell, tmp_path: Path) -> Iterator[World]:
    """The hub that the command line works on, with the commands' own clock, which goes."""
    chosen = {"database_url": f"sqlite:///{tmp_path / 'hub.sqlite3'}", "master_key": new_master_key()}
    shell.settings(**chosen, broker_url=f"memory://{tmp_path.name}")
    hub = build(load_settings({}, **chosen, broker_url=f"memory://{tmp_path.name}"))
    hub.store.migrate()
    world = World(hub, hub.make_broker())
    world.register(SYSTEMS["school"], SYSTEMS["kindergarten"])
    world.authorise(*PEOPLE)
    yield world
    world.close()


@pytest.fixture(scope="module")
def logins(rabbit_user: Callable[[tuple[str, str, str]], tuple[str, str]]) -> tuple[Login, Login]:
    """A school's and a kindergarten's, for a whole module, since RabbitMQ's command takes a second to make each."""
    accounts = str(uuid4()), str(uuid4())
    school, nursery = (Login(account, *rabbit_user(permissions(account))) for account in accounts)
    return school, nursery


@pytest.fixture
def with_a_door(fresh_postgres: str, rabbit_url: str) -> Iterator[Mapping[str, str]]:
    """Settings of a hub that has an account of its own on RabbitMQ."""
    account = str(uuid4())
    yield {"database_url": fresh_postgres, "broker_url": rabbit_url, "account": account}
    rabbit.delete_queues(rabbit_url, queue(account))


@pytest.fixture
def line(
    tmp_path: Path, clock: StandingClock, issuer: Issuer, logins: tuple[Login, Login], with_a_door: Mapping[str, str]
) -> Iterator[Line]:
    """A hub that speaks AMQP, with a school that sends and a kindergarten that is sent to, each as its own user."""
    school, nursery = logins
    account = with_a_door["account"]
    with opened(tmp_path, clock, issuer, **with_a_door) as world:
        world.register(
            replace(SYSTEMS["school"], amqp_user=school.user, account=school.account),
            replace(SYSTEMS["kindergarten"], amqp_user=nursery.user, account=nursery.account, delivery="amqp"),
        )
        world.at_table("nora", *SYSTEMS.values())
        front = world.hub.front()
        front.turn(1, 0)
        with office(school, account) as sender, office(nursery, account) as receiver:
            yield Line(world, front, sender, receiver)
        front.close()
