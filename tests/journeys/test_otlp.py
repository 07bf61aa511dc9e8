"""Traces as they leave the process: over HTTP to a collector that listens, with nothing of a child in what arrives."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from hub.routing.watched import ATTRIBUTES, STEPS
from hub.telemetry.traces import ENDPOINT
from tests.journeys.ear import KEYS, log_of
from tests.journeys.marks import Heard
from tests.journeys.systems import SYSTEMS
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]


@dataclass
class Collector:
    """What an OpenTelemetry collector was sent: each request's address, headers and body as they came."""

    came: list[tuple[str, str, bytes]] = field(default_factory=list)

    def spans(self) -> list[Any]:
        requests = [ExportTraceServiceRequest.FromString(body) for path, _, body in self.came if path == "/v1/traces"]
        return [
            span
            for each in requests
            for resource in each.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    made = Collector()

    class Receives(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            made.came.append((self.path, str(self.headers), body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receives)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{server.server_port}")
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def chosen(collector: Collector) -> dict[str, str]:
    return {"trace_sample": "1.0"}


def test_the_steps_of_a_message_arrive_and_name_nobody(world: World, collector: Collector) -> None:
    world.at_table("marked", NURSERY)
    world.seat("marked", SCHOOL, KEYS[SCHOOL.id])

    world.tell(SCHOOL, log_of())
    world.take(NURSERY)
    world.hub.telemetry.close()  # what waits to be sent is sent

    spans, heard = collector.spans(), Heard()
    for path, headers, body in collector.came:
        heard.note(f"POST {path}", headers.encode() + body)
    assert {span.name for span in spans} == {"receive", "merge", "dispatch", "receipt"}
    assert {span.name for span in spans} <= STEPS
    assert len({span.trace_id for span in spans}) == 1
    assert {each.key for span in spans for each in span.attributes} <= set(ATTRIBUTES.values())
    assert heard.leaks() == []


def test_a_message_that_is_not_traced_sends_nothing(world: World, collector: Collector) -> None:
    world.at_table("nora", NURSERY, SCHOOL)
    world.hub.telemetry.close()

    assert collector.came == []
