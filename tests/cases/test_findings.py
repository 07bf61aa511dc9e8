"""Each rule answers when its IF part is true, with what its text says, and is silent when it is not."""

from __future__ import annotations

import pytest

from tests.cases.findings import Answer, answers


@pytest.mark.parametrize("row", answers(), ids=lambda row: row.name)
def test_a_rule_says_what_its_text_says(row: Answer) -> None:
    assert row.given() == row.says
