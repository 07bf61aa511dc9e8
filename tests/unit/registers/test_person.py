"""What Folkeregisteret says of a person, read to what the hub may know; anything it cannot read is no answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hub.registers.person import PARTS, read_person
from hub.sandbox.population import Resident, told

MOTHER, FATHER = "mother's number", "father's number"
CHILD = Resident("child's number", date(2018, 1, 2), holders={MOTHER: "mor", FATHER: "far"})


def test_what_is_in_force_is_read_and_what_is_past_is_not() -> None:
    found = read_person(told(CHILD))

    assert (found.birth_date, found.protection, found.residence, found.deceased) == (
        date(2018, 1, 2),
        "none",
        "9999",
        False,
    )
    assert found.holders == ((FATHER, "father"), (MOTHER, "mother"))


@pytest.mark.parametrize(
    ("level", "protection"),
    [("fortrolig", "confidential"), ("klientadresse", "confidential"), ("strengtFortrolig", "strictly_confidential")],
)
def test_the_strictest_protection_that_is_told_counts(level: str, protection: str) -> None:
    by_address = told(CHILD) | {"bostedsadresse": [{"erGjeldende": True, "adressegradering": level}]}
    by_level = told(CHILD) | {"adressebeskyttelse": [{"erGjeldende": True, "graderingsnivaa": level}]}

    assert read_person(by_address).protection == read_person(by_level).protection == protection


@pytest.mark.parametrize(
    ("holders", "read"),
    [
        ({MOTHER: "mor"}, ((MOTHER, "mother"),)),
        ({MOTHER: "medmor", "other's number": "mor"}, ((MOTHER, "mother"), ("other's number", "mother"))),
        ({"aunt's number": "andre"}, (("aunt's number", "other"),)),
        ({}, ()),
    ],
)
def test_who_holds_parental_responsibility(holders: dict[str, str], read: Any) -> None:
    assert read_person(told(Resident("n", date(2018, 1, 2), holders=holders))).holders == read


def test_a_holder_whom_nobody_can_name_makes_all_of_them_unknown() -> None:
    assert read_person(told(Resident("n", date(2018, 1, 2), holders={MOTHER: "mor"}, nameless=True))).holders is None


def test_one_who_has_died_is_read_as_such() -> None:
    assert read_person(told(Resident("n", date(2018, 1, 2), died=date(2026, 1, 1)))).deceased


def test_a_child_at_an_unknown_place_lives_where_its_municipality_is_told() -> None:
    home = {"erGjeldende": True, "adressegradering": "ugradert"}
    places = (
        {"ukjentBosted": {"bostedskommune": "0301"}},
        {"matrikkeladresse": {"matrikkelnummer": {"kommunenummer": "0301"}}},
        {"vegadresse": {"kommunenummer": "0301", "adressenavn": "x"}},
    )

    assert {read_person(told(CHILD) | {"bostedsadresse": [home | place]}).residence for place in places} == {"0301"}
    assert read_person(told(CHILD) | {"bostedsadresse": []}).residence is None


def test_the_city_district_is_read_where_the_address_has_one() -> None:
    home = Resident("n", date(2018, 1, 2), district="030101")

    assert read_person(told(home)).district == "030101"
    assert read_person(told(CHILD)).district is None


@pytest.mark.parametrize(
    "changed",
    [
        {"adressebeskyttelse": [{"erGjeldende": True, "graderingsnivaa": "a level nobody has heard of"}]},
        {"foedsel": [{"erGjeldende": True, "foedselsdato": "a day"}]},
        {"foreldreansvar": [{"erGjeldende": True}]},
        {"bostedsadresse": ["a place"]},
    ],
)
def test_what_is_not_as_described_is_no_answer(changed: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        read_person(told(CHILD) | changed)


def test_no_more_is_asked_for_than_is_read() -> None:
    assert set(told(Resident("n", date(2018, 1, 2), died=date(2026, 1, 1)))) == set(PARTS)
