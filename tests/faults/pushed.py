"""A school's system with an API of its own: the school's documents, pushed to it over HTTP, and the API itself."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from adapters.school import School
from hub.sdk import Posted
from hub.sdk.http import connect


class PushedSchool(School):
    """As a vendor would write it: the same documents, and `deliver`."""

    manifest = replace(School.manifest, name="pushed-school")

    def deliver(self, body: bytes, kind: str, key: str, settings: Mapping[str, str]) -> Posted:
        connect(settings).send("POST", "log", body=body, headers={"Idempotency-Key": key})
        return Posted("delivered")


@dataclass
class Api:
    """Writes down every call, in order: id and body. Answers 503 while it is `away`."""

    calls: list[tuple[str, bytes]] = field(default_factory=list)
    away: bool = False
    refused: int = 0

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._answering())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="api", daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)

    def take(self, key: str, body: bytes) -> int:
        with self.lock:
            if self.away:
                self.refused += 1
                return 503
            self.calls.append((key, body))
            return 201

    def _answering(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:  # whoever sent it was killed in the middle: no server takes half a request
                    return
                self.send_response(api.take(self.headers["Idempotency-Key"], body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        return Answering
