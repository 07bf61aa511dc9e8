"""What persons and the erasure of a child promise, on each kind of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hub.errors import TryAgainError
from hub.model.consent import Consent
from hub.model.person import Child, Guardian, Maturity
from hub.model.responsibility import Facts, Necessity, Release, Responsibility
from hub.ports import AuditEntry, Delivery, Hold, Part, Proposal, View
from hub.security.identifiers import synthetic_number
from hub.storage import SqlStore
from tests.rows import NOON, Enrolled, enrol, fresh

NUMBERS = [found for serial in range(600, 640) if (found := synthetic_number(date(2015, 3, 4), serial))]
NUMBER = synthetic_number(date(2015, 3, 4), 500) or ""


def consent(child: str, municipality: str) -> Consent:
    return Consent(
        fresh("consent"),
        child,
        "mother-1",
        "mother",
        child,
        "yes",
        frozenset({"bup", "school"}),
        frozenset({"education"}),
        frozenset({"coordination"}),
        municipality,
        valid_from=NOON,
    )


def everything(child: str, municipality: str) -> Facts:
    return Facts(
        Child(
            child,
            municipality,
            birth_date=date(2015, 3, 4),
            guardians=(Guardian("mother-1", "mother"), Guardian("father-1", "father")),
            protection="confidential",
            maturity=Maturity(True, "psychologist-1", date(2026, 1, 2), "sharing with school"),
            hearing=date(2026, 1, 3),
            withheld=frozenset({"mental_health"}),
            as_of=NOON,
        ),
        1,
        (consent(child, municipality),),
        Responsibility(child_coordinator="school", disputed=True),
        (Necessity("school", "bup", "spesl § 1", frozenset({"education"}), "needed"),),
        {("e", "d", "bup-1"): Release("e", "d", "bup-1", "coordinator-1", "agreed", "RED-01", NOON)},
    )


def said_everywhere(store: SqlStore, one: Enrolled) -> tuple[Part, Delivery, Hold]:
    """Something of the child in every table that may hold a word about it."""
    part, delivery = one.part(number=1, document=b'{"name": "x"}', claims={"duty": "d"}), one.delivery()
    hold = Hold(fresh("h"), one.municipality, one.plan, one.child, part.id, "bup", "e", "d", ("R",), ("c",), NOON)
    proposal = Proposal(fresh("p"), one.municipality, one.plan, one.child, part.id, "bup", {"content": "x"}, 0, NOON)
    with store.begin() as work:
        work.plans.add([(one.version(1), part.id)])
        work.ledger.add([part])
        work.deliveries.add([delivery])
        work.views.put([View(one.plan, "bup", one.municipality, 1, b"d", {"goal-1": "aa"})])
        work.proposals.add([proposal])
        work.holds.add([replace(hold, reason="x")])
        work.audit.add([AuditEntry(one.municipality, NOON, "hub", "plan.updated", one.plan)])
    return part, delivery, hold


class TestPersons:
    def test_facts_come_back_whole(self, store: SqlStore) -> None:
        facts = everything(fresh("child"), fresh("municipality"))
        with store.begin() as work:
            work.persons.add(facts, None)
        with store.begin() as work:
            found = work.persons.facts([facts.child.id, "unknown"])
            locked = work.persons.facts([facts.child.id], lock=True)

        assert found == locked == {facts.child.id: facts}

    def test_a_change_raises_the_version_by_one_and_the_late_one_must_try_again(self, store: SqlStore) -> None:
        one = enrol(store)
        with store.begin() as work:
            facts = work.persons.facts([one.child])[one.child]
            work.persons.change(replace(facts, child=replace(facts.child, care_order=True)))
        with store.begin() as work:
            newer = work.persons.facts([one.child])[one.child]
        with pytest.raises(TryAgainError), store.begin() as work:
            work.persons.change(facts)

        assert newer.version == facts.version + 1
        assert newer.child.care_order

    def test_a_change_is_seen_within_its_own_transaction(self, store: SqlStore) -> None:
        one = enrol(store)
        with store.begin() as work:
            facts = work.persons.facts([one.child])[one.child]
            work.persons.change(replace(facts, child=replace(facts.child, deceased=True)))
            seen = work.persons.facts([one.child])[one.child]

        assert seen.child.deceased

    def test_a_child_is_found_by_its_number_in_its_municipality_only(self, store: SqlStore) -> None:
        one = enrol(store, NUMBER)
        with store.begin() as work:
            found = work.persons.by_number(one.municipality, NUMBER)
            elsewhere = work.persons.by_number(fresh("municipality"), NUMBER)

        assert found == one.child
        assert elsewhere is None

    def test_children_are_found_by_many_numbers_and_their_numbers_are_had_for_asking_the_register(
        self, store: SqlStore
    ) -> None:
        one, two = enrol(store, NUMBER), enrol(store)
        with store.begin() as work:
            children = work.persons.by_numbers(one.municipality, [NUMBER, "a stranger's"])
            numbers = work.persons.numbers(one.municipality, [one.child, two.child])
            elsewhere = work.persons.numbers(fresh("municipality"), [one.child])
            nobody = work.persons.by_numbers(one.municipality, []), work.persons.numbers(one.municipality, [])

        assert (children, numbers) == ({NUMBER: one.child}, {one.child: NUMBER})
        assert (elsewhere, nobody) == ({}, ({}, {}))

    def test_those_whose_facts_grow_old_are_found_the_oldest_first(self, store: SqlStore) -> None:
        place, old, numbers = fresh("municipality"), fresh("child"), iter(NUMBERS)
        never, newest = fresh("child"), fresh("child")
        with store.begin() as work:
            for child, as_of in ((old, NOON - timedelta(hours=3)), (never, None), (newest, NOON)):
                work.persons.add(Facts(Child(child, place, as_of=as_of)), next(numbers))
            work.persons.add(Facts(Child(fresh("child"), place)), None)
        with store.begin() as work:
            found = work.persons.confirmed_before(place, NOON - timedelta(hours=1), 10)
            first = work.persons.confirmed_before(place, NOON - timedelta(hours=1), 1)
            facts = work.persons.facts([old])[old]
            work.persons.change(replace(facts, child=replace(facts.child, as_of=NOON)))
            after = work.persons.confirmed_before(place, NOON - timedelta(hours=1), 10)
            work.persons.erase(never)
            erased = work.persons.confirmed_before(place, NOON - timedelta(hours=1), 10)

        assert (found, first, after, erased) == ([never, old], [never], [never], [])

    def test_two_children_cannot_have_one_number(self, store: SqlStore) -> None:
        one = enrol(store, NUMBER)

        with pytest.raises(TryAgainError), store.begin() as work:
            work.persons.add(Facts(Child(fresh("child"), one.municipality)), NUMBER)


class TestErasure:
    def test_after_erasure_nothing_of_the_child_can_be_read_and_the_ledgers_still_add_up(self, store: SqlStore) -> None:
        one = enrol(store, NUMBER)
        part, delivery, hold = said_everywhere(store, one)
        with store.begin() as work:
            work.persons.erase(one.child)
        with store.begin() as work:
            assert work.plans.lock([one.plan]) == {}
            assert work.plans.version([(one.plan, 1)]) == {}
            assert work.views.of([one.plan]) == {}
            assert work.persons.facts([one.child]) == {}
            assert work.persons.by_number(one.municipality, NUMBER) is None
            assert work.links.of([one.plan]) == {one.plan: []}
            assert work.links.find([(one.system, "own", one.key)]) == {}
            found = work.ledger.find([part.id])[0]
            assert (found.document, found.claims, found.state, found.code) == (None, {}, "refused", "erased")
            assert work.deliveries.of(one.municipality, delivery.id)[0].state == "expired"
            assert work.proposals.of(one.municipality, one.plan)[0].element == {}
            held = work.holds.find(one.municipality, hold.id)
            assert held is not None and held.reason is None
            assert work.tally.parts(one.municipality) == {"refused": 1}
            assert len(work.audit.of(one.municipality, one.plan)) == 1
            assert work.audit.verify()

    def test_what_waited_for_a_human_waits_no_longer(self, store: SqlStore) -> None:
        one = enrol(store, NUMBER)
        part, delivery = one.part(number=1)._replace(state="held"), one.delivery()._replace(state="held")
        hold = Hold(fresh("h"), one.municipality, one.plan, one.child, part.id, "bup", "e", "d", ("R",), ("c",), NOON)
        proposal = Proposal(fresh("p"), one.municipality, one.plan, one.child, part.id, "bup", {}, 0, NOON)
        with store.begin() as work:
            work.ledger.add([part])
            work.deliveries.add([delivery])
            work.holds.add([hold])
            work.proposals.add([proposal])
        with store.begin() as work:
            work.persons.erase(one.child)
        with store.begin() as work:
            assert work.tally.parts(one.municipality) == {"refused": 1}
            assert work.tally.deliveries(one.municipality) == {"expired": 1}
            assert work.holds.open(one.municipality) == []
            assert work.proposals.of(one.municipality, one.plan)[0].state == "declined"

    def test_another_child_is_untouched(self, store: SqlStore) -> None:
        one, two = enrol(store), enrol(store)
        with store.begin() as work:
            work.persons.erase(one.child)
        with store.begin() as work:
            locked = work.plans.lock([one.plan, two.plan])

        assert list(locked) == [two.plan]
