"""The counterpart's FHIR endpoint: a small HTTP server on this machine, so that delivery and fetch are real calls."""

from __future__ import annotations

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs

from adapters.health.adapter import BUNDLE
from adapters.health.references import Resource
from adapters.health.schema import check
from hub.sdk import UnusableError, canonical_json, read_json, write_json


class Call(Protocol):
    """One request as it came."""

    command: str
    path: str

    def header(self, name: str) -> str: ...

    def body(self) -> bytes: ...


class Record(Protocol):
    """What the endpoint stands in front of."""

    def receive(self, kind: str, body: bytes) -> None: ...

    def search(self, field: str, value: str) -> Resource | None: ...

    def knows(self, document: Resource) -> bool: ...


class Endpoint:
    """Listens on a free port of 127.0.0.1 until it is closed.

    Takes `POST Bundle` with an Idempotency-Key (or `PUT Bundle/{key}`), `POST CarePlan/_search` with a form, and
    `GET metadata`. A search by GET is refused: a number would stand in the address.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._taken: dict[str, bytes] = {}
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="fhir", daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)

    def answer(self, call: Call) -> tuple[int, Resource]:
        """Status and body for one call."""
        match call.command, call.path.strip("/").split("/"):
            case "GET", ["metadata"]:
                return 200, {"resourceType": "CapabilityStatement", "status": "active", "kind": "instance"}
            case "POST", ["CarePlan", "_search"]:
                return self._search(call.body())
            case "POST", ["Bundle"]:
                return self._take(call.header("Idempotency-Key"), call.body())
            case "PUT", ["Bundle", key]:
                return self._take(key, call.body())
            case _:
                return 405, _outcome("not-supported")

    def _take(self, key: str, body: bytes) -> tuple[int, Resource]:
        try:
            document = read_json(body)
            check(document)
        except UnusableError:
            return 422, _outcome("structure")
        with self._lock:
            known = self._taken.get(key)
            if known is not None:
                same = known == canonical_json(document)
                return (200, _outcome("informational")) if same else (409, _outcome("duplicate"))
            if not self._record.knows(document):
                return 422, _outcome("not-found")
            self._record.receive(BUNDLE.name, body)
            if key:
                self._taken[key] = canonical_json(document)
        return 201, _outcome("informational")

    def _search(self, body: bytes) -> tuple[int, Resource]:
        form = parse_qs(body.decode("utf-8", "replace"))
        field = next((name for name in ("subject", "subject:Patient.identifier") if name in form), None)
        if field is None:
            return 400, _outcome("required")
        with self._lock:
            found = self._record.search(field, form[field][0])
        entries = [] if found is None else [_found(entry) for entry in found.get("entry", ())]
        matches = sum(entry["search"]["mode"] == "match" for entry in entries)
        answer: Resource = {"resourceType": "Bundle", "type": "searchset", "total": matches}
        return 200, answer | ({"entry": entries} if entries else {})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.endpoint = endpoint


class _Answering(BaseHTTPRequestHandler):
    """One call a connection (HTTP/1.0), so that nothing stays open when it closes."""

    server: _Server

    def header(self, name: str) -> str:
        return self.headers.get(name) or ""

    def body(self) -> bytes:
        return self.rfile.read(int(self.header("Content-Length") or 0))

    def _respond(self) -> None:
        status, resource = self.server.endpoint.answer(self)
        raw = write_json(resource)
        self.send_response(HTTPStatus(status))
        self.send_header("Content-Type", BUNDLE.media_type)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def do_PUT(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: what it is asked is nobody else's business."""


def _found(entry: Resource) -> Resource:
    mode = "match" if entry["resource"]["resourceType"] == "CarePlan" else "include"
    return {**entry, "search": {"mode": mode}}


def _outcome(code: str) -> Resource:
    severity = "information" if code == "informational" else "error"
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": code}]}
