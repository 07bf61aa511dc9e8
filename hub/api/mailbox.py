"""Door 3 for systems that fetch: the fetch is the dispatch, decided then and there; and the answer to it."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Literal

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from hub.api.door import Reader
from hub.api.needs import Hub, TheHub
from hub.api.problems import documented
from hub.api.receipts import QuestionOut, question_out
from hub.api.shapes import Code, Reference, Strict
from hub.model.envelope import Parcel
from hub.model.service import System
from hub.ops.questions import of_system
from hub.sdk import Posted

router = APIRouter(tags=["mailbox"])
MOST = 100
EXAMPLE = {
    "deliveries": [
        {
            "id": "5d0f6c1e9b1d4c0f8f0a3c2b1a09f8e7",
            "kind": "no.langbenk.plan.v1.document",
            "version": 3,
            "correlationId": "sak-2026-17",
            "mediaType": "application/json",
            "encoding": "json",
            "document": {"title": "Individuell plan"},
        }
    ],
    "questions": [],
    "proposals": [
        {
            "id": "8c1e2f3a4b5c6d7e8f90a1b2c3d4e5f6",
            "correlationId": "sak-2026-17",
            "proposal": "0f3c2a9b7e6d4c1f8a5b4c3d2e1f0a9b",
            "message": "5e1c0b7a",
            "part": "5d0f6c1e9b1d4c0f8f0a3c2b1a09f8e7",
            "state": "declined",
            "kind": "measure",
            "key": "m-1",
            "reason": "the plan has one of its own",
        }
    ],
    "feedback": [
        {
            "id": "1f2e3d4c5b6a79880716253443526170",
            "correlationId": None,
            "message": "9b2e7c1a",
            "part": "7a6b5c4d3e2f10918273645566778899",
            "told": "investigation",
        }
    ],
}


class DeliveryOut(BaseModel):
    """A document for your system. The same id comes again until it is acknowledged, cut anew each time."""

    id: str = Field(description="delivery id (klientMeldingId)")
    kind: str
    version: int = Field(description="counts for this plan towards your system; 0 for a directed message")
    correlationId: str | None = None
    mediaType: str
    encoding: Literal["json", "base64"] = Field(description="how `document` is given")
    document: Any
    expiresAt: str | None = None


class CounterOut(BaseModel):
    """What is proposed to you in return; answer at `/v1/messages/proposals/{id}/answer`."""

    proposal: str
    content: dict[str, Any] | None = Field(
        None, description="the fields that differ from yours, where you may see them"
    )


class ProposalAnswerOut(BaseModel):
    """How one of your proposals was decided, once a decision. It comes again until it is acknowledged by its `id`.

    Of an element that your system may no longer see, only the outcome is told. `no.langbenk.hub.v1.forslagssvar` over
    AMQP is the same.
    """

    id: str = Field(description="delivery id, to acknowledge it by")
    correlationId: str | None = None
    proposal: str
    message: str = Field(description="your own id for the message in which you proposed it")
    part: str
    state: Literal["accepted", "declined", "countered"]
    kind: str | None = None
    key: str | None = Field(None, description="your own key of the element")
    reason: str | None = None
    counter: CounterOut | None = None


class FeedbackOut(BaseModel):
    """What child welfare answered about a report of yours (bvl § 13-3), and all that may be told of it.

    Keep it from everybody who need not know. It comes again until it is acknowledged by its `id`.
    `no.langbenk.hub.v1.tilbakemelding` over AMQP is the same.
    """

    id: str = Field(description="delivery id, to acknowledge it by")
    correlationId: str | None = None
    message: str = Field(description="your own id for the message in which you reported")
    part: str
    told: Literal["received", "investigation", "no_investigation", "closed"] = Field(
        description="it came in; it is investigated, or not; the investigation is over"
    )


class MailboxOut(BaseModel):
    deliveries: list[DeliveryOut]
    questions: list[QuestionOut] = Field(
        default_factory=list, description="what is asked of you about messages you sent, and not yet answered"
    )
    proposals: list[ProposalAnswerOut] = Field(
        default_factory=list, description="what became of edits that your system may not make alone"
    )
    feedback: list[FeedbackOut] = Field(default_factory=list, description="what child welfare answered your reports")


class Acknowledgement(Strict):
    """Your system's answer to one delivery. `rejected` is final; say why by code."""

    id: Reference
    status: Literal["delivered", "accepted", "rejected"]
    code: Code | None = Field(None, examples=["unknown_pupil"])
    keys: dict[str, str] | None = Field(None, description="your own keys for new items, by the key the hub gave")


