"""When the clock alone may next change an answer: a birthday, a consent's ends, a mandate's, a day of the law."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from hub.model.calendar import OSLO, norwegian_day
from hub.model.person import Child
from hub.model.responsibility import Facts
from hub.policy.rules import BOOK


def next_change(facts: Facts, now: datetime) -> datetime | None:
    """The first instant after `now` at which equal facts may give another answer; `None` where there is none."""
    today = norwegian_day(now)
    days = [
        day
        for day in (*_days_of_child(facts.child, today), *_days_of_posts(facts), *_days_of_law())
        if day is not None and day > today
    ]
    instants = [datetime.combine(day, time(), OSLO) for day in days]
    for one in facts.consents:
        instants += [at for at in (one.valid_from, one.valid_to, one.withdrawn_at) if at is not None and at > now]
    return min(instants, default=None)


def _days_of_child(child: Child, today: date) -> Iterator[date | None]:
    """Every birthday: which ages a rule asks for is the rule's own business."""
    yield child.hearing
    yield child.maturity.assessed_on if child.maturity else None
    if child.birth_date is not None:
        yield next(day for year in (today.year, today.year + 1) if (day := birthday(child.birth_date, year)) > today)


def _days_of_posts(facts: Facts) -> Iterator[date | None]:
    for one in facts.mandates:
        if one.ended_at is None:
            yield one.since
            yield one.until
    yield from (each.starts_on for each in facts.life.seats)


def birthday(born: date, year: int) -> date:
    """Who is born on a leap day is a year older on the first of March where there is none."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _days_of_law() -> Iterator[date | None]:
    for rule in BOOK.rules.values():
        yield rule.since
        yield rule.until
