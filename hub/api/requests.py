"""Around every request: what was refused is counted by code, and the access log tells the route's template only."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request

from hub.api.problems import route_of, unforeseen
from hub.model.codes import CODES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("hub.api.access")


class Refusals:
    """How many requests were refused, by problem code: a closed set, so it can be a metric's label."""

    def __init__(self) -> None:
        self._codes: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, code: str) -> None:
        """A code that is not in the catalogue is an adapter's own: it makes no new series."""
        with self._lock:
            self._codes[code if code in CODES else "unusable"] += 1

    def text(self) -> str:
        """Prometheus' text form."""
        with self._lock:
            rows = sorted(self._codes.items())
        lines = ["# HELP langbenk_api_refused_total Requests refused, by problem code."]
        lines += ["# TYPE langbenk_api_refused_total counter"]
        return (
            "\n".join([*lines, *(f'langbenk_api_refused_total{{code="{code}"}} {number}' for code, number in rows)])
            + "\n"
        )


class AccessLog:
    """ASGI middleware: one line a request, and an answer for what no one foresaw instead of a traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except ClientDisconnect:
            status = 499
        except Exception as error:
            if status:
                raise RuntimeError("an answer broke off") from None
            await unforeseen(Request(scope), error)(scope, receive, noting)
        finally:
            taken = round(time.perf_counter() - started, 4)
            told = {"method": scope["method"], "route": route_of(scope), "status": status, "seconds": taken}
            log.info("request", extra=told)
