"""Brokers that threads borrow: when one does not answer, and when the hub closes under their hands."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import pytest

from hub.broker import open_broker
from hub.broker.pool import Publishers
from hub.errors import TryAgainError
from hub.ports import Ticket

TICKETS = [Ticket("langbenk.intake", "plan-1")]


class Slow:
    """A broker that answers when it is told to."""

    def __init__(self) -> None:
        self.asked, self.answers, self.closed = Event(), Event(), False

    def publish(self, tickets: Sequence[Ticket]) -> None:
        self.asked.set()
        assert self.answers.wait(10)

    def close(self) -> None:
        self.closed = True


def test_a_broker_that_answers_nobody_keeps_only_the_first_waiting() -> None:
    """As RabbitMQ does when it has no file left: it takes the call and says nothing. The sweep publishes later."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        pool = Publishers(
            lambda: open_broker(f"amqp://guest:guest@{place}/?stack_timeout=0.5&socket_timeout=0.5"), slow=0.1
        )
        called = []
        for _ in range(3):
            with pytest.raises(TryAgainError):
                pool.publish(TICKETS)
            called.append(calls(silent))
        pool.close()

    assert called[0] > 0 and called[1:] == [0, 0]


def calls(silent: socket.socket) -> int:
    """How many have called since it was last asked."""
    silent.setblocking(False)
    count = 0
    with suppress(BlockingIOError):
        while True:
            silent.accept()[0].close()
            count += 1
    return count


def test_a_broker_that_is_lent_when_the_hub_closes_is_closed_when_it_comes_back() -> None:
    slow: Any = Slow()
    pool = Publishers(lambda: slow)
    thread = Thread(target=pool.publish, args=(TICKETS,))
    thread.start()
    assert slow.asked.wait(10)
    pool.close()
    before = slow.closed
    slow.answers.set()
    thread.join(10)

    assert (before, slow.closed) == (False, True)
