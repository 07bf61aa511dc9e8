"""A published share says of nobody who was late that it was in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hub.ops.figures import table
from hub.policy.figures import Shape
from hub.ports import Count, Lasted, Span

SPAN = Span("9999", (datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)), ())
SHAPE = Shape("rule", "nb", "nn", "en", "end", timed=True)


@dataclass(frozen=True)
class Ended:
    """The port `Figures` over holds of one rule: how each child's ended."""

    ends: Sequence[str]

    @property
    def figures(self) -> Ended:
        return self

    def count(self, span: Span, what: str, by: Sequence[str]) -> Sequence[Count]:
        rows = [{"rule": "COO-01", "end": end} for end in self.ends]
        values = [tuple(row[name] for name in by if name) for row in rows]
        return [Count(each, values.count(each), values.count(each)) for each in sorted(set(values))]

    def lasted(self, span: Span, what: str, by: str | None) -> Sequence[Lasted]:
        return [Lasted("COO-01" if by else "", len(self.ends), 86_400.0, 86_400.0, 864_000.0)]


def share(*ends: str) -> int | None:
    work: Any = Ended(ends)
    return table(work, SPAN, "holds_ended", SHAPE, 5).took["COO-01"].in_time


def test_where_each_end_is_told_the_share_is() -> None:
    assert share(*["released_in_time"] * 15, *["released_late"] * 5) == 75


def test_where_some_of_the_late_ones_are_too_few_to_be_told_no_share_is() -> None:
    assert share(*["released_in_time"] * 20, *["released_late"] * 3, *["lapsed"] * 3) is None
