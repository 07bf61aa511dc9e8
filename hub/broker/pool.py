"""Brokers and doors that threads borrow to send through, one at a time, and that outlive the thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Semaphore
from time import monotonic
from typing import Generic, Protocol, TypeVar

from hub.errors import TryAgainError
from hub.ports import Broker, Ticket

MOST = 64
SLOW, REST = 1.0, 30.0
"""Seconds: who waited longer in vain spares the next the same. What they say is committed, and the sweep says it."""


class Closes(Protocol):
    """Has a connection that can be ended."""

    def close(self) -> None: ...


Lent = TypeVar("Lent", bound=Closes)


class Pool(Generic[Lent]):
    """Holds as many as were ever lent at the same time, `most` of them, the last one back first.

    One kept by the thread itself would stay connected when the thread ends, and each thread would need its own: threads
    come and go, and RabbitMQ answers nobody any longer when it has no file left for a connection.
    """

    def __init__(self, open_one: Callable[[], Lent], most: int = MOST) -> None:
        self._open_one = open_one
        self._room = Semaphore(most)
        self._idle: list[Lent] = []
        self._closed = False

    @contextmanager
    def lent(self) -> Iterator[Lent]:
        """One for this thread alone; waits where all are lent."""
        with self._room:
            try:
                one = self._idle.pop()  # one step: no other thread gets the same
            except IndexError:
                one = self._open_one()
            try:
                yield one
            finally:
                self._idle.append(one)
                if self._closed:
                    self.close()

    def close(self) -> None:
        """Ends every connection, one that is lent when it comes back; harmless when repeated."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()


class Publishers(Pool[Broker]):
    """Brokers to publish through. After one was waited for in vain all are left alone for a while."""

    def __init__(self, open_one: Callable[[], Broker], slow: float = SLOW) -> None:
        super().__init__(open_one)
        self._slow = slow
        self._rests_until = float("-inf")

    def publish(self, tickets: Sequence[Ticket]) -> None:
        """As `Broker.publish`, from any thread."""
        began = monotonic()
        if began < self._rests_until:
            raise TryAgainError("the broker did not answer a moment ago", after=self._rests_until - began)
        try:
            with self.lent() as broker:
                broker.publish(tickets)
        except TryAgainError:
            if (now := monotonic()) - began > self._slow:
                self._rests_until = now + REST
            raise
