"""What the flow bench stands on: a database and a virtual host of its own, its processes, the school's letters."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pika
import psycopg
from sqlalchemy import make_url

from hub.broker.door import RabbitDoor, permissions
from tests import rabbit
from tests.bench.town import KIND, SENDER, document

HUB_ACCOUNT = "00000000-0000-4000-8000-0000000000ff"
SERVER = os.environ.get("LANGBENK_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1/postgres")


def cpu_used(processes: list[subprocess.Popen[str]]) -> dict[str, float]:
    """CPU seconds of our processes, of PostgreSQL and of RabbitMQ so far."""
    mine = {str(process.pid) for process in processes}
    found = {"python": 0.0, "postgres": 0.0, "rabbit": 0.0}
    tick = os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
        except (OSError, ValueError):
            continue
        fields = rest.split()
        seconds = sum(int(each) for each in fields[11:13]) / tick
        if folder.name in mine:
            found["python"] += seconds
        elif name.startswith("postgres"):
            found["postgres"] += seconds + sum(int(each) for each in fields[13:15]) / tick * (name == "postgres")
        elif name == "beam.smp":
            found["rabbit"] += seconds
    return found


def memory_used(processes: list[subprocess.Popen[str]]) -> float:
    """MB that our processes hold in memory now."""
    page = os.sysconf("SC_PAGE_SIZE")
    return sum(int(Path(f"/proc/{each.pid}/statm").read_text().split()[1]) * page for each in processes) / 1e6


@contextmanager
def equal_processes(settings: Any) -> Iterator[list[subprocess.Popen[str]]]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LANGBENK_")},
        "LANGBENK_DATABASE_URL": settings.database_url,
        "LANGBENK_BROKER_URL": settings.broker_url,
        "LANGBENK_MASTER_KEY": settings.master_key.get_secret_value(),
        "LANGBENK_ACCOUNT": HUB_ACCOUNT,
    }
    command = [sys.executable, "-m", "tests.bench.process"]
    started = [
        subprocess.Popen([*command, str(number), "2"], env=environment, stdout=subprocess.PIPE, text=True)
        for number in range(2)
    ]
    try:
        for process in started:
            assert process.stdout and process.stdout.readline() == "ready\n"
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)
            if process.stdout:
                process.stdout.close()


@contextmanager
def fresh_database() -> Iterator[str]:
    server = make_url(SERVER)
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    name = f"langbenk_bench_{uuid4().hex[:8]}"
    with psycopg.connect(address, autocommit=True, connect_timeout=3) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def fresh_vhost(manager: Any) -> Iterator[tuple[str, str, Any]]:
    name, user, password = f"langbenk-bench-{uuid4().hex[:8]}", f"school-{uuid4().hex[:8]}", uuid4().hex
    manager.add_vhost(name)
    manager.permit(name, rabbit.urlsplit(rabbit.URL).username or "guest", rabbit.ALL)
    manager.add_user(user, password)
    try:
        url = rabbit.address(name)
        RabbitDoor(url, HUB_ACCOUNT).admit([SENDER.account or ""])
        manager.permit(name, user, permissions(SENDER.account or ""))
        sender = Sender(rabbit.address(name, user, password), user)
        yield url, user, sender
        sender.close()
    finally:
        manager.drop_vhost(name)
        manager.drop_user(user)


class Sender:
    """The school's own side: pipelined letters as its own user, and its replies thrown away.

    Its connection stays open: a channel that is closed takes letters with it that no quorum queue has confirmed.
    """

    def __init__(self, url: str, user: str) -> None:
        self._url, self._user = url, user
        self._connection: pika.BlockingConnection | None = None

    def __call__(self, pupils: list[str], turn: int) -> None:
        if self._connection is None:
            parameters = pika.URLParameters(self._url)
            parameters.heartbeat = 0  # nobody looks after it between rounds
            self._connection = pika.BlockingConnection(parameters)
            self._channel = self._connection.channel()
        for pupil in pupils:
            id = str(uuid4())
            headers = {"type": KIND, "avsender-id": SENDER.account, "melding-id": id}
            properties = pika.BasicProperties(user_id=self._user, delivery_mode=2, message_id=id, headers=headers)
            self._channel.basic_publish("fiksio.send", f"fiksio.konto.{HUB_ACCOUNT}", document(pupil, turn), properties)
        self._connection.process_data_events(0)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
