"""Virtual hosts and users of RabbitMQ for tests, through `rabbitmqctl` or the management API, whichever answers."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from threading import Event
from time import monotonic
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import pika

URL = os.environ.get("LANGBENK_TEST_RABBIT", "amqp://guest:guest@127.0.0.1:5672/")
API = os.environ.get("LANGBENK_TEST_RABBIT_API", "http://127.0.0.1:15672")
ALL = (".*", ".*", ".*")


class Unavailable(Exception):
    """RabbitMQ does not answer, or lets itself be managed in neither way."""


@dataclass(frozen=True)
class Control:
    """RabbitMQ's own command, where this machine runs it."""

    command: tuple[str, ...] = ("rabbitmqctl", "-q")

    def answers(self) -> bool:
        return shutil.which(self.command[0]) is not None and self._run("ping", check=False) == 0

    def add_vhost(self, name: str) -> None:
        self._run("add_vhost", name)

    def drop_vhost(self, name: str) -> None:
        self._run("delete_vhost", name)

    def add_user(self, name: str, password: str) -> None:
        self._run("add_user", name, password)

    def drop_user(self, name: str) -> None:
        self._run("delete_user", name)

    def permit(self, vhost: str, user: str, rights: tuple[str, str, str]) -> None:
        self._run("set_permissions", "-p", vhost, user, *rights)

    def cut_connections(self, vhost: str) -> None:
        self._run("close_all_connections", "--vhost", vhost, "test")

    def _run(self, *words: str, check: bool = True) -> int:
        done = subprocess.run([*self.command, *words], capture_output=True, text=True, check=False, timeout=60)
        if check and done.returncode:
            raise Unavailable(f"rabbitmqctl {words[0]}: {done.stderr.strip()[-300:]}")
        return done.returncode


@dataclass(frozen=True)
class Management:
    """The management plugin's HTTP API, for a RabbitMQ that runs in a container."""

    api: str = API

    def answers(self) -> bool:
        try:
            self._call("GET", "overview")
        except (URLError, OSError):
            return False
        return True

    def add_vhost(self, name: str) -> None:
        self._call("PUT", f"vhosts/{quote(name, safe='')}", {})

    def drop_vhost(self, name: str) -> None:
        self._call("DELETE", f"vhosts/{quote(name, safe='')}")

    def add_user(self, name: str, password: str) -> None:
        self._call("PUT", f"users/{name}", {"password": password, "tags": ""})

    def drop_user(self, name: str) -> None:
        self._call("DELETE", f"users/{name}")

    def permit(self, vhost: str, user: str, rights: tuple[str, str, str]) -> None:
        body = dict(zip(("configure", "write", "read"), rights, strict=True))
        self._call("PUT", f"permissions/{quote(vhost, safe='')}/{user}", body)

    def cut_connections(self, vhost: str) -> None:
        """The API learns of a connection some seconds after it is made."""
        until = monotonic() + 20
        while not (found := self._call("GET", f"vhosts/{quote(vhost, safe='')}/connections")) and monotonic() < until:
            Event().wait(0.2)
        for connection in found:
            self._call("DELETE", f"connections/{quote(connection['name'], safe='')}")

    def _call(self, method: str, path: str, body: object = None) -> list[dict[str, str]]:
        parts = urlsplit(URL)
        login = base64.b64encode(f"{parts.username}:{parts.password}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.api}/api/{path}", data, headers, method=method)
        with urlopen(request, timeout=10) as response:
            text = response.read()
        return json.loads(text) if text else []


def manager() -> Control | Management:
    for kind in (Management(), Control()):
        if kind.answers():
            return kind
    raise Unavailable("neither rabbitmqctl nor the management API answers; `make services` starts RabbitMQ")


def delete_queues(url: str, *names: str) -> None:
    """Each quorum queue keeps three of RabbitMQ's files open; when all are taken, whoever needs one waits for ever."""
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        for name in names:
            connection.channel().queue_delete(name)


def address(vhost: str, user: str | None = None, password: str | None = None) -> str:
    """The AMQP address of a virtual host, as the tests' own user or another."""
    parts = urlsplit(URL)
    login = f"{user}:{password}" if user else f"{parts.username}:{parts.password}"
    return f"amqp://{login}@{parts.hostname}:{parts.port or 5672}/{quote(vhost, safe='')}"
