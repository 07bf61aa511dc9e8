"""Requests and answers about the life of a plan: ids, codes and days; words only where they lie sealed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from hub.api.coordination import ByPerson, ServiceIn
from hub.api.shapes import Code, Day, Instant, Reference, Strict
from hub.model.life import Why, Word
from hub.ops.casework import Casework
from hub.ops.unseen import as_known

Words = Annotated[str, Field(min_length=3, max_length=4_000)]
KINDS = Literal["guidance", "gap", "cooperation", "participation", "stafettlogg", "told_family", "request"]


class SeatOut(BaseModel):
    """One service's part in the plan, and its answer."""

    service: str
    asked_at: datetime
    answer: Word | None
    answered_at: datetime | None
    starts_on: date | None


class ApprovalOut(BaseModel):
    version: int
    at: datetime
    service: str
    agreed_by: list[str]
    revise_on: date


class MeetingOut(BaseModel):
    id: str
    at: datetime
    asked: list[str]


class NeedOut(BaseModel):
    service: str
    reference: str
    at: datetime
    agreement: str | None


class RelayLogOut(BaseModel):
    """A relay log that was handed over, and the level of BTI it stood at."""

    service: str
    at: datetime
    level: str | None = Field(examples=["2"])


class ClosingOut(BaseModel):
    at: datetime
    why: Why


class LifeOut(BaseModel):
    """What has happened in a plan's life, by ids and codes."""

    plan: str
    leads: str | None = Field(examples=["municipal_health"])
    begun: datetime | None
    needs: list[NeedOut]
    seats: list[SeatOut]
    participation: datetime | None = Field(description="when it was last described how the child took part")
    approvals: list[ApprovalOut]
    revise_on: date | None
    meetings: list[MeetingOut]
    stafettlogg: str | None = Field(description="the service that keeps a relay log not yet handed over")
    relay_logs: list[RelayLogOut]
    provisional: bool
    closing: ClosingOut | None
    closed_before: list[ClosingOut] = Field(description="how it ended each time before it was opened anew")


class LineOut(BaseModel):
    at: datetime
    service: str | None
    person: str
    words: str


class AgreedIn(Strict):
    """One person's yes to the plan itself (IPF § 5), and where it lies. It gives nobody access to anything."""

    person: Reference = Field(examples=["p-mother-07"])
    reference: Reference = Field(examples=["journal-2026-41"])


class BeginningIn(ByPerson):
    started_by: Code = Field(examples=["municipal_health"], description="the service whose duty it is (IPF § 6)")
    agreed: list[AgreedIn] = Field(default_factory=list, max_length=8)


class InvitationIn(ServiceIn):
    starts_on: Day | None = Field(None, description="until this day the service is told nothing")


class StartIn(ServiceIn):
    starts_on: Day | None = None


class AnswerIn(ByPerson):
    answer: Literal["accept", "decline"]
    reason: str | None = Field(
        None, min_length=3, max_length=2_000, description="a no of one who must take part needs it"
    )


class WeighingIn(ServiceIn):
    answer: Literal["excuse", "keep"]
    reason: str = Field(min_length=3, max_length=2_000)


class WordsIn(ByPerson):
    words: Words = Field(examples=["Vi gikk gjennom hvilke tilbud familien kan søke."])


class ApprovalIn(ByPerson):
    agreed_by: list[Reference] = Field(max_length=8, examples=[["p-mother-07", "p-father-07"]])
    revise_on: Day = Field(examples=["2027-02-01"])


class MeetingIn(ByPerson):
    at: Instant
    asked: list[Code] = Field(default_factory=list, max_length=40, description="nobody named is everybody taking part")


class CooperationIn(ServiceIn):
    words: Words


class HistoryIn(Strict):
    at: Instant
    words: Words


class HandoverIn(ByPerson):
    history: list[HistoryIn] = Field(default_factory=list, max_length=1_000)
    level: Literal["0", "1", "2", "3"] | None = Field(None, description="the level of BTI the log stood at")


class ClosingIn(ByPerson):
    why: Why


def life_out(case: Casework) -> LifeOut:
    """By ids and codes, and without a service that the reader may not know of (RED-02)."""
    life = as_known(case)
    told = {name: getattr(life, name) for name in LifeOut.model_fields if hasattr(life, name)}
    return LifeOut.model_validate({**told, "plan": case.plan.id, "leads": case.leader}, from_attributes=True)
