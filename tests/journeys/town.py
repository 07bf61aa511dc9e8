"""A hub that runs: its API behind a server, its workers in threads, and systems that call it with real tokens."""

from __future__ import annotations

import base64
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from hub.model.service import System
from hub.sandbox.issuer import Issuer
from tests.journeys.world import PATIENCE, World

SAMPLES = Path(os.environ.get("LANGBENK_SAMPLES", Path(__file__).parents[3] / "shared" / "samples"))


@dataclass
class Town:
    """`world` sets the table; everything a system does goes over HTTP, through one client: each makes its own TLS."""

    world: World
    url: str
    issuer: Issuer
    client: httpx.Client

    def call(self, by: System | None, method: str, path: str, **more: Any) -> httpx.Response:
        headers = more.pop("headers", {})
        token = more.pop("token", None) or (self.issuer.token_for(by) if by else None)
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        return self.client.request(method, path, headers={**bearer, **headers}, **more)

    def post(self, by: System, body: bytes, kind: str = "", media: str = "application/json", **more: Any) -> Any:
        """Sends a document as that system; keyword `headers` are added."""
        given = {"Content-Type": media, "Langbenk-Kind": kind or by.document, "Idempotency-Key": uuid4().hex}
        headers = given | more.pop("headers", {})
        return self.call(by, "POST", "/v1/messages", content=body, headers=headers, **more)

    def settled(self, by: System, answer: httpx.Response) -> list[dict[str, Any]]:
        """The parts of a message that was taken in, when none of them is pending any longer."""
        assert answer.status_code == 202, answer.text
        until, pause = monotonic() + PATIENCE, threading.Event()
        while monotonic() < until:
            parts: list[dict[str, Any]] = self.call(by, "GET", answer.headers["Location"]).json()["parts"]
            if all(part["state"] != "pending" for part in parts):
                return parts
            pause.wait(0.02)
        raise AssertionError("the message stays pending")

    def empty_mailbox(self, of: System) -> list[Any]:
        """Every document in a system's mailbox, acknowledged: JSON as a value, everything else as bytes."""
        rows = self.call(of, "GET", "/v1/mailbox?limit=100").json()["deliveries"]
        answers = [{"id": row["id"], "status": "delivered"} for row in rows]
        self.call(of, "POST", "/v1/mailbox/acknowledgements", json=answers)
        return [row["document"] if row["encoding"] == "json" else base64.b64decode(row["document"]) for row in rows]


def sample(place: str) -> bytes:
    """A file of ../shared/samples; where they are absent the test is skipped, and says so."""
    found = SAMPLES / place
    if not SAMPLES.is_dir():
        pytest.skip(f"NOT TESTED: no samples at {SAMPLES}; set LANGBENK_SAMPLES to their folder")
    return found.read_bytes()


def json_sample(place: str) -> Any:
    return orjson.loads(sample(place))
