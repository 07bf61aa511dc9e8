"""Enrolment: plan, table and facts, each inside one municipality."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.errors import UnusableError
from hub.model.change import ChildKey
from hub.model.person import Child
from hub.model.plan import Plan
from hub.model.responsibility import Facts, Responsibility
from hub.ops.enrol import (
    Desk,
    Participant,
    change_facts,
    facts_of,
    link,
    make_plan,
    plan_of,
)
from hub.policy.facts import subject_of
from hub.policy.known import known
from hub.policy.words import Coordination
from hub.ports import Store

NUMBER = "02841810042"


def enrolled(store: Store, desk: Desk, *participants: Participant) -> Plan:
    with store.begin() as work:
        return make_plan(work, desk, Facts(Child("child-1", desk.municipality)), NUMBER, participants)


def test_a_plan_without_participants_is_the_empty_version(store: Store, desk: Desk) -> None:
    plan = enrolled(store, desk)

    with store.begin() as work:
        assert plan_of(work, desk, plan.id) == replace(plan, version=0)


def test_participants_are_the_first_version_and_carry_their_categories(store: Store, desk: Desk) -> None:
    plan = enrolled(store, desk, Participant("school", frozenset({"education"}), "contact", unit="7B"))
    with store.begin() as work:
        [element] = plan_of(work, desk, plan.id).elements.values()

    assert (plan.version, element.owner, element.categories) == (1, "school", frozenset({"education"}))
    assert element.content == {"service": "school", "role": "contact", "unit": "7B"}
    assert element.digest


def test_a_child_has_one_plan(store: Store, desk: Desk) -> None:
    enrolled(store, desk)

    with pytest.raises(UnusableError) as caught:
        enrolled(store, desk)
    assert caught.value.code == "plan_exists"


def test_a_system_joins_the_table_under_its_own_key(store: Store, desk: Desk) -> None:
    plan = enrolled(store, desk)
    with store.begin() as work:
        made = link(work, desk, plan.id, "school-1", ChildKey("own", "pupil-7"))
    with store.begin() as work:
        found = work.links.find([("school-1", "own", "pupil-7")])

    assert found["school-1", "own", "pupil-7"] == [made]
    assert made.about == plan.child


@pytest.mark.parametrize(("plan", "system"), [("no-such-plan", "school-1"), (None, "no-such-system")])
def test_a_link_needs_a_plan_and_a_system_of_the_municipality(
    store: Store, desk: Desk, plan: str | None, system: str
) -> None:
    known = enrolled(store, desk)

    with pytest.raises(UnusableError) as caught, store.begin() as work:
        link(work, desk, plan or known.id, system, ChildKey("own", "pupil-7"))
    assert caught.value.code == "not_found"


def test_another_municipality_sees_neither_plan_nor_child(store: Store, desk: Desk, elsewhere: Desk) -> None:
    plan = enrolled(store, desk)

    with store.begin() as work:
        for look in (lambda: plan_of(work, elsewhere, plan.id), lambda: facts_of(work, elsewhere, plan.child)):
            with pytest.raises(UnusableError) as caught:
                look()
            assert caught.value.code == "not_found"


def test_a_change_of_facts_raises_their_version_and_is_in_the_audit(store: Store, desk: Desk) -> None:
    plan = enrolled(store, desk)
    with store.begin() as work:
        before = facts_of(work, desk, plan.child)
        after = change_facts(
            work, desk, plan.child, lambda now: replace(now, responsibility=Responsibility(coordinator="school"))
        )
        audit = [entry.action for entry in work.audit.of("0001", plan.child)]

    assert (after.version, after.responsibility.coordinator) == (before.version + 1, "school")
    assert audit == ["facts.changed"]


def test_a_caller_who_saw_older_facts_is_told_so(store: Store, desk: Desk) -> None:
    plan = enrolled(store, desk)

    with pytest.raises(UnusableError) as caught, store.begin() as work:
        change_facts(work, desk, plan.child, lambda now: now, version=99)
    assert caught.value.code == "stale"


def test_after_a_clock_has_gone_backwards_facts_can_still_be_put(store: Store, desk: Desk) -> None:
    later = desk.clock.now() + timedelta(days=3)
    with store.begin() as work:
        work.persons.add(Facts(Child("child-1", desk.municipality, as_of=later)), None)

    with store.begin() as work:
        hidden = change_facts(
            work, desk, "child-1", lambda now: replace(now, child=replace(now.child, protection="confidential"))
        )

    assert hidden.child.protection == "confidential"


def test_what_the_municipality_records_says_since_when_also_in_the_decisions_that_rest_on_it(
    store: Store, desk: Desk
) -> None:
    plan = enrolled(store, desk)
    with store.begin() as work:
        change_facts(work, desk, plan.child, lambda now: replace(now, child=replace(now.child, care_order=True)))
    first = desk.clock.now()
    desk.clock.instant = first + timedelta(days=1)  # type: ignore[attr-defined]  # the clock that stands still
    with store.begin() as work:
        change_facts(work, desk, plan.child, lambda now: replace(now, child=replace(now.child, hearing=first.date())))
    with store.begin() as work:
        child = facts_of(work, desk, plan.child).child
    told = known(["care_order", "authority_block"], subject_of(child, desk.clock.now()), Coordination(), child, "0001")

    assert [(one["fact"], one["is"], one.get("at")) for one in told] == [
        ("care_order", True, first.isoformat()),
        ("authority_block", False, None),
    ]
