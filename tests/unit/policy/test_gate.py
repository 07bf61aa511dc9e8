"""Who may change what in a plan: allowed directly, proposed to the coordinator, or held for the municipality."""

from __future__ import annotations

from typing import Any

import pytest

from hub.model.responsibility import Responsibility
from hub.model.service import Party
from hub.policy import gate
from tests.unit.policy.children import HOME, NOW, facts


def asked(responsibility: Responsibility, sender: str, kind: str, owner: str, **said: Any) -> tuple[str, set[str]]:
    known = facts(responsibility=responsibility, **said)
    answer = gate(known, Party(sender, HOME), kind=kind, owner=owner, now=NOW)
    return answer.answer, set(answer.rules)


@pytest.mark.parametrize("responsibility", [Responsibility(), Responsibility(disputed=True), Responsibility("bup")])
def test_a_service_changes_its_own_measure_whoever_coordinates(responsibility: Responsibility) -> None:
    answer, rules = asked(responsibility, "school", "measure", "school")

    assert answer == "allowed"
    assert "COO-08" in rules


@pytest.mark.parametrize(("kind", "owner"), [("measure", "bup"), ("goal", "school"), ("frame", "school")])
def test_structure_and_others_measures_are_proposed(kind: str, owner: str) -> None:
    answer, rules = asked(Responsibility(coordinator="municipal_health"), "school", kind, owner)

    assert answer == "propose"
    assert rules >= {"COO-02", "COO-08"}


@pytest.mark.parametrize("kind", ["goal", "frame", "participant", "measure"])
def test_the_coordinator_changes_anything(kind: str) -> None:
    assert asked(Responsibility(coordinator="municipal_health"), "municipal_health", kind, "school")[0] == "allowed"


def test_the_childs_own_voice_is_edited_by_nobody_else() -> None:
    assert asked(Responsibility(coordinator="municipal_health"), "municipal_health", "voice", "school")[0] == "propose"
    assert asked(Responsibility(), "school", "voice", "school")[0] == "allowed"


@pytest.mark.parametrize("responsibility", [Responsibility(), Responsibility(coordinator="ppt", disputed=True)])
def test_structure_waits_where_nobody_coordinates(responsibility: Responsibility) -> None:
    answer, rules = asked(responsibility, "ppt", "goal", "ppt")

    assert answer == "hold"
    assert "COO-04" in rules


def test_the_municipalitys_choice_ends_a_dispute() -> None:
    decided = Responsibility(coordinator="ppt", appointed="school", disputed=True)

    assert asked(decided, "school", "goal", "ppt")[0] == "allowed"
    assert asked(decided, "ppt", "goal", "ppt")[0] == "propose"


def test_a_child_coordinator_goes_before_all_others_even_in_a_dispute() -> None:
    known = Responsibility(
        child_coordinator="municipal_health", coordinator="ppt", main_responsible="school", disputed=True
    )

    assert asked(known, "municipal_health", "goal", "school")[0] == "allowed"
    assert asked(known, "ppt", "goal", "school")[0] == "propose"


@pytest.mark.parametrize(
    "said", [{"family_wants_child_coordinator": False}, {"birth_date": None}, {"family_wants_child_coordinator": False}]
)
def test_a_mandate_that_has_ended_or_cannot_be_known_gives_nothing(said: dict[str, Any]) -> None:
    wants = said.pop("family_wants_child_coordinator", True) if "birth_date" not in said else True
    known = Responsibility(child_coordinator="municipal_health", family_wants_child_coordinator=wants)

    answer, rules = asked(known, "municipal_health", "goal", "school", **said)

    assert answer == "hold"
    assert "COO-07" in rules


def test_another_municipality_waits_even_with_its_own_measure() -> None:
    answer = gate(facts(), Party("school", "5001"), kind="measure", owner="school", now=NOW)

    assert answer.answer == "hold"
    assert "COO-09" in answer.rules
