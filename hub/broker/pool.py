"""Brokers that threads borrow to publish through, one at a time, and that outlive the thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from hub.errors import TryAgainError
from hub.ports import Broker, Ticket

SLOW, REST = 1.0, 30.0
"""Seconds: who waited longer in vain spares the next the same. What they say is committed, and the sweep says it."""


class Pool:
    """Holds as many brokers as were ever lent at the same time, the last one back first.

    A broker kept by the thread itself would stay connected when the thread ends: a server's threads come and go, and
    RabbitMQ answers nobody any longer when it has no file left for a connection.
    """

    def __init__(self, open_one: Callable[[], Broker], slow: float = SLOW) -> None:
        self._open_one, self._slow = open_one, slow
        self._idle: list[Broker] = []
        self._closed = False
        self._rests_until = float("-inf")

    def publish(self, tickets: Sequence[Ticket]) -> None:
        """As `Broker.publish`, from any thread. One that was waited for in vain is left alone for a while."""
        began = monotonic()
        if began < self._rests_until:
            raise TryAgainError("the broker did not answer a moment ago", after=self._rests_until - began)
        try:
            with self._lent() as broker:
                broker.publish(tickets)
        except TryAgainError:
            if (now := monotonic()) - began > self._slow:
                self._rests_until = now + REST
            raise

    def close(self) -> None:
        """Ends every connection, one that is lent when it comes back; harmless when repeated."""
        self._closed = True
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
            if self._closed:
                self.close()
