"""Who may change what, line by line as the law's table has it (IPF §§ 7, 9, 10; hol § 7-2 a)."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from hub.model.plan import Kind
from hub.model.responsibility import Necessity, Responsibility
from hub.model.service import FAMILY, Party
from hub.policy import gate
from hub.policy.claims import STATUTES
from tests.unit.policy.children import HOME, NOW, all_three, element, facts, seen

LED = Responsibility(child_coordinator="municipal_health")
WRITERS = {"owner": "school", "another": "nav_social", "coordinator": "municipal_health", "family": FAMILY}
DIRECT, PROPOSAL, NEVER = "allowed", "propose", "refuse"
TABLE: dict[Kind, tuple[str, str, str, str]] = {
    # what is changed: its owner, another service, the coordinator of record, the family (which asks for it)
    "measure": (DIRECT, PROPOSAL, DIRECT, PROPOSAL),
    "note": (DIRECT, PROPOSAL, DIRECT, PROPOSAL),
    "need": (DIRECT, PROPOSAL, DIRECT, PROPOSAL),
    "resource": (DIRECT, PROPOSAL, DIRECT, PROPOSAL),
    "contribution": (DIRECT, PROPOSAL, DIRECT, PROPOSAL),
    "cooperation": (DIRECT, PROPOSAL, DIRECT, PROPOSAL),
    "meeting": (DIRECT, PROPOSAL, DIRECT, PROPOSAL),
    "identity": (DIRECT, PROPOSAL, DIRECT, PROPOSAL),
    "goal": (PROPOSAL, PROPOSAL, DIRECT, PROPOSAL),
    "frame": (PROPOSAL, PROPOSAL, DIRECT, PROPOSAL),  # period, revision date, status, and all else of the plan itself
    "participant": (PROPOSAL, PROPOSAL, DIRECT, PROPOSAL),  # the team, and who is responsible
    "voice": (
        DIRECT,
        PROPOSAL,
        PROPOSAL,
        PROPOSAL,
    ),  # whoever wrote them down puts them right
}
FAMILYS_OWN: tuple[Kind, ...] = ("goal", "voice", "note")
"""What the family says for itself: its goals, its words, its comments."""


def answer(kind: Kind, writer: str, lead: Responsibility, owner: str = "school") -> str:
    asked = gate(facts(responsibility=lead), Party(writer, HOME), kind=kind, owner=owner, now=NOW)
    return asked.answer


def test_the_table_has_a_line_for_every_kind_of_element() -> None:
    assert TABLE.keys() == set(get_args(Kind))


@pytest.mark.parametrize("kind", TABLE)
@pytest.mark.parametrize(("place", "who"), list(enumerate(WRITERS)))
def test_each_change_by_each_writer_is_as_the_table_says(kind: Kind, place: int, who: str) -> None:
    assert answer(kind, WRITERS[who], LED) == TABLE[kind][place]


@pytest.mark.parametrize("kind", FAMILYS_OWN)
@pytest.mark.parametrize("writer", WRITERS.values())
@pytest.mark.parametrize("lead", [LED, Responsibility(), Responsibility(coordinator="ppt", disputed=True)])
def test_what_the_family_says_for_itself_is_its_alone_whoever_coordinates(
    kind: Kind, writer: str, lead: Responsibility
) -> None:
    assert answer(kind, writer, lead, owner=FAMILY) == (DIRECT if writer == FAMILY else NEVER)


@pytest.mark.parametrize("writer", [each for each in WRITERS.values() if each != FAMILY])
def test_consent_is_given_and_taken_back_by_the_family_and_a_services_word_counts_for_nothing(writer: str) -> None:
    goal = element("e1", "education", owner=FAMILY, kind="goal")
    given = all_three()
    of_a_service = tuple(replace(one, person=writer, giver="other") for one in given)
    taken_back = tuple(replace(one, withdrawn_at=NOW) for one in given)

    assert seen(facts(given), goal).opened == {"e1"}
    assert seen(facts(of_a_service), goal).opened == frozenset()
    assert seen(facts(taken_back), goal).opened == frozenset()


@pytest.mark.parametrize("reader", ["school", "nav_social", "municipal_health"])
@pytest.mark.parametrize("owner", [FAMILY, "kindergarten"])
def test_who_has_access_follows_consent_and_no_post_opens_anything(reader: str, owner: str) -> None:
    lead = Responsibility(child_coordinator=reader, coordinator=reader, main_responsible=reader)
    own = element("e1", "education", owner=owner, kind="goal")
    named = all_three(receivers=frozenset({reader}))

    assert seen(facts(responsibility=lead), own, receiver=Party(reader, HOME)).opened == frozenset()
    assert seen(facts(named), own, receiver=Party(reader, HOME)).opened == {"e1"}
    assert seen(facts(named), own).opened == frozenset()


@pytest.mark.parametrize("statute", sorted(STATUTES))
def test_no_statute_of_any_service_carries_what_the_family_says(statute: str) -> None:
    own = element("e1", "education", owner=FAMILY, kind="voice")
    needed = Necessity(FAMILY, "ppt", statute, frozenset({"education"}), "sender", "decision-1")

    assert seen(facts(necessities=(needed,)), own).shut == {"e1": ("CON-01",)}


def test_a_consent_to_hear_from_others_does_not_open_what_the_family_says() -> None:
    own = element("e1", "education", owner=FAMILY, kind="voice")
    from_others, from_itself = (all_three(senders=frozenset({each})) for each in ("school", FAMILY))

    assert seen(facts(from_others), own).shut == {"e1": ("CON-01",)}
    assert seen(facts(from_itself), own).opened == {"e1"}


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
