"""A stand-in that listens: JSON answers over real HTTP, on a free port of 127.0.0.1, for demo and tests only."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

import orjson


class Answers(Protocol):
    """Status and body for one call."""

    def __call__(self, method: str, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]: ...


class Listening:
    """Listens from the start until it is closed; `url` is where."""

    def __init__(self, answers: Answers, name: str) -> None:
        self._server = _Server(answers)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name=name, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answers: Answers) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.answers = answers


class _Answering(BaseHTTPRequestHandler):
    """One call a connection (HTTP/1.0), so that nothing stays open when it closes."""

    server: _Server

    def _respond(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer = self.server.answers(self.command, self.path, body, dict(self.headers.items()))
        raw = orjson.dumps(answer)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = _respond

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: what it is asked, and what proves who asks, is nobody else's business."""
