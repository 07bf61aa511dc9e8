"""What is said about holds over HTTP: how they look, and what a person asks for. Metadata only (RED-03)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from hub.api.shapes import Code, Decided, Reference, Strict
from hub.model.official import Role
from hub.ops.hold_view import Shown
from hub.ports import Hold

Words = Field(min_length=3, max_length=2_000)


class Released(Decided):
    """A person's word that it may be sent."""

    findings: list[Code] = Field(
        min_length=1, max_length=20, description="every rule the hold was made by", examples=[["RED-01"]]
    )
    best_interest: str = Field(
        min_length=3,
        max_length=2_000,
        description="why it is best for the child (Grunnloven § 104); without names",
        examples=["the school can then meet her with what she needs in the mornings"],
    )
    fields: list[Code] | None = Field(
        None,
        min_length=1,
        max_length=50,
        description="send only these fields, or these parts of a message by number; decided as such by the same policy",
        examples=[["title", "status"]],
    )


class Refused(Decided):
    best_interest: str = Field("", max_length=2_000, description="why it is best for the child")


class HandedOver(Decided):
    to: Role = Field(examples=["decision_authority"])


class Asked(Strict):
    """A question to whoever sent it. It comes by that system's own door, and stands in its receipt."""

    person: Reference = Field(examples=["emp-12"])
    question: str = Words


class ConsentAsked(Strict):
    """A request for just what this hold waits for; those who must consent are found by the hub."""

    person: Reference = Field(examples=["emp-12"])
    background: str = Field(
        min_length=3,
        max_length=2_000,
        description="what those asked are told of why",
        examples=["We plan how the school can meet her in the mornings."],
    )
    valid_to: AwareDatetime | None = Field(None, description="half open: the first instant it no longer holds")


class HoldOut(BaseModel):
    """What waits, by ids and codes; the content is not shown here."""

    id: str
    plan: str | None
    part: str
    sender: str = Field(description="the service whose information waits", examples=["school"])
    receiver: str
    element: str | None
    rules: list[str]
    categories: list[str]
    role: Role = Field(description="whose turn it is")
    due_at: datetime | None = Field(description="when it goes up if nobody has decided")
    hops: int = Field(description="how often it has been handed over")
    agreed_by: list[str] = Field(description="who has agreed to send it so far")
    agreed_fields: list[str] | None = Field(description="what they agreed to send of it; null is all of it")
    state: str
    created_at: datetime
    decided_by: str | None
    decided_at: datetime | None


class MoveOut(BaseModel):
    """Something that was done about it, with the words that were written."""

    number: int
    at: datetime
    action: str
    by: str
    words: dict[str, str]
    detail: dict[str, Any]


class HoldWhole(HoldOut):
    """The same with what has been done, and what it would take to send it."""

    needs: list[Role] = Field(description="roles that must be among those who agree")
    people: int = Field(description="how many must agree, each by himself")
    fields: list[str] = Field(description="what could be sent of it, by name; no values")
    moves: list[MoveOut]
    content: dict[str, Any] | None = Field(
        description="only for a person whose own service the same policy would tell it; reading it is recorded"
    )


class OfficialIn(Strict):
    """A person the municipality authorises; empty roles take everything away."""

    person: Reference = Field(examples=["emp-12"])
    roles: list[Role] = Field(examples=[["coordinator"]])
    service: Code | None = Field(None, description="where the person works", examples=["municipal_health"])
    district: str | None = Field(None, pattern=r"^\d{6}$", description="the city district whose unit the person is of")


def hold_out(row: Hold) -> HoldOut:
    return HoldOut(**_told(row))


def hold_whole(shown: Shown) -> HoldWhole:
    moves = [
        MoveOut(
            number=each.number, at=each.done_at, action=each.action, by=each.who, words=dict(each.words),
            detail=dict(each.detail),
        )
        for each in shown.moves
    ]  # fmt: skip
    content = None if shown.content is None else dict(shown.content)
    more: dict[str, Any] = {"needs": sorted(shown.needs), "people": shown.people, "fields": list(shown.fields)}
    return HoldWhole(**_told(shown.hold), **more, moves=moves, content=content)


def _told(row: Hold) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in HoldOut.model_fields if name != "agreed_fields"}
    return told | {"agreed_fields": row.fields}
