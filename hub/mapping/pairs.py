"""Named pairs of functions, the only escape hatch of the mapping language: a system's spelling and the hub's.

Both directions raise `ValueError` for what they cannot read. What `write` gives `read` can read, and
`read(write(v)) == v` for every `v` that `read` gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from hub.mapping.path import Json
from hub.mapping.shapes import read_concept, read_person_name, write_concept, write_person_name
from hub.model.plan import Value


@dataclass(frozen=True, slots=True)
class Pair:
    """`read` takes the system's value, `write` the hub's; `wanted` is what the system's value should be, in words."""

    read: Callable[[Json], Value]
    write: Callable[[Value], Json]
    wanted: str
    sample: Callable[[int], Value]
    """A hub value for any whole number: what the laws are tested with."""


_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?$", re.ASCII)
_ZONE = re.compile(r"(Z|[+-]\d\d:\d\d)$", re.ASCII)
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$", re.ASCII)


def _date(value: Json) -> str:
    """A date, of a year or a month only where the source says no more; a time of day or a zone is left out."""
    return _iso_date(_text(value))


@lru_cache(maxsize=4_096)
def _iso_date(text: str) -> str:
    """Remembered, since the same dates stand in most places of a plan."""
    if len(text) != 10:
        text = text[:10] if len(text) > 10 and (text[10] == "T" or _ZONE.match(text, 10)) else text
        if not _DATE.match(text):
            raise ValueError
    elif text[4] != "-" or text[7] != "-":
        raise ValueError
    date.fromisoformat(text if len(text) == 10 else text + "-01-01"[len(text) - 10 :])
    return text


def _datetime(value: Json) -> str:
    text = _text(value)
    if _DATE.match(text):
        return _date(text)
    if not _ISO_TIME.match(text):
        raise ValueError
    datetime.fromisoformat(text[:19])
    return text


def _norwegian_date(value: Json) -> str:
    day, month, year = _text(value).split(".")
    return date(int(year), int(month), int(day)).isoformat()


def _write_norwegian_date(value: Value) -> str:
    return date.fromisoformat(_text(value)).strftime("%d.%m.%Y")


def _decimal(value: Json) -> Value:
    try:
        number = Decimal(_text(value).strip())
    except InvalidOperation as error:
        raise ValueError from error
    if not number.is_finite() or abs(number.adjusted()) > 15:
        raise ValueError
    return int(number) if number == number.to_integral_value() else float(number)


def _whole(value: Json) -> Value:
    return int(_text(value))


def _number(value: Value) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError
    text = str(value)
    _decimal(text)
    return text


def _write_whole(value: Value) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError
    return str(value)


def _text_bool(value: Json) -> Value:
    if value in ("true", "false", "1", "0"):
        return value in ("true", "1")
    raise ValueError


def _write_text_bool(value: Value) -> str:
    if not isinstance(value, bool):
        raise ValueError
    return "true" if value else "false"


def _lines(value: Json) -> str:
    if not isinstance(value, list):
        raise ValueError
    return "\n".join(_text(line) for line in value)


def _write_lines(value: Value) -> list[str]:
    return _text(value).split("\n")


def _number_text(value: Json) -> str:
    return _number(value)


def _write_number_text(value: Value) -> int:
    number = int(_text(value))
    if str(number) != value:
        raise ValueError
    return number


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _day(number: int) -> str:
    return date.fromordinal(730_000 + number % 20_000).isoformat()


PAIRS: dict[str, Pair] = {
    "date": Pair(_date, _date, "a date (2024-05-31)", _day),
    "datetime": Pair(_datetime, _datetime, "a date and time (2024-05-31T09:00:00Z)", lambda n: f"{_day(n)}T09:00:00Z"),
    "norwegian_date": Pair(_norwegian_date, _write_norwegian_date, "a date (31.05.2024)", _day),
    "decimal": Pair(_decimal, _number, "a number written as text", lambda n: n / 4 if n % 4 else n // 4),
    "whole": Pair(_whole, _write_whole, "a whole number written as text", lambda n: n),
    "number_text": Pair(_number_text, _write_number_text, "a whole number", str),
    "text_bool": Pair(_text_bool, _write_text_bool, "true or false written as text", lambda n: n % 2 == 0),
    "concept": Pair(read_concept, write_concept, "a coded concept", lambda n: f"concept {n}"),
    "person_name": Pair(read_person_name, write_person_name, "a person's name", lambda n: f"Name{n} Family{n}"),
    "lines": Pair(_lines, _write_lines, "a list of texts", lambda n: f"line {n}\nline {n + 1}"),
}
