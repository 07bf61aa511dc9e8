"""Norwegian days: law counts ages, rules and deadlines by the date in Oslo, whatever zone an instant is written in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays.countries.norway import Norway

OSLO = ZoneInfo("Europe/Oslo")
_SATURDAY = 5


def norwegian(instant: datetime) -> datetime:
    """The instant as clocks in Norway show it; at the very ends of the calendar, as it is written."""
    try:
        return instant.astimezone(OSLO)
    except OverflowError:
        return instant


def norwegian_day(instant: datetime) -> date:
    """The date in Norway at an instant."""
    return norwegian(instant).date()


def is_working_day(day: date) -> bool:
    """Neither weekend nor public holiday (*helligdag*, with 1 and 17 May). Christmas Eve is half a day, and one."""
    return day.weekday() < _SATURDAY and day not in _public_holidays(day.year)


def working_day(day: date, after: int) -> date:
    """The working day that many after `day`, which is not counted itself; 0 is `day`, or the first one after a rest."""
    if after < 0:
        raise ValueError("working days are counted forwards")
    found = day if after else _first_working_day(day)
    for _ in range(after):
        found = _first_working_day(found + timedelta(days=1))
    return found


def working_days(since: date, until: date) -> int:
    """How many working days have passed after `since`, `until` included; none where `until` is earlier."""
    return sum(is_working_day(since + timedelta(days=n)) for n in range(1, (until - since).days + 1))


def deadline(start: datetime, days: int) -> datetime:
    """The instant (UTC) at which that many whole working days after the day of `start` are over in Norway."""
    last = working_day(norwegian_day(start), days)
    return datetime.combine(last + timedelta(days=1), time.min, OSLO).astimezone(UTC)


def after_weeks(start: datetime, weeks: int) -> datetime:
    """The instant (UTC) at which the same weekday that many weeks later is over in Norway, a holiday or not."""
    last = norwegian_day(start) + timedelta(weeks=weeks)
    return datetime.combine(last + timedelta(days=1), time.min, OSLO).astimezone(UTC)


def _first_working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(Norway(years=year))
