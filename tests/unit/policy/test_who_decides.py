"""Who may decide what waits: by the table, the strictest of a hold's rules first, and never outside a closed circle."""

from __future__ import annotations

import pytest

from hub.model.official import ROLES, Role
from hub.policy.book import RULES
from hub.policy.who_decides import MAX_HOPS, above, covers, is_closed, question, table, top


@pytest.mark.parametrize(
    ("rules", "role", "people", "days"),
    [
        (["RED-01"], "coordinator", 1, 5),
        (["RED-01", "CON-08"], "coordinator", 2, 5),
        (["AGE-06"], "coordinator", 2, 5),
        (["COO-04"], "decision_authority", 1, 5),
        (["LBW-15"], "health_personnel", 2, 3),
        (["ADR-01", "RED-01"], "address_handler", 2, 2),
        (["MISSING"], "coordinator", 2, 5),
        ([], "coordinator", 2, 5),
    ],
)
def test_each_kind_of_hold_has_its_people(rules: list[str], role: Role, people: int, days: int) -> None:
    asked = question(rules)

    assert (asked.role, asked.people, asked.days) == (role, people, days)
    assert role in asked.needs


def test_what_only_health_personnel_may_weigh_needs_them_beside_whoever_else_is_needed() -> None:
    assert question(["AGE-06", "LBW-15"]).needs == {"coordinator", "health_personnel"}
    assert question(["ADR-01", "LBW-15"]).needs == {"address_handler", "health_personnel"}


def test_a_protected_address_is_nothing_for_the_ordinary_coordinator() -> None:
    asked = question(["AGE-06", "ADR-01", "RED-01"])

    assert asked.needs == {"address_handler"}
    assert is_closed(asked.role)


def test_whoever_is_above_may_decide_what_those_below_may() -> None:
    assert covers({"decision_authority"}) == {"decision_authority", "coordinator"}
    assert covers({"coordinator"}) == {"coordinator"}
    assert covers({"address_lead"}) == {"address_lead", "address_handler"}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_hold_goes_up_within_its_circle_and_never_away(role: Role) -> None:
    assert is_closed(above(role)) == is_closed(role)
    assert is_closed(top(role)) == is_closed(role)
    assert above(above(above(role))) == above(above(role))


def test_what_has_been_handed_over_too_often_needs_the_municipalitys_decision() -> None:
    assert question(["RED-01"], MAX_HOPS).needs == {"coordinator"}
    assert question(["RED-01"], MAX_HOPS + 1).needs == {"coordinator", "decision_authority"}
    assert question(["ADR-01"], MAX_HOPS + 1).role == "address_lead"


def test_the_table_names_no_rule_that_is_not_in_the_book() -> None:
    assert table().rules.keys() <= set(RULES)
