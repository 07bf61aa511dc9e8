"""Which figures may not be shown, since they would tell of so few that one could be known among them.

A figure about fewer children than `fewest` is hidden (the first suppression), and then as many others as it takes that
nobody works it out from sums, alone or several together (the second). Pure.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
PRIME = (1 << 61) - 1
"""Sums are solved in whole numbers modulo this prime, which is exact for coefficients of one."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure, and how many different children it is about."""

    number: int
    persons: int


@dataclass(frozen=True, slots=True)
class Sum(Generic[Key]):
    """A figure that others add up to."""

    total: Key
    parts: tuple[Key, ...]


def hidden(counted: Mapping[Key, Counted], sums: Sequence[Sum[Key]], fewest: int) -> frozenset[Key]:
    """The figures that are not shown. Whatever can be worked out from the others is about `fewest` children or more."""
    gone = {key for key, one in counted.items() if 0 < one.persons < fewest}
    while weak := next(_weak(counted, sums, gone, fewest), None):
        gone.add(min(weak, key=lambda key: (counted[key].persons, counted[key].number, str(key))))
    return frozenset(gone)


def _weak(counted: Mapping[Key, Counted], sums: Sequence[Sum[Key]], gone: set[Key], fewest: int) -> Iterator[list[Key]]:
    """For each sum that gives something away: what more of it can be hidden, its total only where no part can."""
    for each in sums:
        if not _keeps(each, counted, gone, fewest):
            yield _left(each, counted, gone)
    known = _worked_out(sums, gone)
    for each in sums:
        if known.intersection((each.total, *each.parts)) and (left := _left(each, counted, gone)):
            yield left


def _left(one: Sum[Key], counted: Mapping[Key, Counted], gone: set[Key]) -> list[Key]:
    parts = [key for key in one.parts if key not in gone and counted[key].number]
    return parts or [one.total][: one.total not in gone]


def _keeps(one: Sum[Key], counted: Mapping[Key, Counted], gone: set[Key], fewest: int) -> bool:
    """Whether this sum alone gives nothing away of so few: what is hidden in it is more than one figure, together
    about enough children, and any of them might be as high as that."""
    away = [counted[key] for key in one.parts if key in gone]
    if one.total in gone:
        return bool(away)
    if not away:
        return True
    there = sum(counted[key].persons for key in one.parts if key not in gone)
    persons = max(counted[one.total].persons - there, *(each.persons for each in away), 0)
    highest = sum(each.number for each in away) - (len(away) - 1)
    return len(away) > 1 and persons >= fewest and highest >= fewest


def _worked_out(sums: Sequence[Sum[Key]], gone: set[Key]) -> set[Key]:
    """Hidden figures that have one possible value only, once all sums are solved together."""
    solved: dict[Key, dict[Key, int]] = {}
    for each in sums:
        row = {key: 1 for key in each.parts if key in gone}
        if each.total in gone:
            row[each.total] = PRIME - 1
        for pivot, other in solved.items():
            row = _less(row, other, row.get(pivot, 0))
        if not row:
            continue
        pivot, factor = next(iter(row.items()))
        row = {key: value * pow(factor, -1, PRIME) % PRIME for key, value in row.items()}
        solved = {key: _less(other, row, other.get(pivot, 0)) for key, other in solved.items()} | {pivot: row}
    return {pivot for pivot, row in solved.items() if len(row) == 1}


def _less(row: Mapping[Key, int], other: Mapping[Key, int], times: int) -> dict[Key, int]:
    """A row less so many times another, without what comes to nothing."""
    made = {key: (row.get(key, 0) - times * other.get(key, 0)) % PRIME for key in {**row, **other}}
    return {key: value for key, value in made.items() if value}
