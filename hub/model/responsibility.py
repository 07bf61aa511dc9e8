"""Who coordinates a child's plan (*samordningsansvar*), and facts that answer one question only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from hub.model.consent import Consent
from hub.model.life import Life
from hub.model.person import Child
from hub.model.service import Service


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The coordination facts of one child in one municipality (see `hub.policy.gate`).

    `child_coordinator` and `coordinator` name the *service* whose employee is appointed (*barnekoordinator*,
    *koordinator*); `main_responsible` is the service agreed on, `appointed` the one the municipality decided.
    """

    child_coordinator: str | None = None
    family_wants_child_coordinator: bool = True
    coordinator: str | None = None
    main_responsible: str | None = None
    appointed: str | None = None
    disputed: bool = False


Post = Literal["child_coordinator", "coordinator", "main_responsible", "appointed"]
POSTS: tuple[Post, ...] = get_args(Post)
"""The four ways of coming to coordinate, as `Responsibility` names them, in the law's order."""

Ended = Literal["replaced", "family", "resigned", "decided", "moved", "of_age", "closed", "corrected"]
"""Why a mandate ended: another took its place, the family no longer wants it, the service laid it down, the
municipality decided otherwise, the child moved, came of age, the plan was closed; it was put right."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """One appointment (*oppnevning*): a service in a post from a day on, on whose authority, and how it ended.

    `authority` refers to the decision or agreement, `employee` is the one appointed by opaque id, `wished_on` the day
    the family said it wants a child coordinator. It counts from `since` up to, and not on, `until`.
    """

    post: Post
    service: str
    since: date
    authority: str
    recorded_by: str
    recorded_at: datetime
    employee: str | None = None
    until: date | None = None
    wished_on: date | None = None
    ended_at: datetime | None = None
    ended_why: Ended | None = None
    ended_by: str | None = None

    def stands(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.ended_at is None and self.since <= day and (self.until is None or day < self.until)


Wish = Literal["child_coordinator", "plan"]
"""What a family has a right to ask the municipality for: a *barnekoordinator* (pbrl § 2-5 c), a plan (pbrl § 2-5,
bvl § 15-9, sotjl § 28, nav-loven § 15)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal (*avslag*) of what a family has a right to ask for.

    `authority` refers to the decision (*vedtak*); `line` is the logbook's line where the reason lies sealed. `asked_by`
    are the services that had asked for it: their acts say where the family complains.
    """

    wish: Wish
    authority: str
    recorded_by: str
    recorded_at: datetime
    line: str
    asked_by: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """People's release of one hold: a fact that answers this element, content and receiver only, never a shut.

    `person` said it last, `agreed_by` are all who did. `fields` names what of it may go, where that is not all.
    """

    element: str
    digest: str
    receiver: str
    person: str
    reason: str
    finding: str
    at: datetime
    fields: tuple[str, ...] | None = None
    agreed_by: tuple[str, ...] = ()

    @property
    def findings(self) -> frozenset[str]:
        """The rules it answers."""
        return named(self.finding)


def named(findings: str) -> frozenset[str]:
    """Rules as people write them, with commas or spaces between."""
    return frozenset(findings.replace(",", " ").split())


@dataclass(frozen=True, slots=True)
class Necessity:
    """A documented necessity (*nødvendighet*): a sender's service states, for a statute, why it must share."""

    sender: str
    receiver: str
    statute: str
    categories: frozenset[str]
    necessity: str
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything decided on, for one child, at one facts version. Missing facts hold or shut; they never open."""

    child: Child
    version: int = 0
    consents: tuple[Consent, ...] = ()
    responsibility: Responsibility = field(default_factory=Responsibility)
    necessities: tuple[Necessity, ...] = ()
    releases: Mapping[tuple[str, str, str], Release] = field(default_factory=dict)
    """Releases by (element, digest, receiver system)."""
    mandates: tuple[Mandate, ...] = ()
    """Every appointment there has been, in the order they were made; none is ever overwritten or removed."""
    refusals: tuple[Refusal, ...] = ()
    """Every refusal of a wish, in the order they were made."""
    life: Life = field(default_factory=Life)

    def standing(self, day: date) -> Responsibility:
        """Who has which post on a day: a mandate counts on its own days only, a post without one as it was put."""
        dated: dict[str, Any] = {one.post: None for one in self.mandates if one.ended_at is None}
        held: dict[str, Any] = {one.post: one.service for one in self.mandates if one.stands(day)}
        return replace(self.responsibility, **{**dated, **held}) if dated else self.responsibility
