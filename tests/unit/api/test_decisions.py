"""Kept decisions over the API: the record, the words in the reader's language, and whether it stands."""

from __future__ import annotations

from typing import Any

import pytest

from hub.ports import DecisionRow
from tests.unit.api.conftest import OTHER_OFFICE, SCHOOL, World
from tests.unit.api.test_messages import problem
from tests.unit.policy.children import all_three, element, facts, seen


@pytest.fixture
def decision(world: World) -> str:
    """One decision about a view, of which one element stays."""
    view = seen(facts(all_three()), element("a", "education"), element("b", "economy"))
    row = DecisionRow(
        "d-1", "0001", "c1", "p1", None, None, "ppt-1", "forward", view.outcome, view.now,
        view.canonical(), view.hash(), bytes.fromhex(view.grounds.hash), view.grounds.canonical,
    )  # fmt: skip
    with world.hub.store.begin() as work:
        work.decisions.add([row])
    return row.id


@pytest.mark.parametrize(
    ("language", "outcome"), [("nb", "Det kan sendes uten økonomi."), ("nn", "Det kan sendast utan økonomi.")]
)
def test_a_decision_is_read_in_the_language_asked_for(world: World, decision: str, language: str, outcome: str) -> None:
    told = world.call("GET", f"/v1/decisions/{decision}?language={language}").json()

    assert (told["language"], told["words"]["outcome"]) == (language, outcome)
    assert told["record"]["known"]
    assert told["complaints"] == [
        {"service": "school", "body": "county_governor", "act": "fvl", "section": "kap. VI"},
    ]


def test_a_decision_is_replayed(world: World, decision: str) -> None:
    told: dict[str, Any] = world.call("GET", f"/v1/decisions/{decision}/replay").json()

    assert (told["intact"], told["policy_changed"], told["today"]) == (True, False, None)


@pytest.mark.parametrize("path", ["/v1/decisions/{}", "/v1/decisions/{}/replay"])
def test_a_decision_is_the_municipalitys_own(world: World, decision: str, path: str) -> None:
    problem(world.call("GET", path.format(decision), by=OTHER_OFFICE), 404, "not_found")
    problem(world.call("GET", path.format("nowhere")), 404, "not_found")
    problem(world.call("GET", path.format(decision), by=SCHOOL), 403, "insufficient_scope")


def test_a_language_nobody_speaks_is_refused(world: World, decision: str) -> None:
    problem(world.call("GET", f"/v1/decisions/{decision}?language=de"), 422, "invalid_request")


@pytest.mark.parametrize(("reader", "shut"), [("guardian", ["ADR-01"]), ("child", [])])
def test_the_citizens_log_is_read_for_its_reader(world: World, reader: str, shut: list[str]) -> None:
    told = {"birth_date": "2018-04-02", "protection": "strictly_confidential"}
    child = world.call("POST", "/v1/plans", json={"child": told}).json()["child"]

    log = world.call("GET", f"/v1/persons/{child}/log?for={reader}").json()

    assert (log["shut"], log["entries"], log["language"]) == (shut, [], "nb")
    assert bool(log["why_shut"]) == bool(shut)


def test_the_log_of_nobody_is_not_found(world: World) -> None:
    problem(world.call("GET", "/v1/persons/nobody/log?for=child"), 404, "not_found")
    problem(world.call("GET", "/v1/persons/nobody/log?for=neighbour"), 422, "invalid_request")
