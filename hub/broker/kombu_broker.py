"""The hub's broker when embedded (`memory://`), and over any engine kombu speaks to (`redis://` and others)."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from threading import Condition, Lock
from time import monotonic
from urllib.parse import urlsplit

from kombu.connection import Connection
from kombu.entity import Queue
from kombu.message import Message
from kombu.messaging import Consumer, Producer

from hub.broker import names
from hub.broker.wall import FOREIGN, translate_kombu
from hub.errors import LangbenkError, SetupError, TryAgainError
from hub.ports import Ticket

# kombu tells of every redelivery and lost connection by itself; the hub does it in its own words.
logging.getLogger("kombu").setLevel(logging.CRITICAL)

TRIES = "langbenk-tries"
GATHERING = 0.002
CONNECT_WITHIN = 5
OPTIONS = {"visibility_timeout": 300, "socket_connect_timeout": CONNECT_WITHIN}
"""An engine without lasting consumers (Redis, SQS) gives a dead worker's messages to another after five minutes."""

_bells: dict[str, Condition] = {}
_bells_lock = Lock()


def _bell(space: str) -> Condition:
    """Rung at each publish, so that nobody polls: kombu's memory is one set of queues for the whole process."""
    with _bells_lock:
        return _bells.setdefault(space, Condition())


class KombuBroker:
    """Keeps the port `Broker`. `memory://NAME` is a set of queues of its own within the process."""

    def __init__(self, url: str, *, delivery_limit: int = names.DELIVERY_LIMIT) -> None:
        parts = urlsplit(url)
        self.place = f"{parts.scheme}://{parts.hostname or ''}"
        self._memory = parts.scheme == "memory"
        self._space = f"{parts.netloc}/" if self._memory and parts.netloc else ""
        self._bell = _bell(self._space) if self._memory else None
        self._url = "memory://" if self._memory else url
        self._limit = delivery_limit
        self._connection: Connection | None = None
        self._errors: tuple[type[BaseException], ...] = ()
        self._forget()

    def publish(self, tickets: Sequence[Ticket]) -> None:
        with self._wall() as connection:
            for ticket in tickets:
                self._send(connection, ticket.queue, ticket.id, ticket.traceparent, tries=0)
        self._ring()

    def take(self, queue: str, limit: int, wait: float) -> Sequence[Ticket]:
        until = monotonic() + wait
        # The bell is held from looking to waiting, or a message put in between would ring unheard.
        with self._wall() as connection, self._bell or nullcontext():
            arrived = self._consume(connection, queue, limit)
            while not self._gather(connection, arrived, limit) and (left := until - monotonic()) > 0:
                self._pause(connection, left)
        taken = [arrived.popleft() for _ in range(min(limit, len(arrived)))]
        return [_ticket(queue, message) for message in taken]

    def settle(self, tickets: Sequence[Ticket], *, again: bool = False) -> None:
        """A message given back is published anew with its tries counted, since these engines count none."""
        with self._wall() as connection:
            for ticket in tickets:
                if self._unsettled.pop(id(ticket.tag), None) is None:
                    continue  # taken over a connection since lost: it comes again by itself
                if again:
                    self._return(connection, ticket)
                ticket.tag.ack()
        if again:
            self._ring()

    def close(self) -> None:
        """Gives back what was taken and not settled: in memory it would be gone with the consumer."""
        if self._connection is not None:
            # An engine that is away gives them to another by itself.
            with suppress(TryAgainError), self._wall():
                for message in self._unsettled.values():
                    message.requeue()
        self._forget()
        self._ring()

    def _return(self, connection: Connection, ticket: Ticket) -> None:
        tries = int(ticket.tag.headers.get(TRIES, 0)) + 1
        over = tries > self._limit and not names.is_aside(ticket.queue)
        queue = names.aside(ticket.queue) if over else ticket.queue
        self._send(connection, queue, ticket.id, ticket.traceparent, tries=0 if over else tries)

    def _send(self, connection: Connection, queue: str, id: str, traceparent: str | None, *, tries: int) -> None:
        headers: dict[str, str | int] = {TRIES: tries}
        if traceparent:
            headers["traceparent"] = traceparent
        self._declare(connection, queue)
        self._producer.publish(
            id, exchange="", routing_key=self._space + queue, serializer="raw", headers=headers, delivery_mode=2
        )

    def _declare(self, connection: Connection, queue: str) -> None:
        if queue not in self._declared:
            with _bells_lock:  # kombu's memory loses a message when two threads make the same queue at once
                Queue(self._space + queue, durable=True, channel=connection.default_channel).queue_declare()
            self._declared.add(queue)

    def _consume(self, connection: Connection, queue: str, limit: int) -> deque[Message]:
        if queue not in self._arrived:
            self._declare(connection, queue)
            arrived: deque[Message] = deque()

            def arrive(message: Message) -> None:
                self._unsettled[id(message)] = message
                arrived.append(message)

            channel = connection.channel()
            source = Queue(self._space + queue, durable=True)
            consumer = Consumer(channel, [source], on_message=arrive, auto_declare=False, prefetch_count=2 * limit)
            consumer.consume()
            self._arrived[queue] = arrived
            self._consumers[queue] = consumer
        elif ((consumer := self._consumers[queue]).prefetch_count or 0) < 2 * limit:
            consumer.qos(prefetch_count=2 * limit)
            consumer.prefetch_count = 2 * limit
        return self._arrived[queue]

    def _gather(self, connection: Connection, arrived: deque[Message], limit: int) -> bool:
        """Drains what is there now; over a network the next message may be an instant away."""
        pause = 0 if self._memory else GATHERING
        with suppress(TimeoutError):
            while len(arrived) < limit:
                connection.drain_events(timeout=pause)
        return bool(arrived)

    def _pause(self, connection: Connection, seconds: float) -> None:
        if self._bell is not None:
            self._bell.wait(seconds)
        else:
            with suppress(TimeoutError):
                connection.drain_events(timeout=seconds)

    def _ring(self) -> None:
        if self._bell is not None:
            with self._bell:
                self._bell.notify_all()

    @contextmanager
    def _wall(self) -> Iterator[Connection]:
        """No error of kombu's or of an engine leaves this room; after one the connection is made anew."""
        try:
            yield self._connected()
        except LangbenkError:
            raise
        except FOREIGN as error:
            self._forget()
            raise translate_kombu(error, self.place) from error

    def _connected(self) -> Connection:
        if self._connection is None:
            connection = _engine(self._url, self.place)
            connection.ensure_connection(max_retries=1, timeout=CONNECT_WITHIN)
            self._producer = Producer(connection.default_channel)
            self._connection = connection
        return self._connection

    def _forget(self) -> None:
        connection, self._connection = self._connection, None
        self._arrived: dict[str, deque[Message]] = {}
        self._consumers: dict[str, Consumer] = {}
        self._unsettled: dict[int, Message] = {}
        self._declared: set[str] = set()
        if connection is not None:
            with suppress(*FOREIGN):
                connection.release()


def _engine(url: str, place: str) -> Connection:
    try:
        return Connection(url, transport_options=dict(OPTIONS), connect_timeout=CONNECT_WITHIN)
    except (KeyError, ImportError, ValueError) as error:
        raise SetupError(f"{place}: kombu has no such engine here; use amqp://, redis:// or memory://") from error


def _ticket(queue: str, message: Message) -> Ticket:
    body = message.body.decode() if isinstance(message.body, bytes) else message.body
    return Ticket(queue, body, message.headers.get("traceparent"), message)
