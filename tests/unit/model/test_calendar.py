"""Deadlines in Norwegian working days: weekends and public holidays, the movable ones too, are no working days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model.calendar import after_weeks, deadline, is_working_day, norwegian_day, working_day, working_days

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(0, 30)


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01", "2026-04-02", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2026-12-25",
        "2027-03-25", "2027-03-26", "2027-03-29", "2027-05-06", "2027-05-17",
        "2038-04-22", "2038-04-26", "2038-06-03", "2038-06-14",
    ],
)  # fmt: skip
def test_a_public_holiday_is_no_working_day_wherever_easter_falls(day: str) -> None:
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-11-28", "2026-11-29"])
def test_a_weekend_is_no_working_day(day: str) -> None:
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-12-24", "2026-12-31", "2026-04-01", "2026-04-07"])
def test_the_days_around_the_feasts_are_worked_half_or_whole(day: str) -> None:
    assert is_working_day(date.fromisoformat(day))


def test_two_working_days_over_easter_take_a_week() -> None:
    assert working_day(date(2026, 4, 1), 2) == date(2026, 4, 8)


def test_nought_working_days_after_a_saturday_is_the_monday() -> None:
    assert (working_day(date(2026, 11, 28), 0), working_day(date(2026, 11, 27), 0)) == (
        date(2026, 11, 30),
        date(2026, 11, 27),
    )


def test_a_deadline_is_the_end_of_its_day_in_norway_in_summer_and_in_winter() -> None:
    assert deadline(datetime(2026, 7, 1, 9, tzinfo=UTC), 1) == datetime(2026, 7, 2, 22, tzinfo=UTC)
    assert deadline(datetime(2026, 11, 30, 9, tzinfo=UTC), 1) == datetime(2026, 12, 1, 23, tzinfo=UTC)


def test_weeks_are_counted_by_the_calendar_holidays_and_summer_time_included() -> None:
    assert after_weeks(datetime(2026, 3, 26, 9, tzinfo=UTC), 1) == datetime(2026, 4, 2, 22, tzinfo=UTC)
    assert after_weeks(datetime(2026, 10, 20, 22, 30, tzinfo=UTC), 3) == datetime(2026, 11, 11, 23, tzinfo=UTC)


def test_what_comes_after_midnight_in_oslo_counts_from_the_new_day() -> None:
    monday_evening, tuesday_in_oslo = datetime(2026, 11, 30, 22, 30, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)

    assert deadline(tuesday_in_oslo, 1) - deadline(monday_evening, 1) == timedelta(days=1)


def test_nobody_counts_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        working_day(date(2026, 11, 27), -1)


@given(DAYS, COUNTS)
def test_a_deadline_leaves_that_many_working_days(day: date, count: int) -> None:
    end = working_day(day, count)

    assert is_working_day(end)
    assert working_days(day, end) == count or (count == 0 and working_days(day, end) == 1)
    assert norwegian_day(deadline(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), count)) > end
