"""Norwegian numbers: are the check digits right, and may this environment hold such a number at all?

A number is looked at, never read: neither sex nor birth date is derived from it. Fødselsnummer and D-number (day + 40)
share one form; synthetic ones add to the month: 80 (Skatteetaten, Tenor), 65 (Norsk helsenett) or 40 (NAV, which is
also how a hjelpenummer looks, so it may not pass in production). From 2032 the first check digit may be off by up to
three, and old and new numbers are read side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal

Code = Literal["wrong_check_digit", "synthetic_number", "real_number"]

FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
ORGANISATION = (3, 2, 7, 6, 5, 4, 3, 2, 1)
DUF = (4, 6, 3, 2, 4, 6, 3, 2, 7, 5)
SHIFTS = (0, 40, 65, 80)


def check(kind: str, value: str, environment: str) -> Code | None:
    """What is wrong with a number of this kind (`fnr`, `dnr`, `duf`, `org`) here; a system's own key is never wrong.

    In `prod` a synthetic number is refused, elsewhere a real one. The answer names the kind of fault, never the number.
    """
    right = _CHECKS.get(kind)
    if right is None:
        return None
    if not (value.isascii() and value.isdigit() and right(value)):
        return "wrong_check_digit"
    if kind not in ("fnr", "dnr"):
        return None
    synthetic = int(value[2:4]) > 12
    if environment == "prod":
        return "synthetic_number" if synthetic else None
    return None if synthetic else "real_number"


def synthetic_number(birth_date: date, serial: int, *, d_number: bool = False) -> str | None:
    """The number of Tenor's kind (month + 80) for this date and serial; `None` where the serial gives none.

    A serial is three digits; about one in six has no check digits. The form is that of before 2032.
    """
    day = birth_date.day + (40 if d_number else 0)
    nine = f"{day:02}{birth_date.month + 80:02}{birth_date.year % 100:02}{serial:03}"
    first = -_sum(nine, FIRST) % 11
    second = -_sum(f"{nine}{first}", SECOND) % 11
    return None if 10 in (first, second) else f"{nine}{first}{second}"


def _sum(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _national(value: str) -> bool:
    if len(value) != 11 or not _is_day_and_month(int(value[:2]), int(value[2:4])):
        return False
    return _sum(value, FIRST) % 11 <= 3 and _sum(value, SECOND) % 11 == 0


def _d_number(value: str) -> bool:
    return value[0] in "4567" and _national(value)


def _is_day_and_month(day: int, month: int) -> bool:
    return 1 <= (day - 40 if day > 40 else day) <= 31 and any(1 <= month - shift <= 12 for shift in SHIFTS)


def _duf(value: str) -> bool:
    return len(value) == 12 and _sum(value, DUF) % 11 == int(value[10:])


def _organisation(value: str) -> bool:
    return len(value) == 9 and _sum(value, ORGANISATION) % 11 == 0


_CHECKS: dict[str, Callable[[str], bool]] = {
    "fnr": _national,
    "dnr": _d_number,
    "duf": _duf,
    "org": _organisation,
}
