"""Structured logs on an allow-list: a key, an event or a value that was not foreseen is not written.

Two loggers (after NAV's *tjenestekall*): `hub` for everyone, and `hub.content` for faults in their own words, which may
quote what they failed on. The second goes to a file of its own and is off unless that file is named.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from opentelemetry import trace
from structlog.types import EventDict, WrappedLogger

from hub.model.discretion import holds_number

ALLOWED = frozenset(
    {
        *("event", "level", "timestamp", "logger", "trace_id", "span_id"),
        *("stage", "error", "where", "code", "reason", "adapter", "queue"),
        *("route", "method", "status", "seconds", "count"),
    }
)
"""Keys a log line may have. Masking is the second net; not saying it is the first."""

EVENTS = frozenset(
    {
        *(
            "fault",
            "unavailable",
            "back",
            "setup",
            "looked_at_later",
            "asked_later",
            "no_exporter",
            "audit_broken",
            "request",
        ),
        *("library", "uncaught"),
    }
)
"""What may be said to have happened: fixed words, never a sentence with something filled in."""

UNDECLARED, WITHHELD = "undeclared", "withheld"
CONTENT = "hub.content"

_VALUE = re.compile(r"[A-Za-z0-9_.:/{}+<>-]{0,200}")
_LIBRARIES = ("pika", "kombu", "httpx", "uvicorn", "uvicorn.error", "uvicorn.access", "sqlalchemy", "py.warnings")
_log = logging.getLogger("hub")


def only_allowed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Drops what is not on the list, and says so where the value was the trouble."""
    kept = {key: _plain(key, value) for key, value in event.items() if key in ALLOWED}
    return kept | {"event": event["event"] if event.get("event") in EVENTS else UNDECLARED}


def with_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The present trace, so that a line can be found from a message's story."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"], event["span_id"] = f"{context.trace_id:032x}", f"{context.span_id:016x}"
    return event


def without_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A library's own sentence may quote what it was given: its logger's name and level are kept, the words are not."""
    if str(event.get("logger", "")).partition(".")[0] != "hub":
        event["event"] = "library"
    event.pop("exc_info", None)
    event.pop("stack_info", None)
    return event


def set_up_logs(level: str = "WARNING", *, content: Path | None = None, stream: TextIO | None = None) -> None:
    """JSON, one event a line, on stderr. Normal operation is silent at WARNING; INFO adds the access log."""
    root = logging.getLogger()
    root.handlers = [_handler(stream or sys.stderr)]
    root.setLevel(level)
    for name in _LIBRARIES:
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # else a line that cannot be written is printed with all its arguments
    _set_up_content(content)


def tell_uncaught() -> None:
    """What nobody caught ends a process or a thread by its class alone: Python itself would print its words."""

    def uncaught(kind: type[BaseException], _: BaseException, __: TracebackType | None) -> None:
        _log.critical("uncaught", extra={"error": kind.__name__})

    sys.excepthook = uncaught
    threading.excepthook = lambda told: uncaught(told.exc_type, told.exc_value or told.exc_type(), told.exc_traceback)
    sys.unraisablehook = lambda told: uncaught(told.exc_type, told.exc_value or told.exc_type(), told.exc_traceback)


def _set_up_content(file: Path | None) -> None:
    """Never on stderr, where the ordinary lines go; the file is for its owner's eyes only."""
    content = logging.getLogger(CONTENT)
    content.propagate, content.disabled = False, file is None
    for handler in content.handlers:
        handler.close()
    content.handlers = []
    if file is not None:
        file.touch(mode=0o600, exist_ok=True)
        handler = logging.FileHandler(file, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        content.addHandler(handler)


def _handler(stream: TextIO) -> logging.Handler:
    shared: list[Callable[[Any, str, EventDict], Any]] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        with_trace,
        without_words,
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                only_allowed,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    return handler


def _plain(key: str, value: object) -> object:
    """The second net. `reason` is a sentence of the hub's own; everything else is a code, a name or a figure."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    if (key != "reason" and not _VALUE.fullmatch(text)) or holds_number(text):
        return WITHHELD
    return text
