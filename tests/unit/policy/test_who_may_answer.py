"""Whether a giver had authority, as it is stamped on an answer when it is recorded; `None` is not judged yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hub.model.consent import Consent
from hub.model.person import Child, Guardian
from hub.policy.who_is_asked import may_answer

NOW = datetime(2026, 8, 10, 9, tzinfo=UTC)
CHILD = Child("c", "9999", date(2018, 1, 2), guardians=(Guardian("anne", "mother"),), as_of=NOW - timedelta(hours=1))
NOTHING: frozenset[str] = frozenset()
YES = Consent("k", "c", "anne", "mother", "c", "yes", NOTHING, NOTHING, NOTHING, "9999")
STRANGER = replace(YES, person="kari", giver="other")


def test_a_guardian_had_it_and_a_stranger_had_not() -> None:
    assert (may_answer(CHILD, YES, NOW), may_answer(CHILD, STRANGER, NOW)) == (True, False)


@pytest.mark.parametrize("unknown", [{"guardians": ()}, {"birth_date": None}, {"as_of": None}])
def test_where_the_register_has_not_said_who_decides_nobody_is_judged(unknown: dict[str, Any]) -> None:
    child = replace(CHILD, **unknown)

    assert (may_answer(child, YES, NOW), may_answer(child, STRANGER, NOW)) == (None, None)


@pytest.mark.parametrize("unknown", [{}, {"guardians": ()}, {"birth_date": None}, {"as_of": None}])
def test_under_a_care_order_a_parent_has_none_whatever_the_register_says(unknown: dict[str, Any]) -> None:
    assert may_answer(replace(CHILD, care_order=True, **unknown), YES, NOW) is False


def test_an_adult_answers_alone_and_needs_no_guardian_to_be_known() -> None:
    grown = replace(CHILD, birth_date=date(2000, 1, 2), guardians=())
    own = replace(YES, person="c", giver="child")

    assert (may_answer(grown, own, NOW), may_answer(grown, YES, NOW)) == (True, False)
