"""Edits that wait for the coordinator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit its sender may not make alone; waits for the coordinator. `element` holds the proposed value (opened)."""

    id: str
    municipality: str
    plan: str
    child: str
    part: str
    system: str
    element: Mapping[str, object]
    base_version: int
    created_at: datetime
    state: Literal["open", "accepted", "declined", "countered"] = "open"
    decided_by: str | None = None
    reason: str | None = None
    merged_in: int | None = None
    """The version of the plan that an accepted one became part of."""
    counters: str | None = None
    """The proposal in whose place the coordinator proposes this one: it waits for the service that made that one."""


class Proposals(Protocol):
    """Edits that wait for the coordinator."""

    def add(self, proposals: Sequence[Proposal]) -> None:
        """New proposals, their values sealed."""

    def of(self, municipality: str, plan: str) -> Sequence[Proposal]:
        """All proposals about a plan, decided ones too."""

    def waiting(self, municipality: str, plan: str) -> Sequence[Proposal]:
        """Those nobody has decided, and those accepted that are not yet part of the plan; oldest first."""

    def of_parts(self, municipality: str, parts: Sequence[str]) -> Sequence[Proposal]:
        """All that these parts proposed, and what was proposed in return; oldest first."""

    def find(self, municipality: str, id: str) -> Proposal | None:
        """One proposal; `None` where this municipality has no such proposal."""

    def untold(self, municipality: str, plan: str) -> Sequence[Proposal]:
        """Decided ones whose proposer has not been told; oldest first."""

    def told(self, ids: Iterable[str]) -> None:
        """Writes that what became of these is on its way to their proposers."""

    def decide(self, proposal: Proposal) -> None:
        """Writes who decided what, and why; and the version it became part of."""
