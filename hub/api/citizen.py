"""The citizen's plan and log over HTTP, as one reader may see them. Control scope only: the municipality shows them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.api.decisions import ComplaintOut
from hub.api.door import Controller
from hub.api.needs import TheHub, desk
from hub.api.problems import documented
from hub.api.refusals import WayOut, ways_out
from hub.api.shapes import Reference
from hub.ops.citizen_entries import Entry
from hub.ops.citizen_lines import FamilyLine, Kind, family_log, heading, how_to_complain
from hub.ops.citizen_log import CitizenLog, Reader
from hub.ops.citizen_plan import read_plan
from hub.ops.citizen_plan_words import parts_of, why_not_shown
from hub.ops.citizen_words import Page, line_of, read_log, way_of_shut, why_shut
from hub.policy.explain import Language

router = APIRouter(tags=["facts"])
Reads = Annotated[Reader, Query(alias="for", description="who reads it", examples=["guardian"])]
Before = Annotated[Reference | None, Query(description="`next` of the page before")]
Spoken = Annotated[Language, Query(description="the language of the words", examples=["nb"])]


class EntryOut(BaseModel):
    """One thing that was told, or was not."""

    at: datetime
    state: Literal["sent", "waits", "denied"]
    sender: str = Field(examples=["school"], description="`municipal_provider` where it may not be named (RED-02)")
    receiver: str = Field(examples=["ppt"])
    categories: list[str] = Field(examples=[["education"]])
    purpose: str
    basis: list[str] = Field(description="the rules that opened it, or that kept it back", examples=[["AGE-05"]])
    consents: list[str]
    decision: str
    complaint: ComplaintOut | None = Field(description="where to complain of what was kept back")
    what: str = Field(examples=["Skole fortalte PPT om opplæring."])
    why: str = Field(examples=["Med samtykke."])
    how_to_complain: str | None


class LogOut(BaseModel):
    """What one reader may see, newest first. A log that is shut says by which rules, and where to complain."""

    child: str
    reader: Reader
    language: Language
    shut: list[str] = Field(examples=[["ADR-01"]])
    why_shut: str | None
    complaint: ComplaintOut | None
    entries: list[EntryOut]
    next: str | None = Field(description="`?before=` of the next, older page")


@router.get("/v1/persons/{child}/log", responses=documented(404, 422), summary="Read the citizen's log")
def get_log(
    child: str, hub: TheHub, system: Controller, reader: Reads, language: Spoken = "nb", before: Before = None
) -> LogOut:
    """What was told, from whom to whom, when, why and on what basis; no content, no duty report. Page by page."""
    known_for = timedelta(hours=hub.settings.register_hours)
    with hub.store.begin() as work:
        found = read_log(work, desk(hub, system), child, reader, Page(before, known_for=known_for))
    return _out(found, language)


class ItemOut(BaseModel):
    """One thing in the plan: whose it is, and what it says field by field, in words."""

    element: str | None = Field(description="what a comment on it, or a request about it, names")
    kind: str
    title: str = Field(examples=["Å svømme 25 meter"])
    whose: str = Field(examples=["Sagt av deg"])
    fields: list[tuple[str, str]] = Field(description="names and values", examples=[[("status", "i gang")]])
    comments: list[ItemOut] = Field(default_factory=list, description="what the family says to it")


class SectionOut(BaseModel):
    """A heading and what stands beneath it."""

    name: Literal["own", "agreed", "who", "meetings", "coordination", "requests"]
    heading: str = Field(examples=["Mine egne mål og ord"])
    items: list[ItemOut]
    sentences: list[str]


class PlanRead(BaseModel):
    """The plan as one reader may see it, opening with the child's own goals and words. A plan that is shut says why."""

    child: str
    reader: Reader
    language: Language
    shut: list[str]
    why_shut: str | None
    sections: list[SectionOut]


@router.get("/v1/persons/{child}/plan", responses=documented(404, 422), summary="Read the plan as its family does")
def get_family_plan(child: str, hub: TheHub, system: Controller, reader: Reads, language: Spoken = "nb") -> PlanRead:
    """Its own goals and words, what is agreed, who does what, meetings, who coordinates, what it has asked for."""
    known_for = timedelta(hours=hub.settings.register_hours)
    with hub.store.begin() as work:
        found = read_plan(work, desk(hub, system), child, reader, known_for)
    sections = [] if found.shut else [SectionOut.model_validate(asdict(one)) for one in parts_of(found, language)]
    return PlanRead(
        child=found.child,
        reader=found.reader,
        language=language,
        shut=list(found.shut),
        why_shut=why_not_shown(found, language) if found.shut else None,
        sections=sections,
    )


class FamilyLineOut(BaseModel):
    """One thing the family was told in words: guidance, a decision, a wish refused."""

    at: datetime
    kind: Kind
    service: str = Field(description="`municipal_provider` where it may not be named", examples=["municipal_health"])
    what: str = Field(examples=["Helse- og omsorgstjenesten har gitt veiledning."])
    words: str
    authority: str | None = Field(description="where the decision is kept")
    complaints: list[WayOut] = Field(description="where and until when to complain of what was refused")
    how_to_complain: str | None


class FamilyLogOut(BaseModel):
    """What one reader may see, newest first. A log that is shut says by which rules, and where to complain."""

    child: str
    reader: Reader
    language: Language
    shut: list[str]
    why_shut: str | None
    lines: list[FamilyLineOut]


@router.get("/v1/persons/{child}/logbook", responses=documented(404, 422), summary="Read what the family was told")
def get_family_log(child: str, hub: TheHub, system: Controller, reader: Reads, language: Spoken = "nb") -> FamilyLogOut:
    """Guidance given, what the municipality decided, and what it refused, with the way to complain."""
    known_for = timedelta(hours=hub.settings.register_hours)
    with hub.store.begin() as work:
        found = family_log(work, desk(hub, system), child, reader, known_for)
    return FamilyLogOut(
        child=found.child,
        reader=found.reader,
        language=language,
        shut=list(found.shut),
        why_shut=why_shut(found, language) if found.shut else None,
        lines=[_line(one, language) for one in found.lines],
    )


def _line(line: FamilyLine, language: Language) -> FamilyLineOut:
    refusal = line.refusal
    return FamilyLineOut(
        at=line.at,
        kind=line.kind,
        service=line.service,
        what=heading(line, language),
        words=line.words,
        authority=refusal.authority if refusal else None,
        complaints=ways_out(refusal) if refusal else [],
        how_to_complain=how_to_complain(line, language),
    )


def _out(found: CitizenLog, language: Language) -> LogOut:
    return LogOut(
        child=found.child,
        reader=found.reader,
        language=language,
        shut=list(found.shut),
        why_shut=why_shut(found, language) if found.shut else None,
        complaint=ComplaintOut.model_validate(asdict(way_of_shut())) if found.shut else None,
        entries=[_entry(one, language) for one in found.entries],
        next=found.next,
    )


def _entry(entry: Entry, language: Language) -> EntryOut:
    line = line_of(entry, language)
    words = {"what": line.what, "why": line.why, "how_to_complain": line.complaint}
    return EntryOut.model_validate({**asdict(entry), **words})
