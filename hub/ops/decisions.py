"""Kept decisions as somebody reads them: the record, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.errors import UnusableError
from hub.policy.complaints import Complaint
from hub.policy.explain import Language
from hub.policy.telling import Told, complaints, tell
from hub.ports import DecisionRow, Work


@dataclass(frozen=True, slots=True)
class Shown:
    """One decision: where it belongs, what it meant for its delivery, its record, the way to complain, the words."""

    id: str
    plan: str | None
    part: str | None
    delivery: str | None
    receiver: str
    stage: str
    outcome: str
    decided_at: datetime
    hash: str
    record: Mapping[str, Any]
    complaints: tuple[Complaint, ...]
    language: Language
    words: Told


def show_decision(work: Work, municipality: str, id: str, language: Language = "en") -> Shown:
    """`not_found` where this municipality has no such decision; `unreadable` where the record is of another form."""
    row = work.decisions.find(municipality, id)
    if row is None:
        raise UnusableError("not_found", "there is no such decision in this municipality", place="decision")
    return shown(row, language)


def shown(row: DecisionRow, language: Language) -> Shown:
    """One row, read."""
    record = row.whole
    try:
        words, ways = tell(record, language), tuple(complaints(record))
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        way_out = "`langbenk decision replay` tells whether it was changed"
        raise UnusableError("unreadable", "the record is not of a known form", way_out=way_out) from error
    return Shown(
        row.id,
        row.plan,
        row.part,
        row.delivery,
        row.receiver,
        row.stage,
        row.outcome,
        row.decided_at,
        row.hash.hex(),
        record,
        ways,
        language,
        words,
    )
