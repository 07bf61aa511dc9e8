"""Brokers that threads borrow to publish through, one at a time, and that outlive the thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from hub.ports import Broker, Ticket


class Pool:
    """Holds as many brokers as were ever lent at the same time, the last one back first.

    A broker kept by the thread itself would stay connected when the thread ends: a server's threads come and go, and
    RabbitMQ answers nobody any longer when it has no file left for a connection.
    """

    def __init__(self, open_one: Callable[[], Broker]) -> None:
        self._open_one = open_one
        self._idle: list[Broker] = []

    def publish(self, tickets: Sequence[Ticket]) -> None:
        """As `Broker.publish`, from any thread."""
        with self._lent() as broker:
            broker.publish(tickets)

    def close(self) -> None:
        """Ends every connection that is not lent; harmless when repeated."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _lent(self) -> Iterator[Broker]:
        try:
            broker = self._idle.pop()  # one step: no other thread gets the same
        except IndexError:
            broker = self._open_one()
        try:
            yield broker
        finally:
            self._idle.append(broker)
