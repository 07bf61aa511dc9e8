"""A health record's FHIR server that takes everything it is sent, knows nobody, and remembers the headers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

EMPTY = b'{"resourceType": "Bundle", "type": "searchset"}'


@dataclass
class Record:
    """`came` is set with the first Bundle; `asked` are the addresses that were called."""

    posted: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    came: Event = field(default_factory=Event)
    url: str = ""


@contextmanager
def fhir_server() -> Iterator[Record]:
    record = Record()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(EMPTY)))
            self.end_headers()
            self.wfile.write(EMPTY)
            record.asked.append(self.path)
            if self.path.endswith("Bundle"):
                record.posted.append({name.lower(): value for name, value in self.headers.items()})
                record.came.set()

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    record.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield record
    server.shutdown()
    server.server_close()
    thread.join()
