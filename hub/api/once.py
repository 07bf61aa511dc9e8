"""The same request by the same caller under one Idempotency-Key is carried out once, and answered alike."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hub.api.door import Doorkeeper
from hub.api.needs import Hub
from hub.api.problems import Problem, answer, of_busy
from hub.errors import SetupError, TryAgainError, UnusableError
from hub.model.service import System
from hub.ports import Answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEY = "Idempotency-Key"
LONGEST = 255
TAKEN_OVER = timedelta(minutes=1)
"""When a request that was begun and never answered (its process died) may be carried out again."""
KEPT = frozenset({"content-type", "location", "etag", "last-modified"})
OWN_WAY = "/v1/messages"
"""A message's key is its id in the inbox."""


class OncePerKey:
    """ASGI middleware for every POST that bears a key. What had no effect is not kept, and may be asked again."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive) if scope["type"] == "http" else None
        if request is None or not _asks(request):
            await self.app(scope, receive, send)
            return
        try:
            system = await _caller(request)
            begun = await _begin(request, system) if system else None
        except Problem as problem:
            await answer(request, problem)(scope, receive, send)
        except TryAgainError as busy:  # what cannot be remembered is not carried out
            await answer(request, of_busy(busy))(scope, receive, send)
        else:
            await self._go_on(begun, request, send)

    async def _go_on(self, begun: Answer | None, request: Request, send: Send) -> None:
        if begun is None:
            await self.app(request.scope, request.receive, send)
        elif begun.said is not None:
            await _said(begun.said)(request.scope, request.receive, send)
        else:
            await self._carry_out(begun, request, send)

    async def _carry_out(self, begun: Answer, request: Request, send: Send) -> None:
        heard = _Heard()
        body = request.state.whole_body

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        store = request.scope["app"].state.hub.store
        try:
            await self.app(request.scope, again, heard)
        except BaseException:
            await run_in_threadpool(_drop, store, begun)
            raise
        kept = begun._replace(said=heard.kept()) if heard.status < 400 else None
        await run_in_threadpool(_keep, store, kept) if kept else await run_in_threadpool(_drop, store, begun)
        for message in heard.messages:
            await send(message)


class _Heard:
    """The answer as the application gave it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return next((int(each["status"]) for each in self.messages if each["type"] == "http.response.start"), 500)

    def kept(self) -> bytes:
        raw = next(each["headers"] for each in self.messages if each["type"] == "http.response.start")
        headers = {name.decode(): value.decode() for name, value in raw if name.decode() in KEPT}
        body = b"".join(each.get("body", b"") for each in self.messages if each["type"] == "http.response.body")
        return orjson.dumps({"status": self.status, "headers": headers, "body": body.decode()})


def _asks(request: Request) -> bool:
    return KEY in request.headers and is_kept(request.method, request.url.path)


def is_kept(method: str, path: str) -> bool:
    """Whether the answer to such a request is kept under its key."""
    return method == "POST" and path.startswith("/v1/") and path != OWN_WAY


async def _caller(request: Request) -> System | None:
    """Whose key it is; nobody's who is not let in: the operation itself says why."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    doorkeeper: Doorkeeper = request.scope["app"].state.doorkeeper
    if scheme.lower() != "bearer" or not token.strip():
        return None
    try:
        return await run_in_threadpool(doorkeeper.whose, token.strip())
    except (UnusableError, SetupError):
        return None


async def _begin(request: Request, system: System) -> Answer:
    """What was answered before; or else, without an answer, the claim to be the one who carries it out."""
    hub: Hub = request.scope["app"].state.hub
    key = request.headers[KEY].strip().strip('"')
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        raise Problem("bad_header", f"{KEY} must hold 1 to {LONGEST} printable signs", place=KEY)
    body = request.state.whole_body = await _body(request, hub.settings.max_body)
    asked = hub.keys.fingerprint("request", request.url.path, request.url.query, body)
    now = hub.clock.now()
    mine = Answer(system.client_id, hub.keys.fingerprint("key", key).hex(), system.municipality, asked, now)
    found = await run_in_threadpool(_claim, hub.store, mine)
    if found is None:
        return mine
    if found.request != asked:
        way_out = "give each new request a key of its own"
        raise Problem("idempotency_conflict", "this key was used before for another request", way_out=way_out)
    if found.said is None:
        raise Problem("in_progress", "the same request is being carried out", after=1.0)
    return found


async def _body(request: Request, most: int) -> bytes:
    chunks, size = [], 0
    async for chunk in request.stream():
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            raise Problem("too_large", f"a request may hold {most} bytes", way_out="send less at a time")
    return b"".join(chunks)


def _claim(store: Any, mine: Answer) -> Answer | None:
    with store.begin() as work:
        found: Answer | None = work.answers.begin(mine, mine.at - TAKEN_OVER)
        return found


def _keep(store: Any, kept: Answer) -> None:
    with store.begin() as work:
        work.answers.keep(kept)


def _drop(store: Any, begun: Answer) -> None:
    with store.begin() as work:
        work.answers.drop(begun.client, begun.key)


def _said(kept: bytes) -> Response:
    said = orjson.loads(kept)
    return Response(said["body"], said["status"], {**said["headers"], "Idempotent-Replayed": "true"})
