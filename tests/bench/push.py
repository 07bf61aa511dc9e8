"""What it costs to push: FHIR Bundles over HTTP to a server that takes everything, its own base asked for first.

Reported apart from `flow`, since most of it is HTTP. The floor is one client that makes the same two calls, and
nothing else. The server runs in a process of its own: `python -m tests.bench.push`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import httpx

from hub.bootstrap import Hub, build
from hub.cli.run import calm_collector
from hub.model.change import ChildKey
from hub.model.envelope import Arrival
from hub.model.service import System
from hub.ports import Link
from hub.routing.pipeline import work_turn
from hub.routing.queues import INTAKE
from hub.security.keys import new_master_key
from hub.settings import load_settings
from tests.bench.timing import row
from tests.bench.town import HOME, KIND, RECEIVERS, SENDER, build_town, document

PLANS = int(os.environ.get("BENCH_PUSHED", "200"))
FHIR = "no.langbenk.health.v1.fhir-bundle"
EMPTY = b'{"resourceType":"Bundle","type":"searchset","total":0}'


def run() -> list[dict[str, Any]]:
    """Deliveries a second by one worker, CPU ms a delivery, and the same two calls made by hand."""
    with tempfile.TemporaryDirectory() as folder, _server() as url:
        hub = build(
            load_settings(
                {},
                database_url=f"sqlite:///{folder}/bench.sqlite3",
                broker_url=f"memory://{uuid4().hex}",
                master_key=new_master_key(),
            )
        )
        hub.store.migrate()
        clinic = _clinic(url)
        pupils = build_town(hub, PLANS)
        _admit(hub, clinic)
        calm_collector()
        _lay(hub, pupils)
        began, used = time.perf_counter(), time.process_time()
        _push(hub, clinic)
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
        _check(hub, clinic)
        hub.close()
        floor = _by_hand(url, PLANS)
    return [
        row("push", "FHIR over HTTP", "deliveries", PLANS / seconds, "1/s", floor),
        row("push", "FHIR over HTTP", "cpu python", cpu * 1000 / PLANS, "ms/delivery"),
    ]


def _clinic(url: str) -> System:
    return replace(RECEIVERS[0], id="ppt-clinic", client_id="c-clinic", adapter="health", document=FHIR,
                   delivery="push", settings={"url": url})  # fmt: skip


def _admit(hub: Hub, clinic: System) -> None:
    with hub.store.begin() as work:
        work.directory.put([clinic])
        for number in range(PLANS):
            child = f"child-{number}"
            key = ChildKey("own", f"patient-{number}")
            work.links.put(Link(HOME, clinic.id, f"plan-{number}", child, key, child))


def _lay(hub: Hub, pupils: list[str]) -> None:
    """Doors 1 and 2, with a delivery for each plan waiting at the end."""
    broker = hub.make_broker()
    for start in range(0, len(pupils), 64):
        some = pupils[start : start + 64]
        hub.reception.accept([Arrival(SENDER.id, HOME, uuid4().hex, KIND, document(each, 1)) for each in some])
    while work_turn(broker, INTAKE, hub.updates.run, 64, 0):
        pass
    broker.close()


def _push(hub: Hub, clinic: System) -> None:
    broker, turn = hub.make_broker(), hub.deliver_turn(clinic)
    while turn.turn(broker, clinic, 64, 0):
        pass
    broker.close()


def _check(hub: Hub, clinic: System) -> None:
    with hub.store.begin() as work:
        ended = [row for number in range(PLANS) for row in work.deliveries.of(HOME, f"plan-{number}")]
    delivered = [row for row in ended if row.system == clinic.id and row.state == "delivered"]
    assert len(delivered) == PLANS, f"{len(delivered)} of {PLANS} were delivered"


def _by_hand(url: str, count: int) -> float:
    body = document("pupil-1", 1)
    with httpx.Client(base_url=url) as client:
        began = time.perf_counter()
        for _ in range(count):
            client.post("CarePlan/_search", data={"subject": "Patient/1"})
            client.post("Bundle", content=body)
        return count / (time.perf_counter() - began)


@contextmanager
def _server() -> Iterator[str]:
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.push"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
    finally:
        process.terminate()
        process.wait(timeout=10)


class Taker(BaseHTTPRequestHandler):
    """Takes every Bundle, and has no plan of anybody."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = EMPTY if self.path.endswith("_search") else b""
        self.send_response(200 if body else 201)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
