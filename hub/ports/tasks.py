"""What services and the municipality must answer, and what is written down in the life of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from hub.model.task import LogLine, Task


class Tasks(Protocol):
    """Questions with a deadline. A row says what, to whom and until when; what was written with an answer is sealed."""

    def add(self, tasks: Sequence[Task]) -> None:
        """New tasks; one that meets its like (`once`) is left out."""

    def find(self, municipality: str, id: str, *, lock: bool = False) -> Task | None:
        """One task, whatever its state; `None` where this municipality has no such task. `lock` keeps others from
        answering it until the commit."""

    def open(self, municipality: str, plan: str | None = None) -> Sequence[Task]:
        """Those nobody has answered, the first due first; of one plan, or of all."""

    def of(self, municipality: str, plan: str) -> Sequence[Task]:
        """All of a plan, whatever their state, in the order they were made."""

    def overdue(self, now: datetime, limit: int) -> Sequence[Task]:
        """Open ones whose deadline has passed, in every municipality; those another worker holds are left out."""

    def put(self, tasks: Sequence[Task]) -> None:
        """How they stand: whose they are, until when, how they were answered. What was asked never changes."""


class Logbook(Protocol):
    """Lines about a plan, in words that are sealed under the child's key. Lines are only ever added."""

    def add(self, lines: Sequence[LogLine]) -> None:
        """New lines."""

    def of(self, municipality: str, plan: str, kind: str) -> Sequence[LogLine]:
        """Those of one kind, in the order they happened."""
