"""No room of the API reads more than a request may hold, whoever sends it, nor answers with more than was sent."""

from __future__ import annotations

from typing import Any

import pytest

from hub.model.service import System
from tests.unit.api.conftest import OFFICE, World
from tests.unit.api.test_messages import problem

ROOMS = ("/v1/plans", "/v1/needs", "/v1/mailbox/acknowledgements", "/v1/consents/documents")
KEY = {"Idempotency-Key": "k-1"}


@pytest.mark.parametrize("headers", [{}, KEY, {"Content-Length": "50000000"}, {"Content-Length": "50000000", **KEY}])
@pytest.mark.parametrize("by", [None, OFFICE])
@pytest.mark.parametrize("path", ROOMS)
def test_a_body_without_end_is_read_no_further_than_any_may_be(
    world: World, path: str, by: System | None, headers: dict[str, str]
) -> None:
    read: list[int] = []

    async def endless() -> Any:
        while True:
            read.append(1)
            yield b"x" * 10_000

    told = problem(world.call("POST", path, by=by, content=endless(), headers=headers), 413, "too_large")

    assert told["way_out"]
    assert len(read) < 20


def test_of_many_faults_a_hundred_are_told(world: World) -> None:
    body = {"systems": [{}] * 1_000}
    told = problem(world.call("PUT", "/v1/systems", json=body), 422, "invalid_request")

    assert len(told["errors"]) == 100


@pytest.mark.parametrize("body", [b'{"person":"\xff"}', b'{"person":' + b"[" * 40_000])
def test_a_body_that_cannot_be_read_is_answered_with_what_can(world: World, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    told = problem(world.call("POST", "/v1/plans", content=body, headers=headers), 422, "invalid_request")

    assert told.get("way_out") or told.get("errors")
