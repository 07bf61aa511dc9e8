"""The first ledger: parts of messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.model.envelope import PartState
from hub.ports.rows import NOTHING


class Part(NamedTuple):
    """One child's part of a message: a row of the first ledger. `number` is gapless within its plan; directed parts
    have a `receiver` and neither plan nor number. `document` is JSON bytes (opened), `None` once cleaned away."""

    id: str
    message: str
    municipality: str
    system: str
    kind: str
    state: PartState
    received_at: datetime
    plan: str | None = None
    child: str | None = None
    about: str | None = None
    number: int | None = None
    receiver: str | None = None
    document: bytes | None = None
    code: str | None = None
    place: str | None = None
    correlation_id: str | None = None
    claims: Mapping[str, object] = NOTHING
    traceparent: str | None = None
    view_version: int | None = None
    urgent: bool = False
    """A report or a danger to be averted: it is decided before other directed parts."""


class Ledger(Protocol):
    """The first ledger: every part of every message, and how it ended."""

    def number(self, parts_per_plan: Mapping[str, int]) -> Mapping[str, int]:
        """Takes numbers: gives the first of each plan's run, gapless; locks the plans' counters until the commit."""

    def add(self, parts: Sequence[Part]) -> None:
        """New parts, with their documents sealed apart."""

    def pending(self, plans: Sequence[str], limit: int) -> Sequence[Part]:
        """Of the plans already locked by `Plans.lock`: pending parts in number order, documents opened."""

    def directed(self, ids: Sequence[str]) -> Sequence[Part]:
        """Pending directed parts, locked; those another worker holds are left out."""

    def urgent(self, limit: int) -> Sequence[str]:
        """Ids of pending directed parts that are urgent, oldest first, without locking."""

    def find(self, ids: Sequence[str]) -> Sequence[Part]:
        """Parts by id, oldest first, with their documents; without locking."""

    def senders(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The system that sent each of these parts, by part."""

    def end(self, parts: Sequence[Part]) -> None:
        """Writes the new state, code and place of each."""

    def of(self, municipality: str, subject: str) -> Sequence[Part]:
        """Parts of a message (its receipt id) or a plan, or the part of that id; oldest first, without documents."""

    def unfinished(self, older_than: datetime, limit: int) -> Sequence[Part]:
        """Pending parts for the sweep, without documents: selected by state, never by id."""

    def clean(self, ended_before: datetime, limit: int) -> int:
        """Deletes documents of parts that ended before this instant; says how many."""
