"""What the family was told in words: guidance given (hol § 7-2 a c, d), the municipality's decisions, wishes refused,
and what it has asked for itself, with the answer.

Lines of the plan's logbook that were written for the family, as one reader may see them. Where something is withheld
from the guardians, guidance is free text that may speak of it, and they are not shown it (AGE-12, RED-01).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from hub.model.responsibility import Facts
from hub.model.task import LogLine
from hub.ops.citizen_entries import HIDDEN
from hub.ops.citizen_log import UNNAMED, Reader, guardians_limits
from hub.ops.enrol import Desk, facts_of
from hub.ops.refusals import Refusing, refused
from hub.policy import LIMIT, reveals, still_known
from hub.policy.complaints import service_name, spoken_refusal
from hub.policy.explain import Language, texts
from hub.ports import Work

Kind = Literal[
    "guidance", "told_family", "refusal", "request", "request_accepted", "request_declined", "request_closed"
]
FOR_FAMILY: tuple[Kind, ...] = get_args(Kind)
FREE: frozenset[Kind] = frozenset({"guidance", "request", "request_accepted", "request_declined"})
"""Kinds that may speak of anything."""


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """One thing the family was told, by which service; a refusal with each way to complain and the last day for it."""

    at: datetime
    kind: Kind
    service: str
    words: str
    refusal: Refusing | None = None


@dataclass(frozen=True, slots=True)
class FamilyLog:
    """What one reader may see, newest first. A log that is `shut` says by which rules."""

    child: str
    reader: Reader
    shut: tuple[str, ...]
    lines: tuple[FamilyLine, ...]


def family_log(work: Work, desk: Desk, child: str, reader: Reader, known_for: timedelta = LIMIT) -> FamilyLog:
    """The lines of a child of this municipality, or `not_found`."""
    now = desk.clock.now()
    facts = still_known(facts_of(work, desk, child), now, known_for)
    shut, hidden = guardians_limits(facts, [], now) if reader == "guardian" else ((), frozenset[str]())
    plan = work.plans.of_child(desk.municipality, child)
    if shut or plan is None:
        return FamilyLog(child, reader, shut, ())
    found = [
        line
        for kind in FOR_FAMILY
        if not (hidden and kind in FREE)
        for one in work.logbook.of(desk.municipality, plan, kind)
        for line in _told(one, kind, facts, hidden)
    ]
    lines = [line if reader == "child" else _unnamed(line) for line in found]
    return FamilyLog(child, reader, (), tuple(sorted(lines, key=lambda line: line.at, reverse=True)))


def heading(line: FamilyLine, language: Language) -> str:
    """What the line is, in words."""
    what = line.refusal.wish if line.refusal else line.kind
    said = str(texts(language)["family"][what].format(service=service_name(line.service, language)))
    return said[:1].upper() + said[1:]


def how_to_complain(line: FamilyLine, language: Language) -> str | None:
    """Of a refusal."""
    return spoken_refusal(line.refusal.ways, language) if line.refusal else None


def _told(one: LogLine, kind: Kind, facts: Facts, hidden: frozenset[str]) -> Iterator[FamilyLine]:
    service = one.service or HIDDEN
    if reveals(service) & hidden:
        return
    about = next((refused(each, one.words, hidden) for each in facts.refusals if each.line == one.id), None)
    yield FamilyLine(one.at, kind, service, one.words, about)


def _unnamed(line: FamilyLine) -> FamilyLine:
    """To guardians some services are never named."""
    return replace(line, service=HIDDEN) if line.service in UNNAMED else line
