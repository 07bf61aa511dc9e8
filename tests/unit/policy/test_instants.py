"""When the clock alone may next change an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hub.model.person import Child, Maturity
from hub.model.responsibility import Facts
from hub.policy import next_change
from hub.policy.scale import steady
from tests.unit.policy.children import GIVEN

NOON = datetime(2026, 8, 17, 12, tzinfo=UTC)
NOBODY = Facts(Child("c", "9999"))


def born(day: date) -> Facts:
    return Facts(Child("c", "9999", birth_date=day))


def test_facts_without_a_day_in_them_never_change_by_themselves() -> None:
    assert next_change(NOBODY, NOON) is None


@pytest.mark.parametrize(
    "birth_date, birthday",
    [
        (date(2014, 8, 18), datetime(2026, 8, 17, 22, tzinfo=UTC)),
        (date(2014, 8, 17), datetime(2027, 8, 16, 22, tzinfo=UTC)),
        (date(2012, 2, 29), datetime(2027, 2, 28, 23, tzinfo=UTC)),
    ],
    ids=["tomorrow", "today is past", "a leap day"],
)
def test_a_child_is_older_when_its_birthday_begins_in_norway(birth_date: date, birthday: datetime) -> None:
    child = born(birth_date).child

    assert next_change(Facts(child), NOON) == birthday
    assert child.age((birthday + timedelta(hours=2)).date()) == (child.age(NOON.date()) or 0) + 1


def test_an_assessment_dated_ahead_counts_from_its_day() -> None:
    child = replace(NOBODY.child, maturity=Maturity(True, "nurse-1", date(2026, 9, 1), "sharing"))

    assert next_change(Facts(child), NOON) == datetime(2026, 8, 31, 22, tzinfo=UTC)


@pytest.mark.parametrize("end", ["valid_from", "valid_to", "withdrawn_at"])
def test_a_consent_changes_the_answer_at_its_ends(end: str) -> None:
    at = NOON + timedelta(hours=3)
    facts = replace(NOBODY, consents=(replace(GIVEN, **{end: at}),))

    assert next_change(facts, NOON) == at
    assert next_change(facts, at) is None
    assert steady(facts, NOON)[1] <= at
