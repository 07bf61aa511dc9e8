"""What waits for people: who may decide it, and how many it takes."""

from __future__ import annotations

import pytest

from hub.errors import UnusableError
from hub.model.official import Official
from hub.model.responsibility import Responsibility
from hub.ops import holds
from hub.ops.hold_view import Shown
from hub.ops.officials import Barred
from hub.sdk.directed import INFO
from tests.journeys.systems import EVERYTHING, HOME, PLAN_DOCUMENT, measure, system
from tests.journeys.test_directed import EDUCATION, info
from tests.journeys.waiting import (
    BEST,
    HANDLER,
    LEAD,
    NURSERY,
    ONE,
    OTHER,
    SCHOOL,
    handed,
    in_doubt,
    now,
    people,
    plan_of,
    protected,
    says,
    seen,
    shown,
)
from tests.journeys.world import World


@pytest.fixture(autouse=True)
def _people(world: World) -> None:
    people(world)


def test_what_lacks_a_consent_is_sent_when_two_people_have_said_so(world: World) -> None:
    hold = in_doubt(world)
    says(world, hold, ONE)
    says(world, hold, ONE)
    assert world.take(NURSERY) == []

    says(world, hold, OTHER)

    assert "with Siri" in str(world.take(NURSERY))
    answer = shown(world, now(world, hold), OTHER)
    assert isinstance(answer, Shown)
    assert [(each.action, each.who, each.words["best_interest"]) for each in answer.moves] == [
        ("agreed", ONE, BEST), ("released", OTHER, BEST),
    ]  # fmt: skip
    assert world.ledgers() == ({"merged": 1}, {"superseded": 1, "delivered": 1})


def test_to_a_service_only_what_waits_about_children_it_coordinates_is_shown(world: World) -> None:
    hold = in_doubt(world)
    before = {who: seen(world, who) for who in ("teacher-1", "nurse-1", ONE)}
    world.facts(world.plan("nora").child, responsibility=Responsibility())
    after = {who: seen(world, who) for who in ("teacher-1", "nurse-1", ONE)}

    assert before == {"teacher-1": [], "nurse-1": [hold.id], ONE: [hold.id]}
    assert after == {"teacher-1": [], "nurse-1": [], ONE: [hold.id]}
    assert isinstance(says(world, hold, "nurse-1"), Barred)


def test_what_names_a_service_that_the_coordinator_may_not_know_of_is_the_units_to_decide(world: World) -> None:
    """Whoever coordinates may not learn from what waits that the child is a clinic's client, or is to be told one."""
    clinic = system("bup-1", "bup", "child-welfare", PLAN_DOCUMENT)
    world.register(clinic)
    child = world.at_table("nora", SCHOOL, NURSERY, clinic, consent=False)
    world.consent(
        child,
        "nora",
        "mother",
        "father",
        categories=EVERYTHING - {"sped"},
        receivers=frozenset({"kindergarten", "bup"}),
    )
    world.tell(SCHOOL, plan_of(measure("m1", "Reading alone", topic="special_education", text="with Siri")))
    found = {hold.receiver: hold for hold in world.holds("nora")}

    assert set(found) == {NURSERY.id, "bup-1"}
    assert seen(world, "nurse-1") == [found[NURSERY.id].id]
    assert set(seen(world, ONE)) == {each.id for each in found.values()}
    assert isinstance(shown(world, found["bup-1"], "nurse-1"), Barred)
    assert isinstance(says(world, found["bup-1"], "nurse-1"), Barred)


def test_a_proposal_of_a_service_that_the_coordinator_may_not_know_of_is_the_units_to_answer(world: World) -> None:
    clinic = system("bup-1", "bup", "child-welfare", PLAN_DOCUMENT)
    world.register(clinic)
    world.at_table("nora", SCHOOL, clinic, consent=False)
    goals = [{"id": "g9", "title": "To sleep at night", "status": "active"}]
    world.tell(clinic, {"schema": PLAN_DOCUMENT, "child": {"id": "nora@bup-1"}, "goals": goals})
    (proposal,) = world.proposals("nora")

    assert isinstance(world.answer(proposal, accepted=True, by="nurse-1"), Barred)
    assert not isinstance(world.answer(proposal, accepted=True, by=ONE), Barred)


def test_two_people_must_say_the_same_thing(world: World) -> None:
    hold = in_doubt(world)
    says(world, hold, ONE)
    says(world, hold, OTHER, ("title",))

    assert now(world, hold).state == "open"
    assert now(world, hold).agreed_by == (OTHER,)


def test_whoever_has_lost_the_role_since_does_not_count(world: World) -> None:
    hold = in_doubt(world)
    says(world, hold, ONE)
    world.authorise(Official(ONE, HOME, frozenset()))

    says(world, hold, OTHER)

    assert now(world, hold).state == "open"


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ("nobody-1", "not_authorised"),
        ("gone-1", "not_authorised"),
        ("teacher-1", "not_authorised"),  # another service coordinates this child
        (HANDLER, "not_authorised"),
    ],
)
def test_somebody_without_the_role_decides_nothing_and_the_attempt_is_recorded(
    world: World, person: str, code: str
) -> None:
    hold = in_doubt(world)

    answer = says(world, hold, person)

    assert isinstance(answer, Barred) and answer.code == code
    assert now(world, hold).agreed_by == ()
    with world.hub.store.begin() as work:
        (line,) = work.audit.of(HOME, hold.id)
    assert (line.action, line.detail["person"]) == ("hold.barred", person)


def test_nobody_decides_about_what_their_own_service_has_sent(world: World) -> None:
    hold = in_doubt(world)
    world.authorise(Official("teacher-1", HOME, frozenset({"decision_authority"}), "school"))

    for act in (holds.release, holds.refuse):
        answer = world.judge(act, hold, "teacher-1", "it is ours", " ".join(hold.rules), BEST)

        assert isinstance(answer, Barred) and answer.code == "own_message"


def test_nobody_decides_about_a_message_they_have_vouched_for_themselves(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY, understands=None)
    told = {**info(EDUCATION), "subject": {"kind": "own", "key": "nora@kindergarten-1"}}
    world.tell(NURSERY, told, INFO.name, receiver="school", claims={"person": ONE})
    with world.hub.store.begin() as work:
        (hold,) = work.holds.open(HOME)

    answer = says(world, hold, ONE)

    assert isinstance(answer, Barred) and answer.code == "own_message"


def test_a_protected_address_is_seen_and_decided_by_its_own_people_only(world: World) -> None:
    hold = protected(world)

    assert seen(world, ONE) == []
    assert seen(world, HANDLER) == [hold.id]
    answer = says(world, hold, ONE)
    assert isinstance(answer, Barred) and answer.code == "not_found"
    hidden = shown(world, hold, ONE)
    assert isinstance(hidden, Barred) and hidden.code == "not_found"
    with pytest.raises(UnusableError, match="circle"):
        handed(world, hold, HANDLER, "coordinator")
    says(world, hold, HANDLER)
    says(world, hold, LEAD)
    assert "with Siri" in str(world.take(NURSERY))
