"""Small figures: what is hidden cannot be worked out, by any sum or all of them together."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.ops.figures import ALL, Cell, Cells, Figures, shown
from hub.ops.small_figures import Counted, Sum, hidden

FEWEST = 5


def table(*rows: tuple[int, ...]) -> Cells:
    """A table in which each figure is about a child of its own."""
    inner = {(f"r{at}", f"c{on}"): number for at, row in enumerate(rows) for on, number in enumerate(row)}
    sums = {(row, ALL): sum(n for (of, _), n in inner.items() if of == row) for row, _ in inner}
    sums |= {(ALL, column): sum(n for (_, of), n in inner.items() if of == column) for _, column in inner}
    every = {**inner, **sums, (ALL, ALL): sum(inner.values())}
    return {cell: Counted(number, number) for cell, number in every.items()}


def possible(told: Figures, highest: int) -> dict[Cell, set[int]]:
    """What each hidden figure within the table might be, for somebody who tries every table until two fit."""
    inside = [cell for cell in told if ALL not in cell]
    unknown = [cell for cell in inside if told[cell] is None]
    found: dict[Cell, set[int]] = {cell: set() for cell in unknown}
    for guess in product(range(1, highest + 1), repeat=len(unknown)):
        tried = dict(zip(unknown, guess, strict=True))
        whole = {cell: tried.get(cell, told[cell]) for cell in inside}
        if all(number is None or number == _sum(whole, cell) for cell, number in told.items() if ALL in cell):
            for cell, number in tried.items():
                found[cell].add(number)
            if all(len(values) > 1 for values in found.values()):
                break
    return found


def _sum(whole: dict[Cell, int | None], of: Cell) -> int:
    fits = [n for cell, n in whole.items() if all(want in (ALL, is_) for want, is_ in zip(of, cell, strict=True))]
    return sum(number or 0 for number in fits)


def test_a_figure_about_fewer_than_five_is_hidden_and_another_with_it() -> None:
    told = shown(table((3, 20, 30), (40, 50, 60)), FEWEST)

    assert told["r0", "c0"] is None
    assert sum(told[cell] is None for cell in (("r0", "c1"), ("r0", "c2"))) == 1
    assert sum(told[cell] is None for cell in (("r1", "c0"), (ALL, "c0"))) == 1
    assert told[ALL, ALL] == 203


def test_nought_is_shown_and_so_is_what_is_about_many() -> None:
    told = shown(table((0, 20), (40, 0)), FEWEST)

    assert None not in told.values()


def test_many_rows_about_one_child_are_hidden_as_one_is() -> None:
    one, many = Counted(40, 1), Counted(9, 9)
    total = Sum("all", ("a", "b", "c"))

    gone = hidden({"a": one, "b": many, "c": many, "all": Counted(58, 19)}, [total], FEWEST)

    assert gone == {"a", "b"}


def test_what_two_hidden_figures_come_to_together_is_about_five_or_more() -> None:
    told = shown(table((1, 1, 40)), FEWEST)

    assert (told["r0", "c2"], told["r0", ALL]) == (None, 42)


def test_of_fewer_than_five_in_all_nothing_is_told() -> None:
    told = shown(table((1, 2), (0, 1)), FEWEST)

    assert {number for number in told.values() if number} == set()


def test_what_only_several_sums_together_give_away_is_hidden_better() -> None:
    """Each sum has two unknown in it, and the three of them have one solution."""
    four, many = Counted(4, 4), Counted(30, 30)
    counted = {**dict.fromkeys("klm", four), **dict.fromkeys("efg", many), **dict.fromkeys("abc", Counted(38, 38))}
    sums = [Sum("a", ("k", "l", "e")), Sum("b", ("l", "m", "f")), Sum("c", ("m", "k", "g"))]

    gone = hidden(counted, sums, FEWEST)

    assert set("klm") < gone


SMALL = st.lists(st.tuples(*[st.integers(0, 9)] * 2), min_size=2, max_size=2)


@settings(deadline=None, max_examples=60)
@given(SMALL)
def test_no_hidden_figure_has_one_possible_value_only(rows: list[tuple[int, int]]) -> None:
    whole = table(*rows)
    told = shown(whole, FEWEST)
    guesses = possible(told, 12)

    assert [cell for cell, one in whole.items() if 0 < one.persons < FEWEST and told[cell] is not None] == []
    assert [cell for cell, values in guesses.items() if len(values) < 2] == []
