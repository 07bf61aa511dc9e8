"""Logs: what was not foreseen is not written, in no line and at no level."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.logs import CONTENT, set_up_logs, tell_uncaught

NAME = "Marte Markert"
log = logging.getLogger("hub")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The stream lines are written to. What it sets up for the whole process is put back."""
    root, content = logging.getLogger(), logging.getLogger(CONTENT)
    before = root.handlers, root.level, content.propagate, content.disabled, logging.raiseExceptions
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    stream = io.StringIO()
    set_up_logs("DEBUG", stream=stream)
    yield stream
    set_up_logs()
    logging.captureWarnings(False)
    root.handlers, level, content.propagate, content.disabled, logging.raiseExceptions = before
    root.setLevel(level)
    logging.getLogger("uvicorn.access").disabled = False
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


def last(lines: io.StringIO) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(lines.getvalue().splitlines()[-1])
    return found


def test_a_line_is_one_json_object_with_its_instant_level_and_logger(lines: io.StringIO) -> None:
    log.warning("unavailable", extra={"stage": "intake", "error": "TryAgainError"})
    line = last(lines)

    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "unavailable",
        "level": "warning",
        "logger": "hub",
        "stage": "intake",
        "error": "TryAgainError",
    }


def test_a_key_that_is_not_declared_is_not_written(lines: io.StringIO) -> None:
    log.warning("fault", extra={"stage": "merge", "child": NAME, "number": "17912099997"})

    assert NAME not in lines.getvalue()
    assert last(lines).keys() == {"event", "level", "logger", "timestamp", "stage"}


@pytest.mark.parametrize("event", [f"cannot read {NAME}", "a new event that nobody has declared"])
def test_an_event_is_a_declared_word_or_it_is_not_said(lines: io.StringIO, event: str) -> None:
    log.error(event)

    assert last(lines)["event"] == "undeclared"


def test_a_message_with_something_filled_in_is_not_said(lines: io.StringIO) -> None:
    log.error("fault in %s", NAME)

    assert NAME not in lines.getvalue()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("stage", NAME),
        ("route", "/v1/persons/17912099997"),
        ("queue", "intake 179120 99997"),
        ("reason", "no child has the number 179120-99997"),
        ("error", {"name": NAME}),
    ],
)
def test_a_value_that_is_no_code_or_holds_a_number_is_withheld(lines: io.StringIO, key: str, value: object) -> None:
    log.error("fault", extra={key: value})

    assert last(lines)[key] == "withheld"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("route", "/v1/plans/{id}/links/{system_id}"),
        ("where", "hub/routing/update.py:97"),
        ("error", "TryAgainError"),
        ("trace_id", "0af7651916cd43dd8448eb211c803190"),
        ("seconds", 0.25),
        ("status", 202),
        ("reason", "LANGBENK_MASTER_KEY is not set: `langbenk key new` makes one"),
    ],
)
def test_what_an_operator_needs_is_written_as_it_is(lines: io.StringIO, key: str, value: object) -> None:
    log.error("fault", extra={key: value})

    assert last(lines)[key] == value


def test_an_exception_is_neither_quoted_nor_traced(lines: io.StringIO) -> None:
    try:
        raise ValueError(NAME)
    except ValueError:
        log.exception("fault", stack_info=True)

    assert NAME not in lines.getvalue()
    assert "Traceback" not in lines.getvalue()


@pytest.mark.parametrize("library", ["sqlalchemy.engine", "httpx", "uvicorn.error", "acme.adapter", "hubble"])
def test_of_a_library_only_the_name_and_the_level_are_told(lines: io.StringIO, library: str) -> None:
    logging.getLogger(library).error("GET https://x/persons/%s failed", NAME, exc_info=ValueError(NAME))

    assert last(lines) | {"timestamp": ""} == {
        "event": "library",
        "level": "error",
        "logger": library,
        "timestamp": "",
    }


def test_a_warning_of_pythons_is_a_librarys_line(lines: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"odd value: {NAME}", stacklevel=1)

    assert NAME not in lines.getvalue()


def test_a_line_that_cannot_be_written_prints_nothing(lines: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    log.error("fault", extra={"stage": "merge"})
    lines.close()
    log.error("fault in %s", NAME)

    assert capsys.readouterr() == ("", "")


def test_words_about_people_go_nowhere_unless_a_file_is_named(
    lines: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger(CONTENT).error("fault", exc_info=ValueError(NAME))

    assert lines.getvalue() == ""
    assert capsys.readouterr() == ("", "")


def test_the_file_named_for_them_is_its_owners_alone(lines: io.StringIO, tmp_path: Path) -> None:
    file = tmp_path / "content.log"
    set_up_logs("DEBUG", stream=lines, content=file)
    logging.getLogger(CONTENT).error("fault", exc_info=ValueError(NAME))

    assert lines.getvalue() == ""
    assert NAME in file.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_nobody_caught_ends_by_its_class(lines: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    tell_uncaught()

    def die() -> None:
        raise ValueError(NAME)

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()
    sys.excepthook(KeyError, KeyError(NAME), None)

    assert [json.loads(line)["error"] for line in lines.getvalue().splitlines()] == ["ValueError", "KeyError"]
    assert capsys.readouterr() == ("", "")
