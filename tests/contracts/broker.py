"""What every broker must do, as a class that each implementation's tests inherit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from uuid import uuid4

import pytest

from hub.broker import open_broker
from hub.broker.names import aside
from hub.ports import Broker, Ticket

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SOON = 10.0
A_MOMENT = 0.2


@dataclass(frozen=True)
class Features:
    """What an engine can do of itself or through us; a test of what it lacks is left out."""

    redelivery: bool = True
    delivery_limit: bool = True
    dead_letter: bool = True


Open = Callable[..., Broker]


def tickets(queue: str, count: int) -> list[Ticket]:
    return [Ticket(queue, f"{number:04d}-{uuid4()}", TRACE) for number in range(count)]


def ids(found: Sequence[Ticket]) -> list[str]:
    return [ticket.id for ticket in found]


def collect(broker: Broker, queue: str, count: int) -> list[Ticket]:
    """Takes until so many have come, or gives up."""
    found: list[Ticket] = []
    until = monotonic() + SOON
    while len(found) < count and monotonic() < until:
        found += broker.take(queue, count, A_MOMENT)
    return found


class BrokerContract:
    features = Features()

    @pytest.fixture
    def url(self) -> str:
        raise NotImplementedError("each engine's tests say where it is")

    @pytest.fixture
    def open(self, url: str) -> Iterator[Open]:
        opened: list[Broker] = []

        def make(**settings: int) -> Broker:
            opened.append(open_broker(url, **settings))
            return opened[-1]

        yield make
        for broker in opened:
            broker.close()

    @pytest.fixture
    def queue(self) -> str:
        return f"langbenk.test.{uuid4().hex[:12]}"

    def test_what_is_published_is_taken_with_its_trace(self, open: Open, queue: str) -> None:
        broker = open()
        sent = tickets(queue, 1)
        broker.publish(sent)
        (found,) = collect(broker, queue, 1)

        assert (found.queue, found.id, found.traceparent) == (queue, sent[0].id, TRACE)

    def test_a_ticket_without_a_trace_has_none_when_taken(self, open: Open, queue: str) -> None:
        broker = open()
        broker.publish([Ticket(queue, "a")])

        assert collect(broker, queue, 1)[0].traceparent is None

    def test_another_instance_takes_what_one_has_published_and_closed(self, open: Open, queue: str) -> None:
        sender = open()
        sent = tickets(queue, 3)
        sender.publish(sent)
        sender.close()

        assert sorted(ids(collect(open(), queue, 3))) == ids(sent)

    def test_a_batch_is_as_large_as_what_waits_and_never_above_its_limit(self, open: Open, queue: str) -> None:
        broker = open()
        broker.publish(tickets(queue, 30))
        sizes: list[int] = []
        while sum(sizes) < 30:
            batch = broker.take(queue, 8, SOON)
            broker.settle(batch)
            sizes.append(len(batch))

        assert sum(sizes) == 30
        assert max(sizes) <= 8

    def test_taking_from_an_empty_queue_gives_nothing_in_the_time_asked(self, open: Open, queue: str) -> None:
        broker = open()
        broker.take(queue, 1, 0)
        start = monotonic()

        assert broker.take(queue, 1, A_MOMENT) == []
        assert monotonic() - start >= A_MOMENT * 0.9

    def test_a_waiting_worker_is_woken_by_what_another_thread_publishes(self, open: Open, queue: str) -> None:
        found: list[Ticket] = []
        ready = Event()

        def work() -> None:
            broker = open()
            broker.take(queue, 1, 0)
            ready.set()
            found.extend(broker.take(queue, 1, SOON))
            broker.settle(found)

        worker = Thread(target=work)
        worker.start()
        ready.wait(SOON)
        sent = tickets(queue, 1)
        open().publish(sent)
        worker.join(SOON)

        assert ids(found) == ids(sent)

    def test_what_is_settled_never_comes_again(self, open: Open, queue: str) -> None:
        broker = open()
        broker.publish(tickets(queue, 5))
        broker.settle(collect(broker, queue, 5))
        broker.close()

        assert open().take(queue, 5, A_MOMENT) == []

    def test_settling_some_of_a_batch_settles_just_those(self, open: Open, queue: str) -> None:
        broker = open()
        sent = tickets(queue, 6)
        broker.publish(sent)
        taken = sorted(collect(broker, queue, 6), key=lambda ticket: ticket.id)
        broker.settle([taken[0], taken[1], taken[3], taken[5]])
        broker.close()

        assert sorted(ids(collect(open(), queue, 2))) == [sent[2].id, sent[4].id]

    def test_unsettled_tickets_come_again_when_their_worker_is_gone(self, open: Open, queue: str) -> None:
        if not self.features.redelivery:
            pytest.skip("this engine redelivers nothing")
        broker = open()
        sent = tickets(queue, 4)
        broker.publish(sent)
        collect(broker, queue, 4)
        broker.close()

        assert sorted(ids(collect(open(), queue, 4))) == ids(sent)

    def test_a_ticket_given_back_comes_again_at_once_with_its_trace(self, open: Open, queue: str) -> None:
        broker = open()
        sent = tickets(queue, 1)
        broker.publish(sent)
        broker.settle(collect(broker, queue, 1), again=True)
        (found,) = collect(broker, queue, 1)

        assert (found.id, found.traceparent) == (sent[0].id, TRACE)

    def test_settling_twice_or_after_closing_does_no_harm(self, open: Open, queue: str) -> None:
        broker = open()
        broker.publish(tickets(queue, 2))
        taken = collect(broker, queue, 2)
        broker.settle(taken[:1])
        broker.settle(taken[:1])
        broker.close()
        broker.settle(taken)
        broker.close()

        assert ids(collect(open(), queue, 1)) == ids(taken[1:])

    def test_what_is_tried_too_often_is_put_aside_and_the_queue_moves_on(self, open: Open, queue: str) -> None:
        if not (self.features.delivery_limit and self.features.dead_letter):
            pytest.skip("this engine counts no tries")
        broker = open(delivery_limit=3)
        poison, good = tickets(queue, 1), tickets(queue, 3)
        broker.publish(poison)
        until = monotonic() + SOON
        while not (shelved := broker.take(aside(queue), 1, A_MOMENT)) and monotonic() < until:
            broker.settle(broker.take(queue, 1, 0), again=True)
        broker.settle(shelved)
        broker.publish(good)

        assert [(ticket.id, ticket.traceparent) for ticket in shelved] == [(poison[0].id, TRACE)]
        assert sorted(ids(collect(broker, queue, 3))) == ids(good)

    def test_what_lies_aside_stays_there_however_often_it_is_looked_at(self, open: Open, queue: str) -> None:
        broker = open(delivery_limit=1)
        broker.publish(tickets(aside(queue), 1))
        for _ in range(5):
            broker.settle(collect(broker, aside(queue), 1), again=True)

        assert len(collect(broker, aside(queue), 1)) == 1

    def test_queues_do_not_mix(self, open: Open, queue: str) -> None:
        broker = open()
        other = tickets(f"{queue}.b", 2)
        broker.publish([*tickets(queue, 2), *other])

        assert sorted(ids(collect(broker, f"{queue}.b", 2))) == ids(other)

    def test_two_workers_share_a_queue_without_sharing_a_ticket(self, open: Open, queue: str) -> None:
        first, second = open(), open()
        first.take(queue, 2, 0)
        second.take(queue, 2, 0)
        sent = tickets(queue, 40)
        open().publish(sent)
        found: list[str] = []
        until = monotonic() + SOON
        while len(found) < 40 and monotonic() < until:
            for worker in (first, second):
                batch = worker.take(queue, 2, 0.01)
                worker.settle(batch)
                found += ids(batch)

        assert sorted(found) == ids(sent)

    def test_a_great_many_tickets_all_arrive(self, open: Open, queue: str) -> None:
        broker = open()
        sent = tickets(queue, 5_000)
        broker.publish(sent)
        found: set[str] = set()
        until = monotonic() + 3 * SOON
        while len(found) < len(sent) and monotonic() < until:
            batch = broker.take(queue, 256, A_MOMENT)
            broker.settle(batch)
            found.update(ids(batch))

        assert found == set(ids(sent))