class AcknowledgedOut(BaseModel):
    acknowledged: int
    unknown: list[str] = Field(description="ids that are no open delivery of your system")


@router.get(
    "/v1/mailbox",
    responses={200: {"model": MailboxOut, "content": {"application/json": {"example": EXAMPLE}}}, **documented(422)},
    summary="Fetch what is ready",
)
def get_mailbox(hub: TheHub, system: Reader, limit: int = Query(20, ge=1, le=MOST)) -> Response:
    """What your system has not been shown comes first, oldest first; then what it was shown and has not acknowledged,
    longest ago first. Each document is decided and cut now, with today's consents. `limit` counts documents, and what
    became of your proposals and reports, each for itself."""
    rows = [_row(hub, system, parcel) for parcel in hub.mailbox.fetch(system, limit)]
    with hub.store.begin() as work:
        asked = [question_out(each).model_dump(mode="json") for each in of_system(work, system)]
    told = [_told(parcel) for parcel in hub.mailbox.answers(system, limit)]
    answered = [_told(parcel) for parcel in hub.mailbox.feedback(system, limit)]
    body = orjson.dumps({"deliveries": rows, "questions": asked, "proposals": told, "feedback": answered})
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get("/v1/mailbox/proposals", responses=documented(422), summary="Fetch what became of your proposals")
def get_answers(
    hub: TheHub, system: Reader, response: Response, limit: int = Query(20, ge=1, le=MOST)
) -> list[ProposalAnswerOut]:
    """The same as `proposals` of the mailbox, without its documents: for a system whose documents are pushed to it."""
    response.headers["Cache-Control"] = "no-store"
    return [ProposalAnswerOut(**_told(parcel)) for parcel in hub.mailbox.answers(system, limit)]


@router.get("/v1/mailbox/feedback", responses=documented(422), summary="Fetch what child welfare answered")
def get_feedback(
    hub: TheHub, system: Reader, response: Response, limit: int = Query(20, ge=1, le=MOST)
) -> list[FeedbackOut]:
    """The same as `feedback` of the mailbox, without its documents: for a system whose documents are pushed to it."""
    response.headers["Cache-Control"] = "no-store"
    return [FeedbackOut(**_told(parcel)) for parcel in hub.mailbox.feedback(system, limit)]


@router.post("/v1/mailbox/acknowledgements", responses=documented(422), summary="Acknowledge deliveries")
def post_acknowledgements(hub: TheHub, system: Reader, answers: list[Acknowledgement]) -> AcknowledgedOut:
    """One answer for each delivery your system has taken over or cannot use."""
    posted = {row.id: Posted(row.status, row.code, row.keys) for row in answers}
    unknown = list(hub.mailbox.acknowledge(system, posted))
    return AcknowledgedOut(acknowledged=len(posted) - len(unknown), unknown=unknown)


def _told(parcel: Parcel) -> dict[str, Any]:
    return {"id": parcel.id, "correlationId": parcel.correlation_id, **orjson.loads(parcel.body)}


def _row(hub: Hub, system: System, parcel: Parcel) -> dict[str, Any]:
    known = hub.registry.kind(system.adapter, parcel.kind)
    media = known.media_type if known else "application/octet-stream"
    plain = media == "application/json" or media.endswith("+json")
    return {
        "id": parcel.id,
        "kind": parcel.kind,
        "version": parcel.version,
        "correlationId": parcel.correlation_id,
        "mediaType": media,
        "encoding": "json" if plain else "base64",
        # A JSON document goes out byte for byte as the adapter wrote it.
        "document": orjson.Fragment(parcel.body) if plain else b64encode(parcel.body).decode(),
        "expiresAt": parcel.expires_at.isoformat() if parcel.expires_at else None,
    }
