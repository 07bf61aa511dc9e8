"""Structured logs on an allow-list: a key that is not declared is dropped, and an event is a fixed word.

Two loggers: `hub` for everyone, `hub.content` for content about people, off unless it is switched on by name.
"""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from opentelemetry import trace
from structlog.types import EventDict, WrappedLogger

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "stage",
        "error",
        "code",
        "count",
        "seconds",
        "route",
        "method",
        "status",
        "queue",
        "adapter",
        "reason",
        "trace_id",
        "span_id",
        "logger",
    }
)
"""Keys a log line may have. Masking is the second net; not saying it is the first."""


def only_allowed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Drops what is not on the list."""
    return {key: value for key, value in event.items() if key in ALLOWED}


def with_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The present trace, so that a line can be found from a message's story."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"], event["span_id"] = f"{context.trace_id:032x}", f"{context.span_id:016x}"
    return event


def without_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A library's own sentence may quote what it was given: its logger's name and level are kept, the words are not."""
    if not str(event.get("logger", "")).startswith("hub"):
        event["event"] = "library"
    event.pop("exc_info", None)
    event.pop("stack_info", None)
    return event


def set_up_logs(stream: TextIO | None = None, level: int = logging.WARNING) -> None:
    """JSON, one event a line, on stderr. Normal operation is silent at WARNING."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        with_trace,
        without_words,
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
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
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("pika", "kombu", "httpx", "uvicorn", "uvicorn.error", "uvicorn.access", "sqlalchemy"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("hub.content").disabled = True
