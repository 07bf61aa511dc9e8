"""What waits for a human."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


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

    def find(self, municipality: str, id: str) -> Hold | None:
        """One hold, whatever its state; `None` where this municipality has no such hold."""

    def decide(self, holds: Sequence[Hold]) -> None:
        """Writes how they ended, who decided, and why."""
