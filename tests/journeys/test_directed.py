"""Directed messages: a report to child welfare and an info message go to one receiver and enter no plan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hub.sdk.directed import INFO, REPORT
from hub.security.identifiers import synthetic_number
from tests.journeys.systems import EVERYTHING, HOME, SYSTEMS
from tests.journeys.world import World

NURSERY, CHILD_WELFARE, SCHOOL = SYSTEMS["kindergarten"], SYSTEMS["child_welfare"], SYSTEMS["school"]
NUMBER = next(found for serial in range(500, 999) if (found := synthetic_number(date(2018, 1, 2), serial)))
DUTY = {"person": "head-1", "duty": {"ground": "a"}}


def report(number: str = NUMBER) -> dict[str, Any]:
    """A *bekymringsmelding* with as little as its format allows."""
    untold = {"orientert": False, "orientertGrunn": "the child's safety"}
    unit = {"navn": "Eksempel barnehage", "adresse": {"adresselinje1": "Testveien 1"}}
    who = {"personnavn": "Aud Testleder", "rolle": "styrer", "telefonnummer": "00000000", "epost": "aud@unit.example"}
    home = {"adresselinje1": "Hemmeligveien 2"}
    return {
        "kommunenummer": "9999", "kommunenavn": "Eksempelvik", "bydelsnummer": "00", "bydelsnavn": "",
        "offentligMelder": {**who, "virksomhet": unit},
        "offentligBarn": [{"fnr": number, "ufoedt": False, "personnavn": "Nora Test", "adresse": home, **untold}],
        "foresatte": [{"personnavn": "Kari Test", "telefonnummer": "11111111", **untold}],
        "melding": {"melding": "Marks that the child will not explain.", "historie": "Twice this week."},
        "sendingstidspunkt": "2026-08-17T09:00:00", "leveringskanal": "fagsystem",
    }  # fmt: skip


def parts(world: World, *, claims: Any = DUTY, **more: Any) -> list[tuple[str, str | None]]:
    receipt = world.tell(NURSERY, report(**more), REPORT.name, claims=claims)
    return [(part.state, part.code) for part in receipt.parts]


def everybody_else(world: World) -> list[Any]:
    return [document for each in SYSTEMS.values() if each != CHILD_WELFARE for document in world.take(each)]


def test_a_report_reaches_child_welfare_alone_and_needs_no_consent(world: World) -> None:
    world.at_table("nora", *SYSTEMS.values(), consent=False, number=NUMBER)

    sent = parts(world)
    (document,) = world.take(CHILD_WELFARE)

    assert sent == [("passed", None)]
    assert document == report()
    assert everybody_else(world) == []
    assert world.ledgers() == ({"passed": 1}, {"delivered": 1})


def test_a_report_about_a_child_the_hub_does_not_know_goes_all_the_same(world: World) -> None:
    assert parts(world) == [("passed", None)]
    assert len(world.take(CHILD_WELFARE)) == 1


@pytest.mark.parametrize(
    "claims", [{}, {"person": "head-1", "duty": {}}, {"person": "head-1", "duty": {"ground": "x"}}]
)
def test_a_report_without_a_statutory_ground_is_denied(world: World, claims: Any) -> None:
    world.at_table("nora", NURSERY, CHILD_WELFARE, number=NUMBER)

    receipt = world.tell(NURSERY, report(), REPORT.name, claims=claims)
    with world.hub.store.begin() as work:
        (told,) = work.ledger.of(HOME, receipt.id)

    assert world.take(CHILD_WELFARE) == []
    assert world.ledgers() == ({"passed": 1}, {"denied": 1})
    assert (told.state, told.code) == ("passed", "no_ground")


def test_a_report_about_a_child_with_a_strictly_confidential_address_says_no_place(world: World) -> None:
    world.at_table("nora", NURSERY, CHILD_WELFARE, number=NUMBER, protection="strictly_confidential")

    parts(world)
    (document,) = world.take(CHILD_WELFARE)

    assert "Marks that the child will not explain." in str(document)
    assert not [place for place in ("Hemmeligveien", "Testveien", "Eksempelvik", "11111111") if place in str(document)]


def test_protection_that_comes_while_a_report_waits_is_heeded(world: World) -> None:
    child = world.at_table("nora", NURSERY, CHILD_WELFARE, number=NUMBER)
    parts(world)

    world.facts(child, protection="strictly_confidential")
    (document,) = world.take(CHILD_WELFARE)

    assert "Hemmeligveien" not in str(document)


def test_a_report_enters_no_plan(world: World) -> None:
    world.at_table("nora", NURSERY, CHILD_WELFARE, number=NUMBER)

    parts(world)

    assert world.plan("nora").elements == {}


def info(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"subject": {"kind": "own", "key": "nora@kindergarten-1"}, "free_text": False, "parts": list(parts)}


EDUCATION = {"categories": ["education"], "facts": {"starts": "2026-08-17"}}
ILLNESS = {"categories": ["health"], "facts": {"allergy": "nuts"}}


def test_an_info_message_reaches_the_service_it_names_under_that_systems_own_key(world: World) -> None:
    world.at_table("nora", NURSERY, SCHOOL, SYSTEMS["health"])

    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="school")
    (document,) = world.take(SCHOOL)

    assert document["parts"] == [EDUCATION]
    assert document["subject"] == {"kind": "own", "key": "nora@school-1"}
    assert world.take(SYSTEMS["health"]) == []


def test_of_an_info_message_goes_what_was_agreed_to(world: World) -> None:
    child = world.at_table("nora", NURSERY, SCHOOL, consent=False)
    world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"health"})

    world.tell(NURSERY, info(EDUCATION, ILLNESS), INFO.name, receiver="school")
    (document,) = world.take(SCHOOL)

    assert document["parts"] == [EDUCATION]


def test_an_info_message_cut_differently_when_it_is_fetched_again_has_another_id(world: World) -> None:
    child = world.at_table("nora", NURSERY, SCHOOL, consent=False)
    world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"health"})
    health = world.consent(child, "nora", "mother", "father")
    world.tell(NURSERY, info(EDUCATION, ILLNESS), INFO.name, receiver="school")
    (first,), (same,) = world.fetch(SCHOOL), world.fetch(SCHOOL)

    world.withdraw(*health)
    (second,) = world.fetch(SCHOOL)

    assert (first.id, first.version) == (same.id, same.version)
    assert b"nuts" in first.body
    assert b"nuts" not in second.body
    assert (second.id != first.id, second.version) == (True, 2)
    assert world.ledgers() == ({"passed": 1}, {"superseded": 1, "sending": 1})


def test_an_info_message_nobody_agreed_to_is_denied(world: World) -> None:
    world.at_table("nora", NURSERY, SCHOOL, consent=False)

    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="school")

    assert world.take(SCHOOL) == []
    assert world.ledgers() == ({"passed": 1}, {"denied": 1})


def test_a_consent_withdrawn_while_an_info_message_waits_stops_it(world: World) -> None:
    child = world.at_table("nora", NURSERY, SCHOOL, consent=False)
    mother, _ = world.consent(child, "nora", "mother", "father")
    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="school")

    world.withdraw(mother)

    assert world.take(SCHOOL) == []
    assert world.ledgers() == ({"passed": 1}, {"denied": 1})


def test_an_info_message_to_a_service_without_a_system_is_set_aside_and_can_be_seen(world: World) -> None:
    world.at_table("nora", NURSERY, SCHOOL)

    receipt = world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="ppt")

    assert [(part.state, part.code) for part in receipt.parts] == [("set_aside", "no_receiver")]
    assert [row.code for row in world.aside()] == ["no_receiver"]
