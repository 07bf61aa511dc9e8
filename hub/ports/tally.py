"""Both ledgers, added up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Wait:
    """How many wait, and since when the oldest."""

    count: int
    since: datetime


class Tally(Protocol):
    """Both ledgers, each added up by one query; and how long the oldest has waited."""

    def waits(self) -> Mapping[tuple[str, str], Wait]:
        """What is open in every municipality: `parts` as one, `deliveries` by system, `holds` by the first rule they
        were made by, `set_aside` by code; `questions` to senders without an answer; `overdue_holds` by that rule,
        `overdue_tasks` and, apart, `overdue_reports` (child welfare's own secret tasks), not decided by their own
        deadline; `facts` by when the register last confirmed them. Reads only what is open."""

    def late(self, before: datetime, municipality: str | None = None) -> Wait | None:
        """Reports and dangers that have not come through: sent by that instant and still on their way or held, or set
        aside, however young, until an operator has dealt with them. `None` where there is none."""

    def unaccounted(self) -> int:
        """Messages that were accepted and have no part in the ledger. Reads both tables whole; always zero."""

    def parts(self, municipality: str | None = None) -> Mapping[str, int]:
        """How many parts are in each state; of one municipality, or of all."""

    def deliveries(self, municipality: str | None = None) -> Mapping[str, int]:
        """How many deliveries are in each state; of one municipality, or of all."""

    def waiting_since(self, municipality: str) -> Mapping[str, datetime]:
        """Since when the oldest open row of `parts` and of `deliveries` has waited; a ledger at rest is left out."""

    def messages(self, municipality: str) -> int:
        """How many messages were taken in."""

    def sent(self, municipality: str) -> Mapping[str, int]:
        """Messages by the system that sent them."""

    def received(self, municipality: str) -> Mapping[str, int]:
        """Delivered deliveries by the system that has them."""

    def decisions(self, municipality: str, stage: str) -> Mapping[str, int]:
        """Decisions of a stage by outcome."""
