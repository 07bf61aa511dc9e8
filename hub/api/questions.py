"""What people ask whoever sent a message: it stands in the receipt and the mailbox; the answer returns to the hold."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from hub.api.door import caller
from hub.api.needs import TheHub, desk
from hub.api.problems import Problem, documented
from hub.api.receipts import QuestionOut, question_out
from hub.api.shapes import Reference, Strict
from hub.model.service import System
from hub.ops import questions
from hub.ports import Move, Work
from hub.security.tokens import WRITE

router = APIRouter(tags=["messages"])


class AnswerIn(Strict):
    """What the sender says to a question about its message."""

    question: Reference = Field(examples=["0f3c2a9b7e6d4c1f8a5b4c3d2e1f0a9b:2"])
    answer: str = Field(min_length=1, max_length=4_000, examples=["the text names no place; it may go as it is"])
    person: Reference | None = Field(None, description="who answers: an opaque id", examples=["emp-7"])


@router.post(
    "/v1/messages/{id}/answers", status_code=204, responses=documented(404, 409, 422), summary="Answer a question"
)
def post_answer(id: str, told: AnswerIn, hub: TheHub, system: Annotated[System, Depends(caller(WRITE))]) -> None:
    """Of a person who must decide about what you sent. Only the system that sent the message can answer, and once; the
    same answer may be sent again. Over AMQP the same is said by a letter of type `no.langbenk.hub.v1.svar`."""
    with hub.store.begin() as work:
        asked = next(
            (each for each in asked_about(work, system, id) if questions.question_id(each) == told.question), None
        )
        if asked is None:
            raise Problem("not_found", "there is no such question about this message", place="question")
        questions.answer(work, desk(hub, system), asked, told.answer, told.person)


def asked_about(work: Work, system: System, id: str) -> list[Move]:
    """Questions about one message of this system's, answered ones too."""
    receipt = work.inbox.receipt(system.municipality, system.id, id)
    parts = [part.part for part in receipt.parts] if receipt else []
    return list(work.moves.asked(system.municipality, parts))


def open_questions(work: Work, system: System, parts: list[str]) -> list[QuestionOut]:
    """What the sender has still to answer."""
    found = questions.of_parts(work, system.municipality, parts)
    return [question_out(each) for _, asked in sorted(found.items()) for each in asked]
