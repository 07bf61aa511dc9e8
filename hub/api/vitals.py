"""Signs of life for the platform: alive, ready, metrics, and what each problem code means. No token, no detail."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from hub.api.needs import Hub, TheHub
from hub.api.problems import Problem, documented
from hub.api.requests import Refusals
from hub.model.codes import CODES
from hub.ops.health import Check, clock_is_right, ready
from hub.policy import POLICY_VERSION

router = APIRouter(tags=["vitals"])
KEPT = 2.0


class Readiness:
    """Asks database and broker at most every other second, however often it is probed."""

    def __init__(self, hub: Hub) -> None:
        self._checks: Mapping[str, Check] = {
            "database": hub.store.ping,
            "broker": lambda: hub.publish([]),  # asks for nothing, but for a broker that answers
            "policy": lambda: POLICY_VERSION,
            "clock": lambda: clock_is_right(hub.clock),
        }
        self._answer: Mapping[str, bool] = {}
        self._asked_at = float("-inf")
        self._lock = threading.Lock()

    def now(self) -> Mapping[str, bool]:
        with self._lock:
            if time.monotonic() - self._asked_at > KEPT:
                self._answer, self._asked_at = ready(self._checks), time.monotonic()
            return self._answer


@router.get("/livez", summary="Alive")
async def livez() -> dict[str, str]:
    """The process answers; it asks nobody."""
    return {"status": "ok"}


@router.get("/readyz", summary="Ready for work")
def readyz(request: Request) -> Response:
    """Database, broker, policy and clock; says no more than yes or no."""
    readiness: Readiness = request.app.state.readiness
    good = all(readiness.now().values())
    headers = {"Cache-Control": "no-store"} if good else {"Cache-Control": "no-store", "Retry-After": "5"}
    return JSONResponse({"status": "ok" if good else "unavailable"}, 200 if good else 503, headers)


@router.get("/metrics", summary="Prometheus metrics", response_class=PlainTextResponse)
def metrics(request: Request, hub: TheHub) -> PlainTextResponse:
    """Labels come from closed sets; no value is about a person."""
    refusals: Refusals = request.app.state.refusals
    return PlainTextResponse(
        hub.metrics_text() + refusals.text(), media_type="text/plain; version=0.0.4; charset=utf-8"
    )


@router.get("/problems/{code}", responses={404: documented(404)[404]}, summary="What a problem code means")
async def problem(code: str) -> dict[str, Any]:
    """The `type` of every problem document leads here."""
    word = CODES.get(code)
    if word is None:
        raise Problem("not_found", "there is no such problem code", place="code")
    return {"code": code, "status": word.status, "retryable": word.retryable, "titles": word.titles}
