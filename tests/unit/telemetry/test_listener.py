"""A worker's own port."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request

import pytest

from hub.errors import SetupError
from hub.telemetry.listener import listening


def test_a_worker_answers_on_its_own_port_and_nowhere_else() -> None:
    with listening("127.0.0.1", 0, lambda: "langbenk_x 1\n") as port:
        pages = {}
        for path in ("/metrics", "/livez", "/v1/persons/marte"):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                    pages[path] = answer.read()
            except urllib.error.HTTPError as error:
                pages[path] = error.code
                error.close()

        assert pages == {"/metrics": b"langbenk_x 1\n", "/livez": b"ok\n", "/v1/persons/marte": 404}
        with pytest.raises(SetupError, match="LANGBENK_METRICS_PORT"), listening("127.0.0.1", port, str):
            pass


def test_whoever_calls_a_worker_and_says_nothing_is_not_waited_for() -> None:
    """A thread and a file for each that once looked whether the port is open would be all there are one day."""
    with (
        listening("127.0.0.1", 0, lambda: "langbenk_x 1\n", silence=0.2) as port,
        socket.create_connection(("127.0.0.1", port), timeout=5) as silent,
    ):
        assert silent.recv(1) == b""
