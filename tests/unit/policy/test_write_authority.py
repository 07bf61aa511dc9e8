"""Who may change what, line by line as the law's table has it (IPF §§ 7, 9, 10; hol § 7-2 a)."""

from __future__ import annotations

from typing import get_args

import pytest

from hub.model.plan import Kind
from hub.model.responsibility import Responsibility
from hub.model.service import Party
from hub.policy import gate
from tests.unit.policy.children import HOME, NOW, facts

LED = Responsibility(child_coordinator="municipal_health")
WRITERS = {"owner": "school", "another": "nav_social", "coordinator": "municipal_health"}
DIRECT, PROPOSAL = "allowed", "propose"
TABLE: dict[Kind, tuple[str, str, str]] = {
    # what is changed: its owner, another service, the coordinator of record
    "measure": (DIRECT, PROPOSAL, DIRECT),
    "note": (DIRECT, PROPOSAL, DIRECT),
    "need": (DIRECT, PROPOSAL, DIRECT),
    "resource": (DIRECT, PROPOSAL, DIRECT),
    "contribution": (DIRECT, PROPOSAL, DIRECT),
    "cooperation": (DIRECT, PROPOSAL, DIRECT),
    "meeting": (DIRECT, PROPOSAL, DIRECT),
    "identity": (DIRECT, PROPOSAL, DIRECT),
    "goal": (PROPOSAL, PROPOSAL, DIRECT),
    "frame": (PROPOSAL, PROPOSAL, DIRECT),  # period, revision date, status, and all else of the plan itself
    "participant": (PROPOSAL, PROPOSAL, DIRECT),  # the team, and who is responsible
    "voice": (
        DIRECT,
        PROPOSAL,
        PROPOSAL,
    ),  # the child's own words: whoever wrote them down puts them right, nobody else
}


def answer(kind: Kind, writer: str, lead: Responsibility) -> str:
    asked = gate(facts(responsibility=lead), Party(writer, HOME), kind=kind, owner="school", now=NOW)
    return asked.answer


def test_the_table_has_a_line_for_every_kind_of_element() -> None:
    assert TABLE.keys() == set(get_args(Kind))


@pytest.mark.parametrize("kind", TABLE)
@pytest.mark.parametrize(("place", "who"), list(enumerate(WRITERS)))
def test_each_change_by_each_writer_is_as_the_table_says(kind: Kind, place: int, who: str) -> None:
    assert answer(kind, WRITERS[who], LED) == TABLE[kind][place]


@pytest.mark.parametrize("kind", TABLE)
@pytest.mark.parametrize("lead", [Responsibility(), Responsibility(coordinator="ppt", disputed=True)])
def test_where_nobody_coordinates_or_it_is_disputed_structure_waits_and_own_things_flow(
    kind: Kind, lead: Responsibility
) -> None:
    assert answer(kind, "school", lead) == ("hold" if TABLE[kind][0] == PROPOSAL else DIRECT)


@pytest.mark.parametrize("kind", TABLE)
@pytest.mark.parametrize("writer", ["guardian", "coordinating_unit", "nobody_known"])
def test_whoever_is_no_service_at_the_table_changes_nothing_directly(kind: Kind, writer: str) -> None:
    assert answer(kind, writer, LED) == PROPOSAL
