"""How large a request may be: one that is larger is read no further, whoever sends it and before anybody asks who."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request

from hub.api.once import OWN_WAY
from hub.api.problems import Problem, answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

WAY_OUT = "send less at a time"


class Bounded:
    """ASGI middleware. A message is bounded at its own door, where one that is too large has its line in the ledger."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == OWN_WAY:
            await self.app(scope, receive, send)
            return
        request, most = Request(scope), int(scope["app"].state.hub.settings.max_body)
        if _said(request) > most:
            problem = Problem("too_large", f"a request may hold {most} bytes", way_out=WAY_OUT)
            await answer(request, problem)(scope, receive, send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > most:  # of the errors of whoever reads a body FastAPI lets only this one through
                raise HTTPException(413, f"a request may hold {most} bytes")
            return message

        await self.app(scope, counted, send)


def _said(request: Request) -> int:
    """The length by the request's own word; nothing where it does not say."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0
