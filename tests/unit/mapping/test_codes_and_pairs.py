"""Code tables, label tables and pairs: two spellings of one value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.mapping.codes import OwnLabels, code_table, label_table
from hub.mapping.pairs import PAIRS

STATUS = code_table("status", {"table": [["active", "A"], ["active", "B"], ["A", "C"]], "unknown": "keep"})
TOPIC = label_table("topic", {"table": [["education", "fag"], [["education", "sped"], "spesped"], [["health"], "h"]]})
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.lists(st.text(max_size=3))


def test_several_system_codes_may_mean_one_and_the_first_is_written() -> None:
    assert [STATUS.to_hub(code, "s") for code in "AB"] == ["active", "active"]
    assert STATUS.to_system("active") == "A"


def test_a_hub_value_that_would_read_as_another_is_not_written() -> None:
    assert STATUS.to_system("B") is None
    assert STATUS.to_system("Q") == "Q"


@pytest.mark.parametrize("value", [["x"], {"x": 1}, 5])
def test_a_value_no_code_can_be_is_not_written(value: Any) -> None:
    assert STATUS.to_system(value) is None


def test_one_code_for_two_meanings_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        code_table("t", {"table": [["a", "X"], ["b", "X"]]})


def test_a_word_that_yaml_takes_for_a_truth_value_is_refused() -> None:
    with pytest.raises(ValueError, match="quotes"):
        code_table("t", {"table": [[False, "N"]]})


def test_labels_add_up_and_the_unknown_is_unclassified() -> None:
    assert TOPIC.categories(["spesped", "h"], "t") == {"education", "sped", "health"}
    assert TOPIC.categories(["h", "?"], "t") == {"health", "unclassified"}


@pytest.mark.parametrize(
    ("categories", "label"), [({"education", "sped", "health"}, "spesped"), ({"education"}, "fag"), ({"economy"}, None)]
)
def test_a_new_item_gets_the_label_that_says_most_and_nothing_that_is_not_so(categories: set[str], label: Any) -> None:
    assert TOPIC.label_for(frozenset(categories)) == label


def test_labels_without_a_table_are_the_categories_themselves() -> None:
    own = OwnLabels()

    assert own.categories(["health", "x"], "t") == {"health", "unclassified"}
    assert own.label_for(frozenset({"b", "a", "unclassified"})) == ["a", "b", "unclassified"]


@pytest.mark.parametrize("name", sorted(PAIRS))
@given(value=VALUES)
def test_what_a_pair_writes_it_reads(name: str, value: Any) -> None:
    pair = PAIRS[name]
    try:
        written = pair.write(value)
    except ValueError:
        return

    assert pair.read(pair.write(pair.read(written))) == pair.read(written)


@pytest.mark.parametrize("name", sorted(PAIRS))
@given(number=st.integers(0, 10_000))
def test_a_pair_gives_back_what_the_hub_holds(name: str, number: int) -> None:
    pair = PAIRS[name]
    value = pair.read(pair.write(pair.sample(number)))

    assert pair.read(pair.write(value)) == value


@pytest.mark.parametrize(
    ("pair", "system", "hub"),
    [
        ("date", "2024-05-31T09:00:00Z", "2024-05-31"),
        ("date", "2024-05", "2024-05"),
        ("datetime", "2024-05-31T09:00:00+02:00", "2024-05-31T09:00:00+02:00"),
        ("norwegian_date", "31.05.2024", "2024-05-31"),
        ("decimal", "12.50", 12.5),
        ("decimal", "3", 3),
        ("whole", "-4", -4),
        ("number_text", 12, "12"),
        ("text_bool", "1", True),
        ("lines", ["a", "b"], "a\nb"),
    ],
)
def test_a_pair_reads_a_systems_spelling(pair: str, system: Any, hub: Any) -> None:
    assert PAIRS[pair].read(system) == hub


@pytest.mark.parametrize(
    ("pair", "system"),
    [
        *(("date", value) for value in ("2024-13-01", "20240101", "2024-W01-1", "soon", 5, "2024-1-1")),
        *(("datetime", value) for value in ("2024-05-31 09:00", "2024-05-31T25:00:00")),
        *(("decimal", value) for value in ("NaN", "1e99", "x", 5)),
        ("text_bool", "yes"),
        ("norwegian_date", "2024-05-31"),
        ("lines", "a"),
    ],
)
def test_a_pair_refuses_what_it_cannot_read(pair: str, system: Any) -> None:
    with pytest.raises(ValueError):  # a pair says no more: the row names place and what was wanted
        PAIRS[pair].read(system)
