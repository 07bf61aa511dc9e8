"""The two directions of a line: messages out with their confirms pipelined, and one queue's messages in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from pika import spec
from pika.channel import Channel
from pika.frame import Method

from hub.broker import names
from hub.broker.line import Line
from hub.broker.wall import translate_declare
from hub.errors import LangbenkError, TryAgainError

WINDOW = 2_000
"""Messages on their way to the broker at once; more gains no speed and costs memory on both sides."""


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message as AMQP sees it; `id` is given back when no queue would take it."""

    queue: str
    id: str
    body: bytes
    properties: spec.BasicProperties


class Outgoing:
    """A channel with publisher confirms. All state is touched in the line's thread only."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._returned: list[str] = []
        self._refused = 0
        self._sent = 0
        self._settled = 0
        self._apart: set[int] = set()
        self._done: Callable[[Any], None] | None = None
        self._channel = line.channel()
        self._channel.add_on_return_callback(self._come_back)
        line.ask(lambda done: self._channel.confirm_delivery(self._confirmed, callback=done))

    def send(self, messages: Sequence[Outbound]) -> list[str]:
        """Returns when all are confirmed: the ids of those that no queue would take."""
        returned: list[str] = []
        for start in range(0, len(messages), WINDOW):
            window = messages[start : start + WINDOW]
            self._line.ask(partial(self._publish, window))
            if self._refused:
                raise TryAgainError(f"{self._line.place}: RabbitMQ could not store {self._refused} messages")
            returned += self._returned
        return returned

    def declare(self, queue: str, arguments: names.Arguments) -> None:
        """Makes the queue where it is missing. A refusal ends the channel and with it the line."""
        try:
            self._line.ask(
                lambda done: self._channel.queue_declare(queue, durable=True, arguments=arguments, callback=done)
            )
        except LangbenkError as error:
            raise translate_declare(error.__cause__ or error, self._line.place, queue) from error.__cause__

    def bind(self, exchange: str, queue: str) -> None:
        """Makes a direct exchange that leads to this queue under its own name."""
        ask, channel = self._line.ask, self._channel
        ask(lambda done: channel.exchange_declare(exchange, "direct", durable=True, callback=done))
        ask(lambda done: channel.queue_bind(queue, exchange, queue, callback=done))

    def _publish(self, window: Sequence[Outbound], done: Callable[[Any], None]) -> None:
        self._returned, self._refused, self._done = [], 0, done
        self._sent += len(window)
        for message in window:
            self._channel.basic_publish("", message.queue, message.body, message.properties, mandatory=True)

    def _come_back(self, _c: Channel, _m: spec.Basic.Return, properties: spec.BasicProperties, _b: bytes) -> None:
        self._returned.append(properties.message_id or "")

    def _confirmed(self, frame: Method[Any]) -> None:
        tag, multiple = frame.method.delivery_tag, frame.method.multiple
        if isinstance(frame.method, spec.Basic.Nack):
            self._refused += 1
        if multiple:
            self._settled = max(self._settled, tag)
        else:
            self._apart.add(tag)
        while self._settled + 1 in self._apart:
            self._settled += 1
            self._apart.discard(self._settled)
        if self._settled >= self._sent:
            self._finish()

    def _finish(self) -> None:
        done, self._done = self._done, None
        self._apart.clear()
        if done is not None:
            done(None)


class Incoming:
    """One queue being consumed. Up to `prefetch` messages wait here or with the worker, unsettled."""

    def __init__(self, line: Line, queue: str, prefetch: int) -> None:
        self.line = line
        self._queue = queue
        self._prefetch = 0
        self._consumer: str | None = None
        self._arrived: SimpleQueue[tuple[Any, ...] | None] = SimpleQueue()
        self._open: dict[int, None] = {}
        self._channel = line.channel()
        self._channel.add_on_cancel_callback(lambda _: self._channel.close())
        line.when_lost.append(lambda: self._arrived.put(None))
        self.widen(prefetch)

    def widen(self, prefetch: int) -> None:
        """Lets more wait here. RabbitMQ fixes the number when a consumer starts, so it starts anew."""
        if prefetch <= self._prefetch:
            return
        ask, channel, self._prefetch = self.line.ask, self._channel, prefetch
        ask(lambda done: channel.basic_qos(prefetch_count=prefetch, callback=done))
        if (former := self._consumer) is not None:
            ask(lambda done: channel.basic_cancel(former, callback=done))
        started = ask(lambda done: channel.basic_consume(self._queue, self._arrive, callback=done))
        self._consumer = started.method.consumer_tag

    def take(self, limit: int, wait: float) -> list[tuple[int, spec.BasicProperties, bytes]]:
        """What has come, as soon as there is something; nothing after `wait` seconds."""
        taken: list[Any] = []
        self.line.check()
        try:
            taken.append(self._arrived.get(timeout=wait))
            while len(taken) < limit:
                taken.append(self._arrived.get_nowait())
        except Empty:
            pass
        if None in taken:
            self.line.check()
            raise TryAgainError(f"{self.line.place}: the connection was lost; what was taken comes again")
        return taken

    def settle(self, tags: Sequence[int], *, again: bool) -> None:
        self.line.tell(lambda: self._settle(sorted(tags), again))

    def _arrive(self, _c: Channel, got: spec.Basic.Deliver, properties: spec.BasicProperties, body: bytes) -> None:
        self._open[got.delivery_tag] = None
        self._arrived.put((got.delivery_tag, properties, body))

    def _settle(self, tags: Sequence[int], again: bool) -> None:
        """One frame for the run of oldest messages and one for each that stands apart; unknown tags are settled."""
        known = [tag for tag in tags if tag in self._open]
        for tag in known:
            del self._open[tag]
        if not self._channel.is_open:
            return
        oldest_kept = next(iter(self._open), None)
        run = [tag for tag in known if oldest_kept is None or tag < oldest_kept]
        if run:
            self._answer(run[-1], again, multiple=True)
        for tag in known[len(run) :]:
            self._answer(tag, again, multiple=False)

    def _answer(self, tag: int, again: bool, *, multiple: bool) -> None:
        if again:
            self._channel.basic_nack(tag, multiple=multiple, requeue=True)
        else:
            self._channel.basic_ack(tag, multiple=multiple)
