"""Kept decisions over HTTP: the record with its words, and whether it still stands. Control scope only."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.api.door import Controller
from hub.api.needs import TheHub
from hub.api.problems import documented
from hub.ops.decisions import show_decision
from hub.policy.explain import Language

router = APIRouter(tags=["control"])
Spoken = Annotated[Language, Query(description="the language of the words", examples=["nb"])]


class CheckOut(BaseModel):
    """One rule that was true: what it says in general and here, whether it hinders, and what it rests on."""

    rule: str = Field(examples=["AGE-06"])
    result: str
    said: str
    rule_text: str
    rests: list[str]
    about: str | None


class LineOut(BaseModel):
    """A fact or a consent, with its source and when it was last so."""

    name: str
    value: str
    source: str
    at: str


class ElementsOut(BaseModel):
    answer: str
    rules: list[str]
    ids: list[str]


class WordsOut(BaseModel):
    """The decision as somebody reads it."""

    outcome: str = Field(examples=["Det venter på et menneske."])
    sender: str
    receiver: str
    at: str
    policy: str
    removed: list[str]
    checks: list[CheckOut]
    facts: list[LineOut]
    elements: list[ElementsOut]
    statutes: list[str]
    ways: list[str] = Field(description="what would change the answer")
    complaints: list[str] = Field(description="how to complain of what was kept back")


class ComplaintOut(BaseModel):
    """Which service answers first, which body decides, and by which provision."""

    service: str = Field(examples=["school"])
    body: str = Field(examples=["county_governor"])
    act: str
    section: str


class DecisionOut(BaseModel):
    """One decision: its record (`langbenk schema decision`), and the same in words."""

    id: str
    plan: str | None
    part: str | None
    delivery: str | None
    receiver: str
    stage: str
    outcome: str
    decided_at: datetime
    hash: str
    record: dict[str, Any]
    complaints: list[ComplaintOut]
    language: Language
    words: WordsOut


class TodayOut(BaseModel):
    outcome: str
    elements: dict[str, tuple[str, str]] = Field(description="answered otherwise: id, then and today")


class ReplayOut(BaseModel):
    """How a kept decision stands."""

    id: str
    intact: bool = Field(description="record and grounds have the hashes they were kept by")
    in_the_chain: bool = Field(description="a line of the audit chain names the hash")
    policy_then: str
    policy_now: str
    policy_changed: bool
    then: str
    today: TodayOut | None = Field(description="only where the policy has changed since")
    because: list[str] = Field(description="what else has changed, or why it cannot be decided anew")


@router.get("/v1/decisions/{id}", responses=documented(404, 422), summary="Read a kept decision")
def get_decision(id: str, hub: TheHub, system: Controller, language: Spoken = "en") -> DecisionOut:
    """Ids and codes as kept, and the words in the language asked for."""
    with hub.store.begin() as work:
        found = show_decision(work, system.municipality, id, language)
    return DecisionOut.model_validate(asdict(found))


@router.get("/v1/decisions/{id}/replay", responses=documented(404), summary="Verify a kept decision")
def get_replay(id: str, hub: TheHub, system: Controller) -> ReplayOut:
    """By its hash and the audit chain; where the policy has changed since, with today's answer beside it."""
    found = hub.replay.of(system.municipality, id)
    return ReplayOut.model_validate({**asdict(found), "policy_changed": found.policy_changed})
