"""The broker contract on kombu's memory, the embedded default."""

from __future__ import annotations

from threading import Thread
from time import monotonic
from uuid import uuid4

import pytest

from hub.broker import open_broker
from hub.ports import Ticket
from tests.contracts.broker import BrokerContract, collect, tickets


class TestMemory(BrokerContract):
    @pytest.fixture
    def url(self) -> str:
        return f"memory://{uuid4().hex}"

    def test_hubs_with_other_addresses_in_one_process_do_not_see_each_other(self, queue: str) -> None:
        one, other = (open_broker(f"memory://{uuid4().hex}") for _ in range(2))
        one.publish(tickets(queue, 1))

        assert other.take(queue, 1, 0) == []
        assert len(collect(one, queue, 1)) == 1

    def test_nobody_polls_a_worker_is_woken_within_milliseconds(self, url: str, queue: str) -> None:
        delays: list[float] = []

        def work() -> None:
            broker = open_broker(url)
            for _ in range(20):
                for ticket in broker.take(queue, 1, 5):
                    delays.append(monotonic() - float(ticket.id))
                    broker.settle([ticket])
            broker.close()

        worker = Thread(target=work)
        worker.start()
        sender = open_broker(url)
        for _ in range(20):
            sender.publish([Ticket(queue, str(monotonic()))])
        worker.join(10)

        assert len(delays) == 20
        assert sorted(delays)[10] < 0.5
