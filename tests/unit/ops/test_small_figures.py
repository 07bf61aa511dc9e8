"""Small figures: what is hidden cannot be worked out, by whoever tries every table that there could be."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.ops.small_figures import ALL, OTHER, Cell, Cells, Counted, Figures, shown

FEWEST = 5


def table(*rows: tuple[int, ...]) -> Cells:
    """A table in which each figure is about children of its own."""
    inner = {(f"r{at}", f"c{on}"): number for at, row in enumerate(rows) for on, number in enumerate(row)}
    sums = {(row, ALL): sum(n for (of, _), n in inner.items() if of == row) for row, _ in inner}
    sums |= {(ALL, column): sum(n for (_, of), n in inner.items() if of == column) for _, column in inner}
    every = {**inner, **sums, (ALL, ALL): sum(inner.values())}
    return {cell: Counted(number, number) for cell, number in every.items()}


def guesses(told: Figures) -> dict[Cell, set[int]]:
    """What each hidden figure might be: every table of whole numbers with these sums, until two fit for each."""
    inside = [cell for cell in told if ALL not in cell]
    unknown = [cell for cell in inside if told[cell] is None]
    found: dict[Cell, set[int]] = {cell: set() for cell in unknown}
    highest = max((number or 0 for number in told.values()), default=0)
    for guess in product(range(min(highest, 14) + 1), repeat=len(unknown)):
        tried = dict(zip(unknown, guess, strict=True))
        whole = {cell: tried.get(cell, told[cell]) for cell in inside}
        if all(number == _sum(whole, cell) for cell, number in told.items() if ALL in cell and len(inside) > 0):
            for cell, number in tried.items():
                found[cell].add(number)
            if all(len(values) > 1 for values in found.values()):
                break
    return found


def _sum(whole: dict[Cell, int | None], of: Cell) -> int:
    fits = [n for cell, n in whole.items() if all(want in (ALL, is_) for want, is_ in zip(of, cell, strict=True))]
    return sum(number or 0 for number in fits)


def test_a_small_figure_is_hidden_with_its_row_and_a_row_beside_it() -> None:
    told = shown(table((3, 20, 30), (40, 50, 60), (70, 80, 90)), FEWEST)

    assert [told["r0", column] for column in ("c0", "c1", "c2", ALL)] == [None, None, None, 53]
    assert [told["r1", column] for column in ("c0", "c1", "c2", ALL)] == [None, None, None, 150]
    assert [told["r2", column] for column in ("c0", "c1", "c2", ALL)] == [70, 80, 90, 240]


def test_rows_and_columns_about_few_become_part_of_the_others() -> None:
    told = shown(table((1, 1), (2, 1), (40, 50)), FEWEST)

    assert {row for row, _ in told} == {OTHER, "r2", ALL}
    assert told[OTHER, ALL] == 5


def test_what_is_about_many_is_shown_and_so_is_nought() -> None:
    told = shown(table((0, 20), (40, 0)), FEWEST)

    assert None not in told.values()
    assert told["r0", "c0"] == 0


def test_many_rows_about_one_child_are_no_more_than_one() -> None:
    counted = {("a", ALL): Counted(40, 1), ("b", ALL): Counted(9, 9), (ALL, ALL): Counted(49, 10)}

    assert shown(counted, FEWEST) == {(OTHER, ALL): 49, (ALL, ALL): 49}


def test_of_two_small_rows_about_the_same_children_a_third_goes_with_them() -> None:
    """Three and three about the same three: only what is certain counts."""
    counted = {
        ("a", ALL): Counted(3, 3), ("b", ALL): Counted(3, 3), ("c", ALL): Counted(9, 9), ("d", ALL): Counted(12, 12),
        (ALL, ALL): Counted(27, 24),
    }  # fmt: skip

    assert shown(counted, FEWEST) == {("d", ALL): 12, (OTHER, ALL): 15, (ALL, ALL): 27}


@pytest.mark.parametrize(("number", "told"), [(0, 0), (4, None)])
def test_of_fewer_than_five_in_all_nothing_is_told_but_that_there_was_nothing(number: int, told: int | None) -> None:
    assert shown(table((number, 0)), FEWEST) == {(ALL, ALL): told}


@settings(deadline=None, max_examples=80)
@example([(0, 1), (1, 5)])
@example([(5, 1), (1, 5)])
@example([(6, 1), (9, 9)])
@given(st.lists(st.tuples(*[st.integers(0, 9)] * 2), min_size=2, max_size=2))
def test_no_hidden_figure_has_one_possible_value_only(rows: list[tuple[int, int]]) -> None:
    whole, told = table(*rows), shown(table(*rows), FEWEST)

    assert [cell for cell, number in told.items() if number is not None and 0 < number < FEWEST] == []
    assert [cell for cell, values in guesses(told).items() if 0 < whole[cell].number < FEWEST and len(values) < 2] == []


@given(st.lists(st.tuples(*[st.integers(0, 12)] * 3), min_size=1, max_size=5))
def test_what_the_hidden_rows_come_to_in_each_column_is_nought_or_about_five(rows: list[tuple[int, ...]]) -> None:
    """All that can be worked out of them, and so all that need be large enough."""
    told = shown(table(*rows), FEWEST)
    gone = {cell for cell, number in told.items() if number is None and cell != (ALL, ALL)}
    left = {
        column: (told[ALL, column] or 0) - sum(n or 0 for (row, at), n in told.items() if at == column and row != ALL)
        for column in {at for _, at in gone}
    }

    assert [column for column, number in left.items() if 0 < number < FEWEST] == []
    assert [cell for cell in gone if told.get((cell[0], ALL)) is None] == []
