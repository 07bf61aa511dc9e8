"""Every error as a problem document (RFC 9457) with code, retryable and titles in three languages; never a value."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from http import HTTPStatus
from itertools import islice, pairwise
from typing import Any, cast
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from hub.api.outcomes import FHIR, outcome
from hub.errors import SetupError, TryAgainError, UnusableError
from hub.model.codes import Word, word_of

MEDIA_TYPE = "application/problem+json"
LANGUAGES = ("en", "nb", "nn")
RETRY_SECONDS = 5.0
FAULTS = 100
"""The most faults of one request that are told."""
KEYED = frozenset({"answers", "content", "keys", "settings"})
"""Fields of requests whose own names the caller makes up: none is repeated."""
UNROUTED = {
    400: ("invalid_request", "the body cannot be read", "send JSON in UTF-8"),
    404: ("not_found", "Not Found", None),
    405: ("method_not_allowed", "Method Not Allowed", None),
    413: ("too_large", "the request is larger than any may be", "send less at a time"),
}
"""What the framework itself refuses, by its status."""
log = logging.getLogger("hub.api")


class Problem(Exception):
    """An answer that is not what the caller asked for. `code` is one of `CODES`; `more` are further members."""

    def __init__(self, code: str, detail: str, *, after: float | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.code, self.detail, self.after, self.more = code, detail, after, more


class ProblemDocument(BaseModel):
    """An error as the API answers it. `code` is stable; `retryable` says whether the same request may work later."""

    type: str = Field(examples=["/problems/not_found"])
    title: str = Field(examples=["Not found"])
    titles: dict[str, str] = Field(examples=[{"en": "Not found", "nb": "Finnes ikke", "nn": "Finst ikkje"}])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["there is no such plan in this municipality"])
    instance: str = Field(examples=["urn:uuid:8d0c4a5e-5b0a-4b3e-9f43-0d5c2b7f9a10"])
    code: str = Field(examples=["not_found"])
    retryable: bool = Field(examples=[False])
    place: str | None = Field(None, examples=["plan"])
    way_out: str | None = None
    receipt: str | None = Field(None, description="the address of the receipt, where the message has one")
    etag: str | None = Field(None, description="of what it is now, where If-Match did not hold")
    current: dict[str, Any] | list[Any] | None = Field(None, description="what it is now, where If-Match did not hold")
    errors: list[dict[str, str]] | None = Field(None, description="place and kind of each fault, up to a hundred")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI answers of these statuses, and of those every operation may give."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in sorted({401, 403, 503, *statuses})
    }


def install(app: FastAPI) -> None:
    """Every way a request can fail ends here; each is counted by code."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(UnusableError, _on_unusable)
    app.add_exception_handler(TryAgainError, _on_try_again)
    app.add_exception_handler(SetupError, _on_setup)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)


def answer(request: Request, problem: Problem) -> Response:
    """The problem as a response, counted, in the caller's language."""
    word = word_of(problem.code)
    request.app.state.refusals.count(problem.code)
    body = {
        "type": f"/problems/{problem.code}",
        "title": word.titles[_language(request)],
        "titles": word.titles,
        "status": word.status,
        "detail": problem.detail,
        "instance": f"urn:uuid:{uuid4()}",
        "code": problem.code,
        "retryable": word.retryable,
        **{name: value for name, value in problem.more.items() if value is not None},
    }
    if request.url.path.startswith("/fhir/"):
        places = [problem.more.get("place") or ""]
        words = "; ".join(filter(None, (f"{problem.code}: {problem.detail}", problem.more.get("way_out"))))
        told = outcome(word.status, words, places)
        return Response(told, word.status, _headers(word, problem), FHIR)
    return JSONResponse(body, word.status, _headers(word, problem), MEDIA_TYPE)


def of_unusable(error: UnusableError, **more: Any) -> Problem:
    """Codes the catalogue knows keep their status; others are shown as they are, under `unusable`."""
    return Problem(error.code, str(error), place=error.place, way_out=error.way_out, **more)


def of_busy(error: TryAgainError) -> Problem:
    """Something the hub itself needs did not answer."""
    return Problem("try_again", "the hub cannot answer at the moment; nothing is lost", after=error.after)


def _headers(word: Word, problem: Problem) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if word.status in (429, 503) or problem.after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(problem.after or RETRY_SECONDS)))
    if tag := problem.more.get("etag"):
        headers["ETag"] = tag
    if word.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="langbenk"'
    return headers


def _language(request: Request) -> str:
    wanted = (each.split(";")[0].strip().lower() for each in request.headers.get("accept-language", "").split(","))
    known = {"no": "nb", **{language: language for language in LANGUAGES}}
    return next((known[each.split("-")[0]] for each in wanted if each.split("-")[0] in known), "en")


async def _on_problem(request: Request, error: Exception) -> Response:
    return answer(request, cast(Problem, error))


async def _on_unusable(request: Request, error: Exception) -> Response:
    return answer(request, of_unusable(cast(UnusableError, error)))


async def _on_try_again(request: Request, error: Exception) -> Response:
    return answer(request, of_busy(cast(TryAgainError, error)))


async def _on_setup(request: Request, error: Exception) -> Response:
    log.error("setup", extra={"reason": str(error)})
    return answer(request, Problem("setup", "the hub is not set up for this; its operator has been told"))


async def _on_validation(request: Request, error: Exception) -> Response:
    errors = [
        {"place": _place(row["loc"], row["type"]), "kind": str(row["type"])}
        for row in islice(cast(RequestValidationError, error).errors(), FAULTS)
    ]
    detail = "the request does not have the form the operation asks for"
    return answer(request, Problem("invalid_request", detail, errors=errors))


async def _on_http(request: Request, error: Exception) -> Response:
    refused = cast(HTTPException, error)
    code, detail, way_out = UNROUTED.get(
        refused.status_code, ("invalid_request", HTTPStatus(refused.status_code).phrase, None)
    )
    told = answer(request, Problem(code, detail, way_out=way_out))
    told.headers.update(refused.headers or {})  # which methods there are instead
    return told


def unforeseen(request: Request, error: Exception) -> Response:
    """Only the class of an unforeseen error is told and logged: its text may quote what it met."""
    log.error("fault", extra={"stage": route_of(request.scope), "error": type(error).__name__})
    return answer(request, Problem("internal", "the hub failed in a way it did not foresee; nothing is half done"))


def _place(place: Sequence[str | int], kind: str) -> str:
    """A place by position and by the names of our own form; a name the caller made up is not repeated."""
    steps = [*place[:-1], "*"] if kind == "extra_forbidden" else place
    told = ("*" if before in KEYED else step for before, step in pairwise(("", *steps)))
    return ".".join(str(step) for step in told if _ours(step))


def _ours(step: str | int) -> bool:
    return isinstance(step, int) or (len(step) < 40 and not any(letter.isdigit() for letter in step))


def route_of(scope: Any) -> str:
    """The template of the route, never the path that was asked for."""
    return getattr(scope.get("route"), "path", "–")
