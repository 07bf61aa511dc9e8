"""Figures about the work of a year: how many there were of something, and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

What = Literal[
    "holds_opened", "holds_ended", "denials", "tasks_put", "tasks_answered", "proposals", "gaps", "cooperation"
]
"""What is counted. `holds_*` and `denials` are by `rule`, tasks by `kind`, gaps and cooperation by `service`, proposals
`by` whom; each by one dimension more: `quarter`, `end` or `stage`."""


@dataclass(frozen=True, slots=True)
class Span:
    """One year of one municipality: five instants, at which its quarters begin and it ends.

    Rules, services and kinds of `together` are counted as one, `other`.
    """

    municipality: str
    quarters: tuple[datetime, ...]
    together: tuple[str, ...] = ()


class Count(NamedTuple):
    """How many share these values, and how many different children they are about. One about no child counts itself."""

    values: tuple[str, ...]
    number: int
    persons: int


class Lasted(NamedTuple):
    """How many seconds passed until it was decided: of half of them, of nine in ten, and of the slowest; and how many
    different children they are about."""

    value: str
    persons: int
    median: float
    ninth: float
    longest: float


class Figures(Protocol):
    """Rows counted by the database; none is read. `by` names dimensions that what is counted has."""

    def count(self, span: Span, what: What, by: Sequence[str]) -> Sequence[Count]:
        """How many there were, by the values of these dimensions; by none, one row."""

    def lasted(self, span: Span, what: What, by: str | None) -> Sequence[Lasted]:
        """How long people took, of what they decided in the span, by one dimension's values; or of all together."""
