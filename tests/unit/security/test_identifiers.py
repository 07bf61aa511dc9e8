"""Numbers at the gate: right digits, and only synthetic ones outside production. All numbers here are made up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.security.identifiers import FIRST, SECOND, check, synthetic_number

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def shifted(day: int, month: int, year: int = 20, wanted: int = 0) -> str:
    """A number whose first remainder is `wanted` (0 is how they are until 2032), for any day and month."""
    for serial in range(500, 1000):
        nine = f"{day:02}{month:02}{year:02}{serial:03}"
        for first in range(10):
            ten = f"{nine}{first}"
            if sum(int(d) * w for d, w in zip(ten, FIRST, strict=True)) % 11 == wanted:
                second = -sum(int(d) * w for d, w in zip(ten, SECOND, strict=False)) % 11
                if second < 10:
                    return f"{ten}{second}"
    raise AssertionError("no serial gives such a number")


@given(DAYS, st.integers(0, 999), st.booleans())
@settings(max_examples=200)
def test_a_made_number_is_right_in_test_and_refused_in_production(birth: date, serial: int, d_number: bool) -> None:
    number = synthetic_number(birth, serial, d_number=d_number)
    if number is None:
        return

    assert check("fnr", number, "test") is None
    assert check("fnr", number, "prod") == "synthetic_number"
    assert check("dnr", number, "test") == (None if d_number else "wrong_check_digit")


@given(DAYS, st.integers(0, 999), st.integers(0, 9), st.integers(1, 9))
@settings(max_examples=200)
def test_one_wrong_digit_before_the_check_digits_is_mostly_noticed(
    birth: date, serial: int, place: int, step: int
) -> None:
    number = synthetic_number(birth, serial)
    if number is None:
        return
    digit = (int(number[place]) + step) % 10
    changed = f"{number[:place]}{digit}{number[place + 1 :]}"

    # The second check digit alone finds every single wrong digit, also under the looser rule of 2032.
    assert check("fnr", changed, "test") == "wrong_check_digit"


def test_a_birth_date_has_enough_numbers_for_a_sandbox() -> None:
    made = {synthetic_number(date(2015, 3, 4), serial) for serial in range(500, 1000)} - {None}

    assert 400 < len(made) < 430


def test_the_number_published_as_an_example_is_the_one_we_make() -> None:
    assert synthetic_number(date(2020, 11, 17), 999) == "17912099997"


@pytest.mark.parametrize("shift", [40, 65, 80])
def test_every_way_of_marking_a_synthetic_number_is_known(shift: int) -> None:
    number = shifted(1, 2 + shift)

    assert check("fnr", number, "test") is None
    assert check("fnr", number, "prod") == "synthetic_number"


@pytest.mark.parametrize("remainder", [0, 1, 2, 3])
def test_numbers_from_before_and_after_2032_are_read_side_by_side(remainder: int) -> None:
    assert check("fnr", shifted(1, 82, wanted=remainder), "test") is None


@pytest.mark.parametrize("remainder", [4, 5, 10])
def test_a_first_check_digit_further_off_is_wrong(remainder: int) -> None:
    assert check("fnr", shifted(1, 82, wanted=remainder), "test") == "wrong_check_digit"


@pytest.mark.parametrize("number", ["020132 99997", "301082 99920", "301082 99939"])
def test_the_examples_published_for_2032_are_right_and_count_as_real(number: str) -> None:
    digits = number.replace(" ", "")

    assert check("fnr", digits, "prod") is None
    assert check("fnr", digits, "test") == "real_number"


@pytest.mark.parametrize(
    "value",
    ["", "1791209999", "179120999977", "1791209999x", "17912099998", "٠٧٩١٢٠٩٩٩٩٧", "00912099990", "32932099990"],
)
def test_what_has_not_the_form_of_a_number_is_wrong(value: str) -> None:
    assert check("fnr", value, "test") == "wrong_check_digit"


@pytest.mark.parametrize("month", [13, 40, 53, 65, 78, 80, 93])
def test_a_month_that_no_scheme_uses_is_wrong(month: int) -> None:
    assert check("fnr", shifted(1, month), "test") == "wrong_check_digit"


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("duf", "201017238203", None),
        ("duf", "201017238204", "wrong_check_digit"),
        ("duf", "20101723820", "wrong_check_digit"),
        ("org", "974760673", None),
        ("org", "974760674", "wrong_check_digit"),
        ("org", "97476067", "wrong_check_digit"),
    ],
)
@pytest.mark.parametrize("environment", ["test", "prod"])
def test_other_numbers_are_checked_and_let_through_everywhere(
    kind: str, value: str, code: str | None, environment: str
) -> None:
    assert check(kind, value, environment) == code


def test_a_systems_own_key_is_never_wrong() -> None:
    assert check("own", "whatever", "prod") is None
