"""A table of anonymous figures: counted with its sums, and shown without what would tell of too few."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from hub.errors import UnusableError
from hub.model.calendar import OSLO, norwegian_day
from hub.ops.enrol import Desk
from hub.ops.small_figures import ALL, OTHER, Cell, Cells, Counted, Figures, shown
from hub.policy.figures import Shape
from hub.ports import Lasted, Span, What, Work

DAY = 86_400.0
NONE = Counted(0, 0)


@dataclass(frozen=True, slots=True)
class Took:
    """Days until it was decided: half within `median`, nine in ten within `ninth`, the slowest in `longest`.

    `in_time` is the share of those within their deadline, in per cent; `None` where it would tell of too few.
    """

    median: float
    ninth: float
    longest: float
    in_time: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table as it may be published."""

    id: str
    shape: Shape
    figures: Figures
    took: Mapping[str, Took]

    @property
    def rows(self) -> list[str]:
        """The values of its rows, their sum last."""
        return _in_order(row for row, _ in self.figures)

    @property
    def columns(self) -> list[str]:
        """The values of its columns, their sum last."""
        return _in_order(column for _, column in self.figures)

    @property
    def cells(self) -> list[Cell]:
        """Row by row."""
        return [(row, column) for row in self.rows for column in self.columns]


def span_of(desk: Desk, year: int, together: tuple[str, ...] = ()) -> Span:
    """A year that is over. Of one that is not nothing is told: two days' figures differ by one child."""
    if not 2000 <= year < norwegian_day(desk.clock.now()).year:
        way_out = "ask for a year that is over; how it stands now is told by the status and by what waits"
        raise UnusableError("year_not_over", "there are figures of whole years only", place="year", way_out=way_out)
    begins = [*(date(year, month, 1) for month in (1, 4, 7, 10)), date(year + 1, 1, 1)]
    return Span(desk.municipality, tuple(datetime.combine(day, time(), OSLO) for day in begins), together)


def table(work: Work, span: Span, what: What, shape: Shape, fewest: int) -> Table:
    """One thing counted by the database, and what may be shown of it."""
    figures = shown(_counted(work, span, what, shape), fewest)
    return Table(what, shape, figures, _timed(work, span, what, figures, (shape, fewest)) if shape.timed else {})


def _counted(work: Work, span: Span, what: What, shape: Shape) -> Cells:
    """With all sums; each is asked for by itself, since one child may be in several rows."""
    row, column = shape.rows, shape.columns
    found: dict[Cell, Counted] = {}
    for by in ((row, column), (row,), (column,), ()):
        for one in work.figures.count(span, what, by):
            named = dict(zip(by, one.values, strict=True))
            found[named.get(row, ALL), named.get(column, ALL)] = Counted(one.number, one.persons)
    grid = {(of_row, of_column) for of_row, _ in found for _, of_column in found}
    return {cell: found.get(cell, NONE) for cell in sorted(grid)}


def _timed(work: Work, span: Span, what: What, figures: Figures, told: tuple[Shape, int]) -> Mapping[str, Took]:
    """By row, where it is about enough children; of all only where each row is told, since the slowest of all might be
    one of the few."""
    shape, fewest = told
    rows, every = work.figures.lasted(span, what, shape.rows), work.figures.lasted(span, what, None)
    enough = [one for one in rows if one.persons >= fewest and (one.value, ALL) in figures and one.value != OTHER]
    lasted = [*enough, *(every if len(enough) == len(rows) else [])]
    return {one.value or ALL: _took(one, figures) for one in lasted}


def _took(one: Lasted, figures: Figures) -> Took:
    row = {column: number for (of, column), number in figures.items() if of == (one.value or ALL)}
    ends = {end: [row[column] for column in row if column.endswith(end)] for end in ("in_time", "late")}
    numbers = [number for each in ends.values() for number in each]
    known = [number for number in numbers if number is not None]
    whole = len(known) == len(numbers) and sum(known) > 0 and OTHER not in row  # where some of the late ones may lie
    share = round(100 * sum(number or 0 for number in ends["in_time"]) / sum(known)) if whole else None
    median, ninth, longest = (round(seconds / DAY, 1) for seconds in (one.median, one.ninth, one.longest))
    return Took(median, ninth, longest, share)


def _in_order(values: Iterable[str]) -> list[str]:
    return sorted(set(values), key=lambda value: (value == ALL, value == OTHER, value))
