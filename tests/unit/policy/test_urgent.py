"""Which messages overtake: those by which somebody does a duty that cannot wait."""

from __future__ import annotations

from typing import Any

import pytest

from hub.errors import UnusableError
from hub.policy import is_urgent


@pytest.mark.parametrize(
    "duty", [{"ground": "a"}, {"ground": ""}, {"danger": "self_harm"}, {"substance_misuse_in_pregnancy": True}]
)
def test_a_report_a_danger_and_substance_misuse_in_pregnancy_are_urgent(duty: dict[str, Any]) -> None:
    assert is_urgent({"person": "head-1", "duty": duty})


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"person": "head-1", "duty": {}},
        {"person": "head-1", "duty": {"danger": "none"}},
        {"person": "head-1", "duty": {"order": {"id": "o-1", "provision": "bvl § 13-4", "covers": ["health"]}}},
        {"person": "head-1", "basis": {"statute": "bvl-13-1"}},
    ],
)
def test_nothing_else_is(claims: dict[str, Any]) -> None:
    assert not is_urgent(claims)


def test_a_claim_in_unknown_words_is_an_error_and_not_in_a_hurry() -> None:
    with pytest.raises(UnusableError):
        is_urgent({"duty": {"urgent": True}})
