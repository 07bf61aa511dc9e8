"""One AMQP connection in a thread of its own, so that heartbeats go on while a worker is busy."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any

from pika.adapters.select_connection import SelectConnection
from pika.channel import Channel
from pika.exceptions import AMQPError

from hub.broker.wall import parameters, place, translate
from hub.errors import TryAgainError

# pika tells of every lost connection as an error, with its stack; the hub says so once and in its own words.
logging.getLogger("pika").setLevel(logging.CRITICAL)

PATIENCE = 30.0


class Line:
    """Lives as long as its connection. Any failure ends it whole; its owner opens another."""

    def __init__(self, url: str) -> None:
        found = parameters(url)
        self.place = place(found)
        self.when_lost: list[Callable[[], None]] = []
        self._error: BaseException | None = None
        self._waiting: set[Future[Any]] = set()
        self._lock = Lock()
        opened = self._expect()
        self._connection = SelectConnection(
            found,
            on_open_callback=opened.set_result,
            on_open_error_callback=self._end,
            on_close_callback=self._end,
        )
        self._thread = Thread(target=self._run, name="langbenk-amqp", daemon=True)
        self._thread.start()
        self._answer(opened)

    @property
    def lost(self) -> bool:
        return self._error is not None

    def check(self) -> None:
        """Raises what ended this line, if anything has."""
        if self._error is not None:
            raise translate(self._error, self.place) from self._error

    def ask(self, start: Callable[[Callable[[Any], None]], object]) -> Any:
        """Runs `start` in the line's thread and waits until the callback it was given is called."""
        answer = self._expect()

        def act() -> None:
            try:
                start(answer.set_result)
            except AMQPError as error:
                self._fail(answer, error)

        self.tell(act)
        return self._answer(answer)

    def tell(self, act: Callable[[], None]) -> None:
        """Runs `act` in the line's thread, in the order told, without waiting."""
        self._connection.ioloop.add_callback_threadsafe(act)

    def channel(self) -> Channel:
        channel: Channel = self.ask(lambda done: self._connection.channel(on_open_callback=done))
        channel.add_on_close_callback(self._channel_closed)
        return channel

    def close(self) -> None:
        """Sends what is still waiting to be sent, says goodbye and ends the thread; harmless when repeated."""
        self.tell(self._hang_up)
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        try:
            self._connection.ioloop.start()
        except Exception as error:  # whatever ends the thread, nobody may be left waiting for it
            self._end(self._connection, error)
        finally:
            self._connection.ioloop.close()

    def _hang_up(self) -> None:
        if self._connection.is_open:
            self._connection.close()

    def _channel_closed(self, _channel: Channel, reason: BaseException) -> None:
        if self._connection.is_open:
            self._fail_all(reason)
            self._connection.close()

    def _end(self, _connection: object, reason: BaseException) -> None:
        self._fail_all(reason)
        self._connection.ioloop.stop()

    def _fail_all(self, reason: BaseException) -> None:
        with self._lock:
            self._error = self._error or reason
            waiting, self._waiting = self._waiting, set()
        for answer in waiting:
            self._fail(answer, reason)
        for lost in self.when_lost:
            lost()

    @staticmethod
    def _fail(answer: Future[Any], reason: BaseException) -> None:
        if not answer.done():
            answer.set_exception(reason)

    def _expect(self) -> Future[Any]:
        answer: Future[Any] = Future()
        with self._lock:
            if self._error is None:
                self._waiting.add(answer)
        self.check()
        return answer

    def _answer(self, answer: Future[Any]) -> Any:
        try:
            return answer.result(PATIENCE)
        except TimeoutError as error:
            self.tell(self._hang_up)
            raise TryAgainError(f"{self.place}: RabbitMQ gave no answer in {PATIENCE:.0f} seconds") from error
        except Exception as error:
            raise translate(error, self.place) from error
        finally:
            with self._lock:
                self._waiting.discard(answer)
