"""The life of a plan (*individuell plan*): what has happened in it, apart from what the plan says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hub.model.service import Service

Word = Literal["accept", "decline", "excused"]
"""A service's answer to an invitation; `excused` is a no that the coordinator has accepted (COO-10)."""

Why = Literal["no_need", "no_consent", "of_age", "moved", "not_born", "deceased"]
"""Why a plan was closed."""
SILENT: frozenset[Why] = frozenset({"not_born", "deceased"})
"""Where nobody is sent anything because of it (law.md § 3.5): people tell people."""


@dataclass(frozen=True, slots=True)
class Need:
    """A need for a plan that a service has notified (*melding om behov*, sphl § 2-5, hol § 7-3): no content of it.

    `reference` is the case as the notifier itself calls it, `agreement` the cooperation agreement it came along.
    """

    service: Service
    reference: str
    at: datetime
    agreement: str | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """One service's part in the plan, asked for and answered. Before `starts_on` it is told nothing.

    `asked_by` is a person, by opaque id, and `asker` the service that person acted for.
    """

    service: Service
    asked_at: datetime
    asked_by: str
    answer: Word | None = None
    answered_at: datetime | None = None
    starts_on: date | None = None
    asker: Service | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """A version of the plan as the family agreed to it (IPF §§ 5, 9), with the day it is to be revised.

    `agreed_by` are those who agreed, by opaque id.
    """

    version: int
    at: datetime
    person: str
    service: Service
    agreed_by: tuple[str, ...]
    revise_on: date


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting the coordinator has called (P-14): when, and which services were asked; not what it is about."""

    id: str
    at: datetime
    called_by: str
    asked: tuple[Service, ...]


BTI_LEVELS = ("0", "1", "2", "3")
"""How wide the effort is (*Bedre Tverrfaglig Innsats*): one service wonders, it tries, two work together, many do."""


@dataclass(frozen=True, slots=True)
class RelayLog:
    """A relay log (*stafettlogg*) that was handed over: by which service, when, and at which level of BTI it stood."""

    service: Service
    at: datetime
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """When and why a plan was closed, and by whom."""

    at: datetime
    by: str
    why: Why


@dataclass(frozen=True, slots=True)
class Life:
    """Everything that has happened in one plan's life, by ids and codes; words lie in the logbook.

    It has `begun` once those who must have agreed to it (CON-15): before, nothing is merged and nobody told.
    `stafettlogg` is the service that keeps an open relay log (BTI), which must be handed over first (COO-11),
    `relay_logs` are those that were;
    `participation` when it was last described how the child took part (COO-12); `provisional` whether the child's
    identity is not yet established; `closed_before` how it ended each time before it was opened anew.
    """

    begun: datetime | None = None
    needs: tuple[Need, ...] = ()
    seats: tuple[Seat, ...] = ()
    participation: datetime | None = None
    approvals: tuple[Approval, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    stafettlogg: Service | None = None
    relay_logs: tuple[RelayLog, ...] = ()
    provisional: bool = False
    closing: Closing | None = None
    closed_before: tuple[Closing, ...] = ()

    def seat(self, service: Service) -> Seat | None:
        """How it stands with one service's part."""
        return next((each for each in self.seats if each.service == service), None)

    @property
    def revise_on(self) -> date | None:
        """When the version last approved is to be revised."""
        return self._standing.revise_on if self._standing else None

    @property
    def described(self) -> bool:
        """Whether it is described how the child took part since the version last approved."""
        since = self._standing.at if self._standing else None
        return self.participation is not None and (since is None or self.participation > since)

    def waits_to_start(self, day: date) -> frozenset[Service]:
        """Services that start later (staggered starts): nothing is sent to them yet."""
        return frozenset(each.service for each in self.seats if each.starts_on is not None and day < each.starts_on)

    @property
    def _standing(self) -> Approval | None:
        """The version last approved, unless the plan has been closed since."""
        last, over = self.approvals[-1:], self.closed_before[-1:]
        return last[0] if last and not (over and last[0].at <= over[0].at) else None
