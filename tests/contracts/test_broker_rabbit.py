"""The broker contract on RabbitMQ, and what only RabbitMQ can show: losses, refusals, heartbeats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from time import monotonic
from typing import TypeVar
from uuid import uuid4

import pika
import pytest

from hub.broker import open_broker
from hub.broker.names import UNLIMITED, aside
from hub.broker.pool import Publishers
from hub.errors import SetupError, TryAgainError
from tests import rabbit
from tests.conftest import rabbit_lines
from tests.contracts.broker import SOON, BrokerContract, Open, collect, ids, tickets

T = TypeVar("T")
MakeUser = Callable[[tuple[str, str, str]], tuple[str, str]]


@pytest.mark.services
class TestRabbit(BrokerContract):
    @pytest.fixture
    def url(self, rabbit_url: str) -> str:
        return rabbit_url

    @pytest.fixture
    def queue(self, rabbit_url: str) -> Iterator[str]:
        name = f"langbenk.test.{uuid4().hex[:12]}"
        yield name
        rabbit.delete_queues(rabbit_url, name, aside(name))

    def test_after_a_lost_connection_the_next_call_goes_through_and_nothing_is_lost(
        self, open: Open, queue: str, rabbit_manager: rabbit.Control, rabbit_vhost: str
    ) -> None:
        broker = open()
        sent = tickets(queue, 3)
        broker.publish(sent)
        taken = collect(broker, queue, 3)
        rabbit_manager.cut_connections(rabbit_vhost)
        again = stubborn(lambda: broker.take(queue, 3, SOON))
        broker.settle(taken)
        broker.settle(again)

        assert sorted(ids(again)) == ids(sent)

    def test_a_queue_deleted_under_the_hub_is_made_anew(self, open: Open, queue: str, url: str) -> None:
        broker = open()
        broker.publish(tickets(queue, 1))
        rabbit.delete_queues(url, queue)
        with pytest.raises(TryAgainError, match="calling again"):
            broker.publish(tickets(queue, 1))
        sent = tickets(queue, 2)
        broker.publish(sent)

        assert sorted(ids(collect(broker, queue, 2))) == ids(sent)

    def test_a_queue_deleted_under_a_consumer_is_noticed(self, open: Open, queue: str, url: str) -> None:
        broker = open()
        broker.take(queue, 1, 0)
        rabbit.delete_queues(url, queue)
        sent = tickets(queue, 1)
        stubborn(lambda: broker.publish(sent))

        assert ids(stubborn(lambda: broker.take(queue, 1, SOON))) == ids(sent)

    def test_a_worker_that_waits_while_the_connection_is_cut_is_told_to_try_again(
        self, open: Open, queue: str, rabbit_manager: rabbit.Control, rabbit_vhost: str
    ) -> None:
        broker = open()
        broker.take(queue, 1, 0)
        cut = Thread(target=rabbit_manager.cut_connections, args=[rabbit_vhost])
        cut.start()
        with pytest.raises(TryAgainError):
            broker.take(queue, 1, 4 * SOON)
        cut.join()

    def test_a_queue_of_another_make_is_a_matter_of_set_up(self, open: Open, queue: str) -> None:
        open(delivery_limit=3).publish(tickets(queue, 1))
        with pytest.raises(SetupError, match=r"other arguments.*delete_queue"):
            open(delivery_limit=4).publish(tickets(queue, 1))

    def test_a_wrong_password_or_virtual_host_is_a_matter_of_set_up_and_is_not_shown(self, url: str) -> None:
        wrong = [url.replace("guest:guest", "guest:hemmelig"), url + "-nowhere"]
        for address in wrong:
            with pytest.raises(SetupError) as refused:
                open_broker(address).publish(tickets("langbenk.intake", 1))

            assert "hemmelig" not in str(refused.value)

    def test_a_user_without_rights_is_a_matter_of_set_up(self, rabbit_user: MakeUser, queue: str) -> None:
        _, address = rabbit_user(("^$", "^$", "^$"))
        broker = open_broker(address)
        with pytest.raises(SetupError):
            broker.publish(tickets(queue, 1))
        broker.close()

    def test_a_broker_that_is_away_is_to_be_tried_again(self) -> None:
        with pytest.raises(TryAgainError, match=r"127\.0\.0\.1:1"):
            open_broker("amqp://guest:guest@127.0.0.1:1/").publish(tickets("langbenk.intake", 1))

    def test_messages_are_persistent_and_queues_replicated(self, open: Open, queue: str, url: str) -> None:
        open().publish(tickets(queue, 1))
        with pika.BlockingConnection(pika.URLParameters(url)) as connection:
            channel = connection.channel()
            _, properties, body = channel.basic_get(queue, auto_ack=True)
            aside = {"x-queue-type": "quorum", "x-delivery-limit": UNLIMITED}
            channel.queue_declare(f"{queue}.aside", durable=True, arguments=aside)

        assert properties.delivery_mode == 2
        assert {name for name in properties.headers if not name.startswith("x-")} == {"traceparent"}
        assert len(body) < 64

    @pytest.mark.long
    def test_a_worker_busy_for_longer_than_the_heartbeat_keeps_its_connection(self, url: str, queue: str) -> None:
        broker = open_broker(f"{url}?heartbeat=1")
        broker.publish(tickets(queue, 1))
        taken = collect(broker, queue, 1)
        until = monotonic() + 5
        while monotonic() < until:
            sum(range(10_000))
        broker.settle(taken)
        broker.publish(tickets(queue, 1))
        broker.close()


@pytest.mark.services
def test_threads_that_come_and_go_share_one_connection_which_ends_with_the_pool(rabbit_url: str) -> None:
    before, pool, queue = rabbit_lines(), Publishers(lambda: open_broker(rabbit_url)), f"langbenk.{uuid4().hex}"
    for _ in range(3):
        thread = Thread(target=pool.publish, args=(tickets(queue, 1),))
        thread.start()
        thread.join()

    assert len(rabbit_lines() - before) == 1
    pool.close()
    assert rabbit_lines() == before


def stubborn(call: Callable[[], T]) -> T:
    """Does what a worker does: tries again while it is told to."""
    until = monotonic() + SOON
    while True:
        try:
            return call()
        except TryAgainError:
            if monotonic() > until:
                raise


def test_an_address_that_cannot_be_read_is_a_matter_of_set_up() -> None:
    for address in ("rabbit", "amqp://guest:guest@127.0.0.1:port/", "nats://127.0.0.1/"):
        with pytest.raises(SetupError):
            open_broker(address).publish(tickets(f"langbenk.{uuid4().hex}", 1))
