"""A port of its own for a process that has no API: `/metrics` and `/livez`, nothing else, and nothing in any log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from hub.errors import SetupError

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

SILENCE = 10.0
"""Seconds that a caller may say nothing: each has a thread and a file of the process."""


@contextmanager
def listening(host: str, port: int, metrics: Callable[[], str], silence: float = SILENCE) -> Iterator[int]:
    """Gives the port: `0` takes a free one."""
    pages: dict[str, Callable[[], str]] = {"/metrics": metrics, "/livez": lambda: "ok\n"}

    class Answer(BaseHTTPRequestHandler):
        timeout = silence

        def do_GET(self) -> None:
            page = pages.get(self.path)
            body = page().encode() if page else b""
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def version_string(self) -> str:
            return "langbenk"

        def log_message(self, format: str, *args: object) -> None:
            """A request's line holds its path."""

    try:
        server = ThreadingHTTPServer((host, port), Answer)
    except OSError as error:
        raise SetupError(f"LANGBENK_METRICS_PORT: port {port} cannot be listened on; choose a free one") from error
    thread = Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
