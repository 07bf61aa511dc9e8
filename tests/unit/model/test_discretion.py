"""What may be said aloud is told by its shape: codes, references and places, and never a number of a person."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model.discretion import holds_number, is_code, is_place, is_reference
from hub.security.identifiers import synthetic_number

NUMBER = next(found for serial in range(500, 999) if (found := synthetic_number(date(2018, 1, 2), serial)))
WAYS = (
    "{}", "{} ", "pid:{}", "/person/{}", "fnr_{}", "x{}", "%20{}", "barn={}&x=1", "langbenk.deliver.{}", "{}.pdf",
    "urn:oid:2.16.578.1.12.4.1.4.1|{}", "a {} b", "({})", "{}-1", "id {}:", "no.{}",
)  # fmt: skip


def written(number: str) -> list[str]:
    """A number in the ways people write it."""
    return [number, *(f"{number[:6]}{gap}{number[6:]}" for gap in (" ", "-", ".", "\u00a0", "%20"))]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", written(NUMBER))
def test_a_number_is_found_however_it_is_written(way: str, number: str) -> None:
    assert holds_number(way.format(number))


@given(st.dates(date(1900, 1, 1), date(2039, 12, 31)), st.sampled_from((0, 40, 65, 80)), st.integers(0, 99_999))
def test_real_synthetic_and_temporary_numbers_are_found_with_any_check_digits(day: date, shift: int, rest: int) -> None:
    assert holds_number(f"{day.day:02d}{day.month + shift:02d}{day.year % 100:02d}{rest:05d}")


@given(st.uuids())
def test_an_id_of_ours_is_never_taken_for_a_persons(id: UUID) -> None:
    assert not holds_number(str(id)) or id.hex.isdigit()
    assert not holds_number(f"/v1/plans/{id.hex}") or id.hex.isdigit()


@pytest.mark.parametrize(
    "text", ["2026-08-17T08:00:00.000001Z", "0192:999888777", "310000000", "v4.0.1", "120000000123"]
)
def test_instants_organisations_and_versions_are_no_persons(text: str) -> None:
    assert not holds_number(text)


@pytest.mark.parametrize("text", ["unreadable", "http_422", "RED-01", "no.ks.fiks.v2", "unknown-pupil"])
def test_codes_are_codes(text: str) -> None:
    assert is_code(text)


@pytest.mark.parametrize("text", ["", "Marte Markert", "a\nb", "x" * 65, f"pupil_{NUMBER}", "1st", "barn:æ"])
def test_a_sentence_a_name_or_a_number_is_no_code(text: str) -> None:
    assert not is_code(text)


@pytest.mark.parametrize(
    "text", ["$.pupil.measures[3].title", "/Barnevern/Sak/*[2]", "line 1 column 37", "identifier[system=urn:x].value"]
)
def test_places_are_places(text: str) -> None:
    assert is_place(text)


@pytest.mark.parametrize("text", ["", "x" * 201, f"$.children.{NUMBER}", '"Marte"', "a\nb"])
def test_what_quotes_or_holds_a_number_is_no_place(text: str) -> None:
    assert not is_place(text)


@pytest.mark.parametrize("text, fits", [("sak-2026-17", True), ("two words", False), (NUMBER, False), ("", False)])
def test_a_reference_is_visible_characters_and_nobodys_number(text: str, fits: bool) -> None:
    assert is_reference(text) is fits
