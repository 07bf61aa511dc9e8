"""A table of figures without what would tell of so few that one could be known among them. Pure.

Rows and columns about fewer than `fewest` children become part of `other`, with as many more as it takes (the first
suppression). Where a figure inside is still too small, its whole row is hidden, and other rows with it until what the
hidden rows come to in each column, which anybody can work out, is enough or nought (the second).

Why that is enough: of the hidden figures nothing is known but what their rows and their columns come to, R and C, in
all S. Then each may be anything from max(0, R + C - S) to min(R, C), and no bounds are closer (Fréchet). Every R and C
is at least `fewest`, so a figure that is less has more than one value it may have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ALL = "all"
"""In place of a value: the sum over all of them."""
OTHER = "other"
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure, and how many different children it is about; of several together, how many at least."""

    number: int
    persons: int


Cells = Mapping[Cell, Counted]
"""By row and column, with all sums."""
Figures = Mapping[Cell, int | None]
"""The same as it may be shown; `None` is a figure that is not."""


def shown(cells: Cells, fewest: int) -> Figures:
    """Every figure that may be shown, and where there is one that may not be."""
    every = cells[ALL, ALL]
    if every.persons < fewest:
        return {(ALL, ALL): None if every.number else 0}
    folded = _turned(_folded(_turned(_folded(cells, fewest)), fewest))
    gone = _hidden_rows(folded, fewest)
    inside = {cell for cell in folded if cell[0] in gone and cell[1] != ALL}
    return {cell: None if cell in inside else one.number for cell, one in folded.items()}


def _folded(cells: Cells, fewest: int) -> Cells:
    """With the small rows as one."""
    rest = sorted(_values(cells, 0), key=lambda row: (cells[row, ALL].persons, cells[row, ALL].number, row))
    small = {row for row in rest if cells[row, ALL].persons < fewest}
    if not small:
        return cells
    small |= {OTHER} & set(rest)
    rest = [row for row in rest if row not in small]
    while rest and _together(cells, small, ALL).persons < fewest:
        small.add(rest.pop(0))
    kept = {cell: one for cell, one in cells.items() if cell[0] not in small}
    return {**kept, **{(OTHER, column): _together(cells, small, column) for column in {at for _, at in cells}}}


def _together(cells: Cells, rows: Iterable[str], column: str) -> Counted:
    """What some rows come to in a column. One child may be in several of them: they are about as many as the largest
    is, and as many as are in none of the others, at least."""
    inside = [cells[row, column] for row in rows]
    others = sum(cells[row, column].persons for row in _values(cells, 0) - set(rows))
    persons = max(cells[ALL, column].persons - others, *(one.persons for one in inside), 0)
    return Counted(sum(one.number for one in inside), persons)


def _hidden_rows(cells: Cells, fewest: int) -> set[str]:
    rows, columns = _values(cells, 0), _values(cells, 1)
    gone = {row for row in rows if any(_is_small(cells[row, column], fewest) for column in columns)}
    rest = sorted(rows - gone, key=lambda row: (cells[row, ALL].persons, row))
    while gone and rest and any(_is_small(_together(cells, gone, column), fewest) for column in columns):
        gone.add(rest.pop(0))
    return gone


def _is_small(one: Counted, fewest: int) -> bool:
    return one.number > 0 and one.persons < fewest


def _values(cells: Cells, side: int) -> set[str]:
    return {cell[side] for cell in cells} - {ALL}


def _turned(cells: Cells) -> Cells:
    """Rows as columns, and columns as rows."""
    return {(column, row): one for (row, column), one in cells.items()}
