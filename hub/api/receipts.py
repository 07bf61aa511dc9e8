"""A receipt as JSON, and when a message is refused outright instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from hub.api.problems import Problem
from hub.model.codes import word_of
from hub.model.envelope import PartState, Receipt
from hub.ops.followed import Followed, Status
from hub.ops.questions import question_id
from hub.ports import Move
from hub.routing.envelope import outright


class PartOut(BaseModel):
    """What became of one child's part of the message."""

    part: str = Field(examples=["5d0f6c1e9b1d4c0f8f0a3c2b1a09f8e7"])
    state: PartState = Field(description="`pending` and `held` may change; every other state is final")
    code: str | None = Field(
        None,
        description="why it, or some of it, was refused or set aside, or did not come through",
        examples=["no_link"],
    )
    place: str | None = Field(None, description="where in the document; a place, never a value")


class QuestionOut(BaseModel):
    """What somebody who must decide about your message asks you; answer at `/v1/messages/{id}/answers`."""

    id: str
    part: str
    question: str
    asked_at: datetime


class ProposalTold(BaseModel):
    """What became of an edit that your system may not make alone, and what was proposed in return."""

    id: str
    part: str
    state: str = Field(description="open, accepted, declined or countered")
    reason: str | None = Field(None, description="what whoever decided it says", examples=["agreed in the meeting"])
    counters: str | None = Field(None, description="the proposal of yours in whose place this one is made to you")
    content: dict[str, Any] | None = Field(None, description="what is proposed to you in return, while it waits")


class DeliveryTold(BaseModel):
    """How far one part came towards one receiver, and never why: `waiting` is on its way or not yet taken over,
    `failed` did not reach it, `held` waits for a person, `denied` may not be told. Of a document about a plan there is
    a line for each receiver that your system may know of, and none for any other."""

    part: str
    receiver: str = Field(description="the service", examples=["kindergarten"])
    status: Status
    open_holds: int = Field(description="elements of this part that wait for a person to decide about this receiver")


def question_out(asked: Move) -> QuestionOut:
    """Ids and the question's own words; nothing of what it is about."""
    return QuestionOut(
        id=question_id(asked), part=asked.part or "", question=asked.words.get("question", ""), asked_at=asked.done_at
    )


class ReceiptOut(BaseModel):
    """The hub has the message and will not lose it. Ask again at `Location` for what became of each part."""

    id: str = Field(examples=["0f3c2a9b7e6d4c1f8a5b4c3d2e1f0a9b"])
    message_id: str = Field(description="the sender's own id (Idempotency-Key)", examples=["5e1c…"])
    kind: str = Field(examples=["no.langbenk.school.v1.support-plan"])
    received_at: datetime
    parts: list[PartOut]
    skipped: int = Field(0, description="pupils of a roster without a link: counted, not kept")
    questions: list[QuestionOut] = Field(default_factory=list, description="what is asked of you and not yet answered")
    proposals: list[ProposalTold] = Field(default_factory=list, description="your edits that others decide about")
    deliveries: list[DeliveryTold] = Field(
        default_factory=list, description="how far it came towards each receiver that you may know of"
    )
    late: bool = Field(
        False, description="a report or a danger that has not reached its receiver in time, or cannot: telephone now"
    )


def receipt_out(
    receipt: Receipt,
    questions: Sequence[QuestionOut] = (),
    proposals: Sequence[ProposalTold] = (),
    deliveries: Sequence[Followed] = (),
    *,
    late: bool = False,
) -> ReceiptOut:
    """The same for a first request and for its retry."""
    parts = [PartOut(part=part.part, state=part.state, code=part.code, place=part.place) for part in receipt.parts]
    return ReceiptOut(
        id=receipt.id,
        message_id=receipt.message_id,
        kind=receipt.kind,
        received_at=receipt.received_at,
        parts=parts,
        skipped=receipt.skipped,
        questions=list(questions),
        proposals=list(proposals),
        deliveries=[DeliveryTold(**each._asdict()) for each in deliveries],
        late=late,
    )


def address(receipt: Receipt) -> str:
    """Where the receipt is read again."""
    return f"/v1/messages/{receipt.id}"


def refusal(receipt: Receipt) -> Problem | None:
    """The problem, where every part was refused for the message's own fault; it names the receipt's address."""
    if (first := outright(receipt)) is None:
        return None
    code = first.code or "unusable"
    detail = f"the message was refused: {word_of(code).titles['en'].lower()}"
    return Problem(code, detail, place=first.place, receipt=address(receipt))
