"""Who might coordinate (O-08): a ranked suggestion to the municipality, which decides. It appoints nobody.

Only its own providers that take part (COO-05). First whoever has a post, in the law's order (COO-01..03);
then who follows the child most closely: measures under way, a duty to make plans, how long. Who has declined is last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hub.model.calendar import norwegian_day
from hub.model.service import Service
from hub.model.task import Task
from hub.ops.casework import Casework, take_up
from hub.ops.enrol import Desk
from hub.ops.hands import Hand
from hub.ops.officials import Barred
from hub.ops.presence import in_it
from hub.ops.unseen import keeps_the_table
from hub.policy.complaints import service_name
from hub.policy.explain import Language, texts
from hub.policy.services import APPOINTABLE, services
from hub.ports import Work

Reason = Literal[
    "child_coordinator",
    "coordinator",
    "main_responsible",
    "measures",
    "starts_plans",
    "since",
    "declined",
    "takes_part",
]
IN_ORDER: tuple[Reason, ...] = ("child_coordinator", "coordinator", "main_responsible")
"""The posts, in the law's order."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One service that might coordinate, with what speaks for it and against it."""

    service: Service
    post: Reason | None
    measures: int
    since: date | None
    declined: bool

    @property
    def starts_plans(self) -> bool:
        return services()[self.service].plan == "start"

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What it rests on, the weightiest first."""
        return tuple(self._reasons()) or ("takes_part",)

    def _reasons(self) -> Iterator[Reason]:
        if self.declined:
            yield "declined"
        if self.post:
            yield self.post
        if self.measures:
            yield "measures"
        if self.starts_plans:
            yield "starts_plans"
        if self.since:
            yield "since"

    @property
    def rank(self) -> tuple[object, ...]:
        """The lower, the earlier in the list."""
        post = IN_ORDER.index(self.post) if self.post else len(IN_ORDER)
        return (self.declined, post, -self.measures, not self.starts_plans, self.since or date.max, self.service)


def who_might_coordinate(case: Casework) -> list[Suggestion] | Barred:
    """For the municipality's own office, which decides; no service is told how it stands beside another."""
    if not keeps_the_table(case):
        return case.bar("not_authorised", "the municipality's own office weighs who might coordinate")
    there = {one.service for one in in_it(case) if one.state in ("takes_part", "starts_later")}
    found = [_suggestion(case, each) for each in there & APPOINTABLE]
    return sorted(found, key=lambda one: one.rank)


def suggested_for(work: Work, desk: Desk, hand: Hand, task: Task) -> list[Suggestion] | None:
    """Beside an open task to decide who coordinates, for those it is put to; nothing beside any other."""
    if task.kind != "decide_coordination" or task.state != "open" or task.plan is None or not hand.of_the_unit:
        return None
    case = take_up(work, desk, hand, task.plan)
    found = case if isinstance(case, Barred) else who_might_coordinate(case)
    return None if isinstance(found, Barred) else found


def in_words(one: Suggestion, language: Language) -> str:
    """One line of the suggestion, with its reasons."""
    said, name = texts(language)["suggestion"], service_name(one.service, language)
    told = [str(said[reason]).format(measures=one.measures, since=one.since) for reason in one.reasons]
    return str(said["line"].format(service=name[:1].upper() + name[1:], reasons="; ".join(told)))


def notice(language: Language) -> str:
    """That it decides nothing."""
    return str(texts(language)["suggestion"]["notice"])


def _suggestion(case: Casework, service: Service) -> Suggestion:
    return Suggestion(
        service, _post(case, service), _measures(case, service), _since(case, service), service in _declined(case)
    )


def _post(case: Casework, service: Service) -> Reason | None:
    """The first post it has; of a dispute what was agreed on is the very subject."""
    standing = case.facts.standing(case.today)
    counts = IN_ORDER[:2] if standing.disputed else IN_ORDER
    return next((each for each in counts if getattr(standing, each) == service), None)


def _measures(case: Casework, service: Service) -> int:
    """Its own measures that are under way or planned."""
    own = [one for one in case.plan.elements.values() if one.kind == "measure" and one.owner == service]
    return sum(not one.deleted and one.content.get("status") not in ("completed", "cancelled") for one in own)


def _since(case: Casework, service: Service) -> date | None:
    """Since when it has taken part: its yes, or the first start of a measure of its own that has begun."""
    seat = case.facts.life.seat(service)
    own = [one for one in case.plan.elements.values() if one.kind == "measure" and one.owner == service]
    starts = [_day(one.content.get("start")) for one in own if not one.deleted]
    said = norwegian_day(seat.answered_at) if seat and seat.answer == "accept" and seat.answered_at else None
    return min((day for day in (*starts, said) if day is not None and day <= case.today), default=None)


def _declined(case: Casework) -> frozenset[Service]:
    """Those who were asked and said no, or laid it down."""
    put = case.work.tasks.of(case.desk.municipality, case.plan.id)
    said = {one.addressee for one in put if (one.kind, one.answer) == ("take_coordination", "decline")}
    return frozenset(said | {one.service for one in case.facts.mandates if one.ended_why == "resigned"})


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return norwegian_day(value)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
