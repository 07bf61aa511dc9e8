"""Something a service or the municipality must answer by a day, apart from what waits for it (*oppgave*)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hub.model.service import Service

TaskState = Literal["open", "answered", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Task:
    """One question to one service, with a deadline. Ids and codes only; `reason` is what was written with the answer.

    `kind` is one of `hub/policy/tasks.yaml`. It is put to `addressee`, a service, and to its one `system` where that is
    known; once overdue also to `escalated_to`. `subject` is what it is about: an element, a service, a reference.
    `starts_at` is when its time begins, where that is later than its making (staggered starts).
    """

    id: str
    municipality: str
    kind: str
    addressee: Service
    created_at: datetime
    due_at: datetime
    plan: str | None = None
    child: str | None = None
    subject: str | None = None
    system: str | None = None
    asked_by: Service | None = None
    starts_at: datetime | None = None
    state: TaskState = "open"
    escalated_to: Service | None = None
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    reason: str | None = None
    once: str | None = None
    """What there may be only one of at a time: a task that meets its like is not made."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """Something that happened in the life of a plan, kept in words: guidance, statements, a history handed over."""

    id: str
    municipality: str
    plan: str
    child: str
    kind: str
    at: datetime
    who: str
    words: str
    service: Service | None = None
