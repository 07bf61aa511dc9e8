"""The systems outside, each in a thread of its own: one that fetches, and those that speak AMQP with plain pika."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from uuid import UUID, uuid4

import pika

from hub.bootstrap import Hub
from hub.broker import fiks
from hub.broker.door import SEND
from hub.model.service import System
from hub.sdk import Posted


@dataclass(frozen=True, slots=True)
class Got:
    """One delivery as it came: the same id may come again."""

    id: str
    version: int
    body: bytes


class Loop:
    """Runs a turn again and again until it is closed; what a turn raises is raised where it is closed."""

    def __init__(self, turn: Callable[[], None], name: str, end: Callable[[], None] = lambda: None) -> None:
        self.stopped = threading.Event()
        self._turn, self._end = turn, end
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.stopped.set()
        self._thread.join(30)
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            while not self.stopped.is_set():
                self._turn()
        except Exception as error:
            self._error = error
        finally:
            self._end()


@dataclass
class Fetcher:
    """A system with a mailbox. Every third time it forgets what it fetched before it has acknowledged it."""

    hub: Hub
    system: System
    dice: Random
    got: list[Got] = field(default_factory=list)
    told: list[Got] = field(default_factory=list)
    """What became of its proposals."""
    unknown: list[str] = field(default_factory=list)
    rest: threading.Event = field(default_factory=threading.Event)

    def open(self) -> Loop:
        return Loop(self.turn, self.system.id)

    def turn(self) -> None:
        parcels = self.hub.mailbox.fetch(self.system, 20)
        self.got += [Got(each.id, each.version, each.body) for each in parcels]
        answers = self.hub.mailbox.answers(self.system, 20)
        self.told += [Got(each.id, each.version, each.body) for each in answers]
        parcels = [*parcels, *answers]
        if parcels and self.dice.random() > 0.3:
            received = {each.id: Posted("delivered") for each in parcels}
            self.unknown += self.hub.mailbox.acknowledge(self.system, received)
        self.rest.wait(0.05)


@dataclass
class Correspondent:
    """A system with a Fiks IO account: sends letters, answers each delivery with a receipt, and keeps the replies."""

    hub: Hub
    system: System
    address: str
    got: list[Got] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    outbox: list[tuple[str, bytes]] = field(default_factory=list)

    def open(self) -> Loop:
        door = self.hub.make_door()
        door.take(1, 0)  # makes the hub's own queue
        door.admit([self.system.account or ""])
        door.close()
        self._connection = pika.BlockingConnection(pika.URLParameters(self.address))
        self._channel = self._connection.channel()
        self._channel.confirm_delivery()
        self._queue = fiks.queue(self.system.account or "")
        self._channel.queue_purge(self._queue)
        return Loop(self.turn, self.system.id, self._connection.close)

    def turn(self) -> None:
        while self.outbox:
            kind, body = self.outbox.pop(0)
            self._send({fiks.TYPE: kind, fiks.MESSAGE: str(uuid4())}, body)
        while (found := self._channel.basic_get(self._queue))[0] is not None:
            self._read(*found)  # type: ignore[arg-type]  # all three or none
        self._connection.process_data_events(0.05)

    def _read(self, got: pika.spec.Basic.GetOk, properties: pika.BasicProperties, body: bytes) -> None:
        headers = properties.headers or {}
        if fiks.REPLY_TO in headers:
            self.replies[headers[fiks.REPLY_TO]] = headers[fiks.TYPE]
        else:
            self.got.append(Got(UUID(headers[fiks.MESSAGE]).hex, int(headers[f"{fiks.CUSTOM}versjon"]), body))
            answer = {fiks.TYPE: fiks.received(headers[fiks.TYPE]), fiks.REPLY_TO: headers[fiks.MESSAGE]}
            self._send({**answer, fiks.MESSAGE: str(uuid4())}, b"")
        self._channel.basic_ack(got.delivery_tag)

    def _send(self, headers: dict[str, str], body: bytes) -> None:
        properties = pika.BasicProperties(  # type: ignore[no-untyped-call]  # pika has no hints
            headers={**headers, fiks.SENDER: self.system.account}, user_id=self.system.amqp_user, expiration="600000"
        )
        to = fiks.queue(self.hub.settings.account or "")
        self._channel.basic_publish(SEND, to, body, properties, mandatory=True)
