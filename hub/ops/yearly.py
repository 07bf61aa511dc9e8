"""A municipality's yearly figures (D-19): what waited, how it ended, how long it took, what was refused and why.

Anonymous: no ids, and nothing about so few that one could be known among them (`small_figures.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from hub.ops.enrol import Desk
from hub.ops.figures import Table, span_of, table
from hub.policy.book import RULES
from hub.policy.figures import Name, published
from hub.policy.statutes import provisions
from hub.ports import What, Work


@dataclass(frozen=True, slots=True)
class Report:
    """The tables of one report. `laws` are the provisions behind each rule in them, as on the year's last day."""

    name: Name
    municipality: str
    year: int
    fewest: int
    tables: tuple[Table, ...]
    laws: Mapping[str, Sequence[str]]


def year_report(work: Work, desk: Desk, year: int) -> Report:
    """Counted by the database in whole years, so that two readings never differ by one child."""
    data = published()
    span = span_of(desk, year, data.together)
    tables = tuple(table(work, span, cast(What, id), shape, data.fewest) for id, shape in data.reports["year"].items())
    return Report("year", desk.municipality, year, data.fewest, tables, _laws(tables, year))


def _laws(tables: Sequence[Table], year: int) -> Mapping[str, Sequence[str]]:
    rules = sorted({row for each in tables if each.shape.rows == "rule" for row in each.rows} & RULES.keys())
    return {rule: provisions((rule,), date(year, 12, 31)) for rule in rules}
