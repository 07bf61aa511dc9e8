"""What the looks owed to plans promise, on each kind of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.model.plan import Plan
from hub.model.responsibility import Responsibility
from hub.ports import Work
from hub.storage import SqlStore
from tests.conftest import StandingClock
from tests.rows import Enrolled, enrol, fresh

SOON = timedelta(minutes=1)


def owed(store: SqlStore, clock: StandingClock, one: Enrolled) -> bool:
    """Whether this plan is among those that are owed a look; others of the run may be too."""
    with store.begin() as work:
        return one.plan in work.looks.take(clock.now(), 10_000, clock.now())


def looked_at(store: SqlStore, clock: StandingClock) -> Enrolled:
    """A plan that is owed nothing for an hour."""
    one = enrol(store)
    with store.begin() as work:
        work.looks.done(one.plan, work.looks.asked(one.plan), clock.now() + timedelta(hours=1))
    return one


def change_facts(work: Work, one: Enrolled) -> None:
    facts = work.persons.facts([one.child], lock=True)[one.child]
    work.persons.change(replace(facts, responsibility=Responsibility(coordinator="school")))


class TestLooks:
    def test_a_new_plan_is_owed_one(self, store: SqlStore, clock: StandingClock) -> None:
        assert owed(store, clock, enrol(store))

    def test_what_was_looked_at_is_owed_again_when_its_time_comes(self, store: SqlStore, clock: StandingClock) -> None:
        one = looked_at(store, clock)
        before = owed(store, clock, one)
        clock.go_on(hours=1)

        assert not before
        assert owed(store, clock, one)

    @pytest.mark.parametrize(("minutes", "brought_forward"), [(30, True), (120, False)])
    def test_a_look_can_be_brought_forward_and_is_never_put_off_by_it(
        self, store: SqlStore, clock: StandingClock, minutes: int, brought_forward: bool
    ) -> None:
        one, other = looked_at(store, clock), looked_at(store, clock)
        at = clock.now() + timedelta(minutes=minutes)
        with store.begin() as work:
            work.looks.sooner({one.plan: at, other.plan: at})
        clock.go_on(minutes=31)
        early = (owed(store, clock, one), owed(store, clock, other))
        clock.go_on(minutes=30)

        assert early == (brought_forward, brought_forward)
        assert owed(store, clock, one)

    def test_a_changed_fact_asks_in_its_own_commit(self, store: SqlStore, clock: StandingClock) -> None:
        one = looked_at(store, clock)
        with pytest.raises(RuntimeError), store.begin() as work:
            change_facts(work, one)
            raise RuntimeError
        undone = owed(store, clock, one)
        with store.begin() as work:
            change_facts(work, one)

        assert not undone
        assert owed(store, clock, one)

    def test_what_is_asked_for_while_somebody_looks_stays_owed(self, store: SqlStore, clock: StandingClock) -> None:
        one = looked_at(store, clock)
        with store.begin() as work:
            asked = work.looks.asked(one.plan)
        with store.begin() as work:
            work.looks.ask([one.plan])
        with store.begin() as work:
            work.looks.done(one.plan, asked, None)

        assert owed(store, clock, one)

    def test_what_one_has_taken_no_other_takes_until_it_has_had_its_time(
        self, store: SqlStore, clock: StandingClock
    ) -> None:
        one = enrol(store)
        with store.begin() as work:
            work.looks.take(clock.now(), 10_000, clock.now() + SOON)
        meanwhile = owed(store, clock, one)
        clock.go_on(minutes=1)

        assert not meanwhile
        assert owed(store, clock, one)

    def test_those_owed_longest_are_taken_first(self, store: SqlStore, clock: StandingClock) -> None:
        ages = timedelta(days=400), timedelta(days=401)  # before anything else in this database
        one, two = enrol(store), enrol(store)
        with store.begin() as work:
            for each, age in zip((one, two), ages, strict=True):
                work.looks.done(each.plan, 0, clock.now() - age)
            taken = work.looks.take(clock.now() - ages[0], 1, clock.now())

        assert list(taken) == [two.plan]

    def test_another_municipalitys_child_of_the_same_id_is_left_alone(
        self, store: SqlStore, clock: StandingClock
    ) -> None:
        one = looked_at(store, clock)
        elsewhere = Plan(fresh("plan"), fresh("municipality"), one.child)
        with store.begin() as work:
            work.plans.add([(elsewhere, None)])
            work.looks.done(elsewhere.id, 0, None)
            change_facts(work, one)
        with store.begin() as work:
            taken = work.looks.take(clock.now(), 10_000, clock.now())

        assert one.plan in taken
        assert elsewhere.id not in taken

    def test_an_erased_child_is_owed_nothing(self, store: SqlStore, clock: StandingClock) -> None:
        one = enrol(store)
        with store.begin() as work:
            work.persons.erase(one.child)

        assert not owed(store, clock, one)
