"""Norwegian days: law counts ages and rules by the date in Oslo, whatever zone an instant is written in."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def norwegian_day(instant: datetime) -> date:
    """The date in Norway at an instant."""
    return instant.astimezone(OSLO).date()
