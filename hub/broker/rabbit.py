"""The hub's broker in production: RabbitMQ through pika, with quorum queues and pipelined publisher confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pika import BasicProperties

from hub.broker import names
from hub.broker.lanes import Incoming, Outbound, Outgoing
from hub.broker.line import Line
from hub.errors import TryAgainError
from hub.ports import Ticket

PERSISTENT = 2
Tag = tuple[Incoming, int]


class Lines:
    """The present connection with its channels, opened when first needed and again after a loss."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._line: Line | None = None
        self._outgoing: Outgoing | None = None
        self._incoming: dict[str, Incoming] = {}
        self._declared: set[str] = set()

    def line(self) -> Line:
        if self._line is None or self._line.lost:
            self.forget()
            self._line = Line(self._url)
        return self._line

    def outgoing(self) -> Outgoing:
        line = self.line()
        if self._outgoing is None:
            self._outgoing = Outgoing(line)
        return self._outgoing

    def incoming(self, queue: str, limit: int) -> Incoming:
        """Twice the batch may wait: the next one is here when the worker has finished this one."""
        line, lane = self.line(), self._incoming.get(queue)
        if lane is None:
            lane = self._incoming[queue] = Incoming(line, queue, prefetch=2 * limit)
        lane.widen(2 * limit)
        return lane

    def declare(self, queues: Iterable[str], arguments: Callable[[str], names.Arguments]) -> None:
        outgoing = self.outgoing()
        for queue in queues:
            if queue not in self._declared:
                outgoing.declare(queue, arguments(queue))
                self._declared.add(queue)

    def forget(self) -> None:
        """Ends the connection; whatever was taken over it and not settled comes again."""
        line, self._line, self._outgoing = self._line, None, None
        self._incoming.clear()
        self._declared.clear()
        if line is not None:
            line.close()


class RabbitBroker:
    """Keeps the port `Broker`. Queues, with their dead-letter queues, are made when first used."""

    def __init__(self, url: str, *, delivery_limit: int = names.DELIVERY_LIMIT) -> None:
        self._lines = Lines(url)
        self._limit = delivery_limit

    def publish(self, tickets: Sequence[Ticket]) -> None:
        self._declare(dict.fromkeys(ticket.queue for ticket in tickets))
        returned = self._lines.outgoing().send([_outbound(ticket) for ticket in tickets])
        if returned:
            self._lines.forget()  # with its consumers: one on a deleted queue may wait for ever
            raise TryAgainError(f"{len(returned)} messages found no queue; calling again makes the queues anew")

    def take(self, queue: str, limit: int, wait: float) -> Sequence[Ticket]:
        self._declare([queue])
        lane = self._lines.incoming(queue, limit)
        return [
            Ticket(queue, body.decode(), (properties.headers or {}).get("traceparent"), (lane, tag))
            for tag, properties, body in lane.take(limit, wait)
        ]

    def settle(self, tickets: Sequence[Ticket], *, again: bool = False) -> None:
        settle([ticket.tag for ticket in tickets], again=again)

    def close(self) -> None:
        self._lines.forget()

    def _declare(self, queues: Iterable[str]) -> None:
        wanted = [name for queue in queues for name in _with_aside(queue)]
        self._lines.declare(wanted, lambda queue: names.arguments(queue, self._limit))


def settle(tags: Iterable[Tag], *, again: bool) -> None:
    """Those taken over a connection since lost have come again by themselves and are left out."""
    lanes: dict[Incoming, list[int]] = {}
    for lane, tag in tags:
        lanes.setdefault(lane, []).append(tag)
    for lane, numbers in lanes.items():
        if not lane.line.lost:
            lane.settle(numbers, again=again)


def _with_aside(queue: str) -> tuple[str, ...]:
    return (queue,) if names.is_aside(queue) else (names.aside(queue), queue)


def _outbound(ticket: Ticket) -> Outbound:
    headers = {"traceparent": ticket.traceparent} if ticket.traceparent else None
    properties = BasicProperties(delivery_mode=PERSISTENT, message_id=ticket.id, headers=headers)
    return Outbound(ticket.queue, ticket.id, ticket.id.encode(), properties)
