"""A sector system that speaks AMQP as a vendor would write it: plain pika, KS Fiks IO's header names, its own user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeAlias
from uuid import uuid4

import orjson
import pika
from pika.adapters.blocking_connection import BlockingChannel

from hub.broker import fiks
from hub.broker.door import SEND
from hub.broker.front import Front
from tests.journeys.systems import SYSTEMS, measure, support_plan
from tests.journeys.world import World

SOON = 10.0
PLAN = SYSTEMS["school"].document
QUIET = orjson.dumps(support_plan("nora@school-1", measures=[measure("m1", "A quiet start to the day")]))
Header: TypeAlias = dict[str, str]


@dataclass(frozen=True)
class Login:
    """A user of RabbitMQ's own and the account (*konto*) it reads."""

    account: str
    user: str
    address: str


@dataclass
class Got:
    """One message from the account's queue."""

    headers: Header
    expiration: int
    body: bytes
    priority: int | None = None

    @property
    def document(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class Office:
    """The system at work: sends to the hub's account, reads its own queue."""

    login: Login
    hub: str
    channel: BlockingChannel

    def send(self, type: str, body: bytes = b"", *, signed: bool = True, ttl: int = 600_000, **custom: str) -> str:
        """Gives the melding-id. Keyword names are custom headers, with underscores for hyphens."""
        id = str(uuid4())
        headers = {"type": type, "avsender-id": self.login.account, "melding-id": id}
        headers |= {f"egendefinert-header.{name.replace('_', '-')}": value for name, value in custom.items()}
        self._publish(headers, body, signed, ttl)
        return id

    def reply(self, to: Got, type: str, body: bytes = b"") -> None:
        said = to.headers
        headers = {
            "type": type, "avsender-id": self.login.account, "melding-id": str(uuid4()),
            "svar-til": said["melding-id"], "svar-til-type": said["type"],
        }  # fmt: skip
        self._publish(headers, body, True, 600_000)

    def _publish(self, headers: Header, body: bytes, signed: bool, ttl: int) -> None:
        user = self.login.user if signed else None
        properties = pika.BasicProperties(headers=headers, expiration=str(ttl), user_id=user)
        self.channel.basic_publish(SEND, fiks.queue(self.hub), body, properties, mandatory=True)

    def get(self) -> Got:
        """The next message; none within a while is a failure."""
        _, properties, body = next(self.channel.consume(fiks.queue(self.login.account), inactivity_timeout=SOON))
        assert properties is not None, "nothing came"
        self.channel.cancel()
        return Got(dict(properties.headers), int(properties.expiration), body, properties.priority)

    def waits(self) -> int:
        """How many messages lie in its queue."""
        found = self.channel.queue_declare(fiks.queue(self.login.account), passive=True)
        return int(found.method.message_count)


@contextmanager
def office(login: Login, hub: str) -> Iterator[Office]:
    with pika.BlockingConnection(pika.URLParameters(login.address)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.queue_purge(fiks.queue(login.account))
        yield Office(login, hub, channel)


@dataclass
class Line:
    """The hub with its front, the school's office and the kindergarten's."""

    world: World
    front: Front
    school: Office
    nursery: Office

    def turn(self) -> None:
        """The front takes what has come, and the workers do the rest."""
        until = monotonic() + SOON
        while not self.front.turn(10, 0.1):
            assert monotonic() < until, "nothing came to the hub's account"
        self.world.work()

    def said(self, document: bytes = QUIET, **custom: str) -> Got:
        """The school sends its plan; the kindergarten's next letter."""
        self.school.send(PLAN, document, **custom)
        self.turn()
        return self.nursery.get()

    def nursery_row(self) -> tuple[str, str | None]:
        (row,) = self.world.deliveries("nora", SYSTEMS["kindergarten"])
        return row.state, row.code
