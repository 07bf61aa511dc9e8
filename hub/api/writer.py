"""The group-committing writer: one thread that accepts whatever waits, up to a group, and answers after the commit."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from hub.api.needs import Reception
from hub.errors import LangbenkError, TryAgainError, UnusableError
from hub.model.envelope import Arrival, Receipt

Answer = Receipt | UnusableError


@dataclass(slots=True)
class _Waiting:
    arrival: Arrival
    answer: Future[Answer]


class Writer:
    """Starts its thread with the first message. `submit` is called from the event loop, `close` from anywhere."""

    def __init__(self, reception: Reception, *, group: int, waiting: int) -> None:
        self._reception = reception
        self._group = group
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(waiting)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    async def submit(self, arrival: Arrival) -> Answer:
        """The receipt, once it is committed. A full queue raises `TryAgainError` at once: nothing was taken in."""
        self._start()
        entry = _Waiting(arrival, Future())
        try:
            self._queue.put_nowait(entry)
        except queue.Full as error:
            raise TryAgainError("too many messages wait at the door", after=1) from error
        return await asyncio.wrap_future(entry.answer)

    def close(self) -> None:
        """Finishes what waits, then stops."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join()

    def _start(self) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="intake-writer", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = [first], False
            while len(group) < self._group:
                try:
                    entry = self._queue.get_nowait()
                except queue.Empty:
                    break
                if entry is None:
                    last = True
                    break
                group.append(entry)
            self._accept(group)
            if last:
                return

    def _accept(self, group: Sequence[_Waiting]) -> None:
        """One transaction for all; if it fails for another reason than the database, each is tried alone."""
        try:
            answers = self._reception.accept([entry.arrival for entry in group])
        except TryAgainError as error:
            _fail(group, error)
        except Exception as error:  # one bad message must not cost its neighbours theirs
            if len(group) == 1:
                _fail(group, error if isinstance(error, LangbenkError) else RuntimeError(type(error).__name__))
                return
            for entry in group:
                self._accept([entry])
        else:
            for entry, answer in zip(group, answers, strict=True):
                if entry.answer.set_running_or_notify_cancel():
                    entry.answer.set_result(answer)


def _fail(group: Sequence[_Waiting], error: Exception) -> None:
    for entry in group:
        if entry.answer.set_running_or_notify_cancel():
            entry.answer.set_exception(error)
