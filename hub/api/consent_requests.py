"""Requests for consent over HTTP: asked, shown in the reader's language, answered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from hub.api.consent_words import AnswerIn, ConsentOut, RequestIn, RequestOut, consent_out, request_out
from hub.api.door import Controller
from hub.api.needs import TheHub, desk
from hub.api.problems import documented
from hub.ops import consents
from hub.ops.consents import Asking
from hub.policy.question import Language, render

router = APIRouter(tags=["consents"])


@router.post("/v1/consent-requests", status_code=201, responses=documented(404, 409, 422), summary="Ask for consent")
def post_request(told: RequestIn, hub: TheHub, system: Controller) -> RequestOut:
    """The hub finds who must consent. A blank form is refused with the reason (CON-04); the same question, while it
    waits for its answers, is not asked twice."""
    asking = Asking(told.child, told.terms(), told.person, told.about, told.deadline, told.matter, told.hold)
    with hub.store.begin() as work:
        request = consents.ask(work, desk(hub, system), asking)
    return request_out(request)


@router.get("/v1/consent-requests", responses=documented(404), summary="List requests for consent")
def get_requests(
    hub: TheHub, system: Controller, child: Annotated[str | None, Query(description="all about one child")] = None
) -> list[RequestOut]:
    """Those somebody has still to answer, the oldest first; with `child` all about that child."""
    with hub.store.begin() as work:
        return [request_out(one) for one in consents.requests(work, desk(hub, system), child)]


@router.get("/v1/consent-requests/{id}", responses=documented(404), summary="Read a request for consent")
def get_request(id: str, hub: TheHub, system: Controller, language: Language = "nb") -> RequestOut:
    """With the question as the person reads it: the right to refuse, the consequences, how to withdraw."""
    with hub.store.begin() as work:
        request = consents.request_of(work, desk(hub, system), id)
    return request_out(request, dict(render(request, language)))


@router.post("/v1/consent-requests/{id}/answers", responses=documented(404, 409, 422), summary="Answer a request")
def post_answer(id: str, told: AnswerIn, hub: TheHub, system: Controller) -> ConsentOut:
    """A yes or a no of one person who is asked; after the deadline only a no."""
    with hub.store.begin() as work:
        given = consents.answer(work, desk(hub, system), id, told.said(hub.clock.now()))
    hub.facts_changed(given.child)
    return consent_out(given)
