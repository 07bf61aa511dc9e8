"""Every rule removed on purpose, one at a time: each time a case fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.policy.cases import run_cases
from hub.policy.rules import BOOK

OWN = Path(__file__).parent / "own.yaml"

# What these find out is recorded, but another rule or the default shuts the same thing without them.
ONLY_RECORDED = frozenset(
    {"CON-06", "CON-08", "CON-13", "CON-14", "COO-04", "COO-07", "DUT-02", "DUT-03", "DUT-04", "DUT-09"}
    | {"LBW-07", "LBW-10", "LBW-12"}
)


@pytest.mark.long
@pytest.mark.parametrize("id", sorted(BOOK.rules))
def test_no_rule_can_be_torn_out_unnoticed(id: str) -> None:
    _, ok = run_cases(OWN, book=BOOK.without(id))

    assert not ok


@pytest.mark.long
@pytest.mark.parametrize("id", sorted(set(BOOK.rules) - ONLY_RECORDED))
def test_a_rule_torn_out_changes_an_outcome(id: str) -> None:
    whole = [run_cases(path)[0] for path in (OWN, OWN.with_name("cases.yaml"))]
    torn = [run_cases(path, book=BOOK.without(id))[0] for path in (OWN, OWN.with_name("cases.yaml"))]

    outcomes = [[line["outcome"] for lines in found for line in lines] for found in (whole, torn)]

    assert outcomes[0] != outcomes[1]
