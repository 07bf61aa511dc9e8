"""What waits for a human."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from hub.model.official import Role

Action = Literal[
    "agreed",
    "released",
    "refused",
    "handed_over",
    "asked_consent",
    "asked_sender",
    "told_sender",
    "answered",
    "escalated",
]


@dataclass(frozen=True, slots=True)
class Hold:
    """What waits for a human: an element towards a receiver, a change nobody may make alone, a directed part."""

    id: str
    municipality: str
    plan: str | None
    child: str | None
    part: str
    receiver: str
    element: str | None
    digest: str | None
    rules: tuple[str, ...]
    categories: tuple[str, ...]
    created_at: datetime
    state: Literal["open", "released", "refused", "lapsed"] = "open"
    decided_by: str | None = None
    reason: str | None = None
    decided_at: datetime | None = None
    sender: str = ""
    """The service whose information waits; nobody who works there decides about it."""
    claimed_by: str | None = None
    """Who sent it or claimed a ground for it, where a person has been named."""
    role: Role = "coordinator"
    """Whose turn it is."""
    due_at: datetime | None = None
    hops: int = 0
    """How often it has been handed over."""
    agreed_by: tuple[str, ...] = ()
    """Who has agreed to send it so far; it goes when they are enough."""
    fields: tuple[str, ...] | None = None
    """What they agreed to send of it; all of it where nothing is said."""


@dataclass(frozen=True, slots=True)
class Move:
    """Something a person, or time, did about a hold. What was said with it is sealed; nothing of it is ever deleted."""

    hold: str
    number: int
    municipality: str
    child: str | None
    done_at: datetime
    action: Action
    who: str
    """The person's opaque id; a system's for an answer; `hub` where time did it."""
    words: Mapping[str, str] = field(default_factory=dict)
    """`reason`, `best_interest`, `question`, `answer`: what people wrote."""
    detail: Mapping[str, object] = field(default_factory=dict)
    """Ids and codes."""
    part: str | None = None
    """Of a question: the part of the ledger whose sender is asked."""


class Holds(Protocol):
    """What waits for a human. A row says which, to whom and why, never the content."""

    def add(self, holds: Sequence[Hold]) -> None:
        """New holds."""

    def open(self, municipality: str, plans: Sequence[str] | None = None) -> Sequence[Hold]:
        """Those that nobody has decided yet; of some plans, or of all."""

    def of(self, municipality: str, plan: str) -> Sequence[Hold]:
        """All of a plan, whatever their state."""

    def asked(self, municipality: str, plans: Sequence[str]) -> Sequence[Hold]:
        """Those of these plans that are open or were refused: what nobody need be asked about again."""

    def released(self, municipality: str, parts: Sequence[str]) -> Sequence[Hold]:
        """Released ones of these directed parts: what answers for a child the hub keeps no facts about."""

    def find(self, municipality: str, id: str, *, lock: bool = False) -> Hold | None:
        """One hold, whatever its state; `None` where this municipality has no such hold. `lock` keeps others from
        deciding it until the commit."""

    def overdue(self, now: datetime, limit: int) -> Sequence[Hold]:
        """Open ones whose deadline has passed, in every municipality; those another worker holds are left out."""

    def decide(self, holds: Sequence[Hold]) -> None:
        """Writes how they stand: whose turn it is and until when, who has agreed, how they ended and why."""


class Moves(Protocol):
    """What has been done about holds, line by line. Lines are only ever added."""

    def add(self, moves: Sequence[Move]) -> None:
        """New lines, their words sealed."""

    def of(self, municipality: str, hold: str) -> Sequence[Move]:
        """All about one hold, in order."""

    def asked(self, municipality: str, parts: Sequence[str]) -> Sequence[Move]:
        """Questions to whoever sent these parts, answered ones too."""

    def talk(self, municipality: str | None = None) -> Sequence[Move]:
        """Questions to senders about open holds, that they were sent, and the answers; of one municipality, or all."""


def unanswered(talk: Sequence[Move]) -> list[Move]:
    """The questions among these lines that have no answer among them."""
    answered = {(each.hold, each.detail.get("question")) for each in talk if each.action == "answered"}
    return [each for each in talk if each.action == "asked_sender" and (each.hold, each.number) not in answered]
