"""What waits for a human, over HTTP: seen without its content, and decided by people whom the municipality authorised.

The control system's token says which municipality asks; the person it names is looked up in its register.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import APIRouter, Header, Query

from hub.api.consent_words import RequestOut, request_out
from hub.api.door import Controller
from hub.api.hold_words import (
    Asked,
    ConsentAsked,
    HandedOver,
    HoldOut,
    HoldWhole,
    OfficialIn,
    Refused,
    Released,
    hold_out,
    hold_whole,
)
from hub.api.needs import Hub, TheHub, desk
from hub.api.problems import Problem, documented
from hub.api.shapes import Reference
from hub.ops import hold_talk, hold_view, holds
from hub.ops.officials import Barred, authorise, officials_from
from hub.ports import Hold
from hub.sdk import SetupError

router = APIRouter(tags=["holds"])
T = TypeVar("T")
Person = Annotated[Reference, Header(alias="Langbenk-Person", description="who asks: an opaque id in the register")]
ANSWERS = documented(403, 404, 409, 422)


@router.put("/v1/officials", responses=documented(422), summary="Authorise people")
def put_officials(told: list[OfficialIn], hub: TheHub, system: Controller) -> list[OfficialIn]:
    """Who may decide what in your municipality; the same as `officials:` in `langbenk config apply FILE`."""
    rows = [row.model_dump(exclude_none=True) | {"municipality": system.municipality} for row in told]
    try:
        people = officials_from(rows)
    except SetupError as error:
        raise Problem("bad_officials", str(error)) from error
    with hub.store.begin() as work:
        authorise(work, desk(hub, system), people)
    return told


@router.get("/v1/officials", responses=documented(), summary="List authorised people")
def get_officials(hub: TheHub, system: Controller) -> list[OfficialIn]:
    """Of your municipality; those without roles have gone."""
    with hub.store.begin() as work:
        found = work.directory.officials(system.municipality)
    return [
        OfficialIn(person=each.person, roles=sorted(each.roles), service=each.service, district=each.district)
        for each in found
    ]


@router.get("/v1/holds", responses=documented(422), summary="List open holds")
def get_holds(hub: TheHub, system: Controller, person: Person, plan: str | None = Query(None)) -> list[HoldOut]:
    """As this person may see them, most urgent first. What concerns a protected address only its own people see."""
    with hub.store.begin() as work:
        found = holds.seen_by(work, desk(hub, system), person, plan)
    return [hold_out(row) for row in _allowed(found)]


@router.get("/v1/holds/{id}", responses=documented(404, 422), summary="Read a hold")
def get_hold(id: str, hub: TheHub, system: Controller, person: Person) -> HoldWhole:
    """With all that has been done about it, and what it takes to send it."""
    with hub.store.begin() as work:
        found = hold_view.show(work, desk(hub, system), id, person)
    return hold_whole(_allowed(found))


@router.post("/v1/holds/{id}/release", responses=ANSWERS, summary="Send what is held, or a part of it")
def post_release(id: str, told: Released, hub: TheHub, system: Controller) -> HoldOut:
    """One person's word. Where two must agree the hold stays `open`, with this person in `agreed_by`, until another
    says the same. Answers that hold only, never a shut, and lapses when the element changes."""
    fields = None if told.fields is None else tuple(dict.fromkeys(told.fields))
    judgement = holds.Judgement(told.person, told.reason, " ".join(told.findings), told.best_interest, fields)
    with hub.store.begin() as work:
        hold = holds.release(work, desk(hub, system), id, judgement)
    return _done(hub, hold)


@router.post("/v1/holds/{id}/refusal", responses=ANSWERS, summary="Refuse a hold")
def post_refusal(id: str, told: Refused, hub: TheHub, system: Controller) -> HoldOut:
    """What was held stays where it is."""
    judgement = holds.Judgement(told.person, told.reason, best_interest=told.best_interest)
    with hub.store.begin() as work:
        hold = holds.refuse(work, desk(hub, system), id, judgement)
    return _done(hub, hold)


@router.post("/v1/holds/{id}/handover", responses=ANSWERS, summary="Hand a hold over")
def post_handover(id: str, told: HandedOver, hub: TheHub, system: Controller) -> HoldOut:
    """To another role, with a new deadline. Handed over too often, it is the municipality's own to decide."""
    with hub.store.begin() as work:
        hold = hold_talk.hand_over(work, desk(hub, system), id, holds.Judgement(told.person, told.reason), told.to)
    return _done(hub, hold)


@router.post("/v1/holds/{id}/question", responses=ANSWERS, summary="Ask whoever sent it")
def post_question(id: str, told: Asked, hub: TheHub, system: Controller) -> HoldOut:
    """The sending system finds the question on its AMQP queue, in its mailbox and in its receipt; its answer returns to
    the hold."""
    with hub.store.begin() as work:
        hold = hold_talk.ask_sender(work, desk(hub, system), id, told.person, told.question)
    return _done(hub, hold)


@router.post(
    "/v1/holds/{id}/consent-request", status_code=201, responses=ANSWERS, summary="Ask for the consent it waits for"
)
def post_consent_request(id: str, told: ConsentAsked, hub: TheHub, system: Controller) -> RequestOut:
    """One question to each person who must consent. The hold goes by itself when all have said yes."""
    judgement = holds.Judgement(told.person, told.background)
    with hub.store.begin() as work:
        request = hold_talk.ask_consent(work, desk(hub, system), id, judgement, told.valid_to)
    return request_out(_allowed(request))


def _done(hub: Hub, answer: Hold | Barred) -> HoldOut:
    hold = _allowed(answer)
    hub.release(hold)
    return hold_out(hold)


def _allowed(answer: T | Barred) -> T:
    """What a person may not do is said once the transaction that recorded the attempt is over."""
    if isinstance(answer, Barred):
        raise Problem(answer.code, answer.why, way_out=answer.way_out, place=answer.place)
    return answer
