"""Facts a person records one at a time: put, read, taken away, told in the history; what cannot be is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api.conftest import OTHER_OFFICE, World
from tests.unit.api.test_messages import problem

BY = {"person": "emp-12", "decision": "sak-2026-7"}
MATURITY = {"understands": True, "assessor": "emp-3", "assessed_on": "2026-08-20", "question": "share_with_ppt"}
FACTS: dict[str, tuple[dict[str, Any], str, Any]] = {
    "maturity": (MATURITY, "maturity", MATURITY),
    "hearing": ({**BY, "on": "2026-08-21"}, "hearing", "2026-08-21"),
    "care-order": ({**BY, "in_force": True}, "care_order", True),
    "authority-block": ({**BY, "in_force": True}, "authority_block", True),
    "opposition": ({**BY, "in_force": True}, "opposes_health_disclosure", True),
    "withheld": ({**BY, "categories": ["sexual_health"]}, "withheld", ["sexual_health"]),
}


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_put_alone_and_the_others_stay(world: World, plan: dict[str, Any], fact: str) -> None:
    told, name, value = FACTS[fact]
    address = f"/v1/persons/{plan['child']}"
    before = world.call("GET", address).json()

    after = world.call("PUT", f"{address}/{fact}", json=told)

    assert after.status_code == 200, after.text
    assert after.json()["facts"] == {**before["facts"], name: value}
    assert after.json()["version"] == before["version"] + 1
    assert world.call("GET", address).json() == after.json()


@pytest.mark.parametrize("fact", ["maturity", "hearing"])
def test_a_fact_that_no_longer_holds_is_taken_away(world: World, plan: dict[str, Any], fact: str) -> None:
    address = f"/v1/persons/{plan['child']}/{fact}"
    world.call("PUT", address, json=FACTS[fact][0])

    assert world.call("DELETE", address).json()["facts"][fact] is None


@pytest.mark.parametrize("fact", ["care-order", "authority-block", "opposition"])
def test_what_is_in_force_is_lifted(world: World, plan: dict[str, Any], fact: str) -> None:
    told, name, _ = FACTS[fact]
    address = f"/v1/persons/{plan['child']}/{fact}"
    world.call("PUT", address, json=told)

    assert world.call("PUT", address, json={**BY, "in_force": False}).json()["facts"][name] is False


def test_the_history_tells_who_changed_which_fact_and_never_what_it_says(world: World, plan: dict[str, Any]) -> None:
    address = f"/v1/persons/{plan['child']}"
    world.call("PUT", f"{address}/care-order", json={**BY, "in_force": True})
    world.call("PUT", f"{address}/withheld", json={**BY, "categories": ["sexual_health"]})
    world.call("PUT", f"{address}/maturity", json=MATURITY)

    told = world.call("GET", f"{address}/history")
    lines = told.json()

    assert [line["action"] for line in lines] == [
        "facts.changed", "care_order.put", "facts.changed", "withheld.put", "facts.changed", "maturity.assessed",
    ]  # fmt: skip
    assert [line["detail"]["changed"] for line in lines if "changed" in line["detail"]] == [
        ["care_order"], ["withheld"], ["maturity"],
    ]  # fmt: skip
    assert lines[1]["detail"] == {**BY, "in_force": True}
    assert lines[5]["detail"] == {"person": "emp-3", "question": "share_with_ppt"}
    assert {line["actor"] for line in lines} == {"control-1"}
    assert "sexual_health" not in told.text


NECESSITY = {
    "sender": "school",
    "receiver": "ppt",
    "statute": "fvl-13b-5",
    "categories": ["education"],
    "necessity": "sender",
}
TWICE = [{"person": "p", "relation": "mother"}, {"person": "p", "relation": "father"}]
WRONG: list[tuple[str, Any, str]] = [
    ("", {"as_of": "2999-01-01T00:00:00Z"}, "as_of"),
    ("", {"as_of": "0001-01-01T00:00:00+14:00"}, "as_of"),
    ("", {"birth_date": "2999-01-01"}, "birth_date"),
    ("", {"birth_date": "2018-04-02", "unborn": True}, "unborn"),
    ("", {"guardians": TWICE}, "guardians"),
    ("/maturity", {**MATURITY, "assessed_on": "2999-01-01"}, "maturity.assessed_on"),
    ("/maturity", {**MATURITY, "assessed_on": "2001-01-01"}, "maturity.assessed_on"),
    ("/hearing", {**BY, "on": "2999-01-01"}, "hearing"),
    ("/necessities", [{**NECESSITY, "sender": "schol"}], "necessities.0.sender"),
    ("/necessities", [NECESSITY, {**NECESSITY, "statute": "fvl-99"}], "necessities.1.statute"),
    ("/necessities", [{**NECESSITY, "receiver": "school"}], "necessities.0.receiver"),
]


@pytest.mark.parametrize(("path", "body", "place"), WRONG)
def test_a_fact_that_cannot_be_is_refused_by_its_place(
    world: World, plan: dict[str, Any], path: str, body: Any, place: str
) -> None:
    address = f"/v1/persons/{plan['child']}"
    before = world.call("GET", address).json()

    answer = world.call("PUT", address + path, json=body)

    problem(answer, 422, "impossible_fact")
    assert answer.json()["place"] == place
    assert world.call("GET", address).json() == before


@pytest.mark.parametrize(
    "told", [{"coordinator": "schol"}, {"appointed": "bup"}, {"main_responsible": "private_school"}]
)
def test_a_service_that_cannot_coordinate_is_refused(world: World, plan: dict[str, Any], told: dict[str, str]) -> None:
    path, seen = f"/v1/plans/{plan['id']}/coordination", {"If-Match": "*"}
    problem(world.call("PUT", path, json=told, headers=seen), 422, "impossible_fact")


@pytest.mark.parametrize("fact", FACTS)
def test_another_municipalitys_office_records_and_reads_nothing_here(
    world: World, plan: dict[str, Any], fact: str
) -> None:
    address = f"/v1/persons/{plan['child']}"

    problem(world.call("PUT", f"{address}/{fact}", by=OTHER_OFFICE, json=FACTS[fact][0]), 404, "not_found")
    problem(world.call("GET", f"{address}/history", by=OTHER_OFFICE), 404, "not_found")


def test_a_register_that_was_asked_at_no_stated_time_was_asked_now(world: World, plan: dict[str, Any]) -> None:
    facts = world.call("PUT", f"/v1/persons/{plan['child']}", json={"birth_date": "2018-04-02"}).json()["facts"]

    assert facts["as_of"] is not None
