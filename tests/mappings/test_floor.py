"""The floor that the mapping bench measures against does what the mapping does."""

from __future__ import annotations

import pytest

from tests.bench.mapping import KINDS, same_as_by_hand


@pytest.mark.parametrize("case", KINDS)
def test_the_plain_python_of_the_bench_says_what_the_mapping_says(case: str) -> None:
    assert same_as_by_hand(KINDS[case])
