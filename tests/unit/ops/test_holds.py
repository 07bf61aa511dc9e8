"""Holds and proposals: a human decides once, with name and reason, and a release is a fact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.errors import UnusableError
from hub.model.official import Official
from hub.model.person import Child
from hub.model.plan import Plan
from hub.model.responsibility import Facts, Responsibility
from hub.ops.enrol import Desk, facts_of, make_plan
from hub.ops.holds import Judgement, list_holds, refuse, release
from hub.ops.officials import Barred, authorise
from hub.ops.proposals import decide_proposal, list_proposals
from hub.ports import Hold, Proposal, Store

COORDINATES = frozenset({"coordinator"})
COORDINATOR = Judgement("emp-12", "agreed with the parents", "RED-01", "so that she is met in the mornings")


@pytest.fixture
def plan(store: Store, desk: Desk) -> Plan:
    """A plan about which one hold and one proposal wait."""
    with store.begin() as work:
        authorise(work, desk, [Official(person, "0001", COORDINATES) for person in ("emp-12", "emp-13")])
        led = Responsibility(main_responsible="municipal_health")
        plan = make_plan(work, desk, Facts(Child("child-1", "0001"), responsibility=led), None)
        work.holds.add([hold_of(plan, desk)])
        work.proposals.add([proposal_of(plan, desk)])
    return plan


def hold_of(plan: Plan, desk: Desk) -> Hold:
    return Hold(
        id="h1",
        municipality="0001",
        plan=plan.id,
        child=plan.child,
        part="part-1",
        receiver="school-1",
        element="e1",
        digest="d1",
        rules=("RED-01",),
        categories=("education",),
        created_at=desk.clock.now(),
        sender="school",
    )


def proposal_of(plan: Plan, desk: Desk) -> Proposal:
    return Proposal(
        id="p1",
        municipality="0001",
        plan=plan.id,
        child=plan.child,
        part="part-1",
        system="school-1",
        element={"id": "e1", "kind": "goal"},
        base_version=0,
        created_at=desk.clock.now(),
    )


def test_open_holds_are_listed_for_the_municipality_and_for_a_plan(
    store: Store, desk: Desk, elsewhere: Desk, plan: Plan
) -> None:
    with store.begin() as work:
        assert [hold.id for hold in list_holds(work, desk)] == ["h1"]
        assert [hold.id for hold in list_holds(work, desk, plan.id)] == ["h1"]
        assert list_holds(work, elsewhere) == []


def test_a_release_is_a_fact_about_that_element_content_and_receiver(store: Store, desk: Desk, plan: Plan) -> None:
    with store.begin() as work:
        hold = release(work, desk, "h1", COORDINATOR)
    with store.begin() as work:
        assert isinstance(hold, Hold)
        [(place, fact)] = facts_of(work, desk, plan.child).releases.items()

    assert (hold.state, hold.decided_by) == ("released", "emp-12")
    assert place == ("e1", "d1", "school-1")
    assert (fact.person, fact.finding) == ("emp-12", "RED-01")


def test_asking_again_for_the_same_release_gives_the_same_hold(store: Store, desk: Desk, plan: Plan) -> None:
    with store.begin() as work:
        first = release(work, desk, "h1", COORDINATOR)
    with store.begin() as work:
        version = facts_of(work, desk, plan.child).version
        again = release(work, desk, "h1", COORDINATOR)

        assert again == first
        assert facts_of(work, desk, plan.child).version == version


@pytest.mark.parametrize("state", ["released", "refused"])
def test_what_one_person_decided_another_cannot_decide(store: Store, desk: Desk, plan: Plan, state: str) -> None:
    with store.begin() as work:
        (release if state == "released" else refuse)(work, desk, "h1", COORDINATOR)

    with pytest.raises(UnusableError) as caught, store.begin() as work:
        release(work, desk, "h1", replace(COORDINATOR, person="emp-13"))
    assert caught.value.code == "already_decided"


def test_a_refusal_makes_no_fact(store: Store, desk: Desk, plan: Plan) -> None:
    with store.begin() as work:
        hold = refuse(work, desk, "h1", COORDINATOR)

        assert isinstance(hold, Hold) and hold.state == "refused"
        assert facts_of(work, desk, plan.child).releases == {}
        assert list_holds(work, desk) == []


def test_a_release_names_the_finding_it_answers(store: Store, desk: Desk, plan: Plan) -> None:
    with pytest.raises(UnusableError) as caught, store.begin() as work:
        release(work, desk, "h1", replace(COORDINATOR, finding="CON-03"))
    assert caught.value.code == "wrong_finding"


def test_a_release_says_why_it_is_best_for_the_child(store: Store, desk: Desk, plan: Plan) -> None:
    with pytest.raises(UnusableError) as caught, store.begin() as work:
        release(work, desk, "h1", replace(COORDINATOR, best_interest=""))
    assert caught.value.code == "no_best_interest"


def test_somebody_the_municipality_has_not_authorised_decides_nothing(store: Store, desk: Desk, plan: Plan) -> None:
    with store.begin() as work:
        answer = release(work, desk, "h1", replace(COORDINATOR, person="emp-99"))
    with store.begin() as work:
        tried = [line.action for line in work.audit.of("0001", "h1")]

        assert isinstance(answer, Barred) and answer.code == "not_authorised"
        assert [hold.state for hold in list_holds(work, desk)] == ["open"]
        assert tried == ["hold.barred"]


def test_another_municipality_cannot_release(store: Store, elsewhere: Desk, plan: Plan) -> None:
    with pytest.raises(UnusableError) as caught, store.begin() as work:
        release(work, elsewhere, "h1", COORDINATOR)
    assert caught.value.code == "not_found"


@pytest.mark.parametrize(("accepted", "state"), [(True, "accepted"), (False, "declined")])
def test_a_proposal_is_decided_once(store: Store, desk: Desk, plan: Plan, accepted: bool, state: str) -> None:
    with store.begin() as work:
        decided = decide_proposal(work, desk, "p1", COORDINATOR, accepted=accepted)
        again = decide_proposal(work, desk, "p1", COORDINATOR, accepted=accepted)
        [kept] = list_proposals(work, desk, plan.id)

    assert isinstance(decided, Proposal) and isinstance(again, Proposal)
    assert decided.state == again.state == kept.state == state
    with pytest.raises(UnusableError), store.begin() as work:
        decide_proposal(work, desk, "p1", COORDINATOR, accepted=not accepted)
