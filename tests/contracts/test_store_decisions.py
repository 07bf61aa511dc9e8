"""Decisions as kept records, on both databases; what several rest on is kept once."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from hub.ports import DecisionRow
from hub.storage import SqlStore
from tests.rows import NOON, Enrolled, enrol, fresh


def decision(one: Enrolled, **changes: object) -> DecisionRow:
    row = DecisionRow(
        fresh("decision"),
        one.municipality,
        one.child,
        one.plan,
        None,
        None,
        "bup",
        "forward",
        "forward_redacted",
        NOON,
        b'{"rules": ["CON-01"]}',
        b"\x00" * 32,
    )
    return row._replace(**changes)  # type: ignore[arg-type]


class TestDecisions:
    def test_a_decision_is_found_by_id_in_its_municipality_only(self, store: SqlStore) -> None:
        one = enrol(store)
        row = decision(one)
        with store.begin() as work:
            work.decisions.add([row])
        with store.begin() as work:
            found = work.decisions.find(one.municipality, row.id)
            elsewhere = work.decisions.find("9999", row.id)

        assert found == row
        assert elsewhere is None

    def test_what_decisions_rest_on_is_kept_once_and_found_with_each(self, store: SqlStore) -> None:
        one = enrol(store)
        grounds = b'{"facts": ["' + one.child.encode() + b'"]}'
        rests = {"grounds": grounds, "grounds_hash": sha256(grounds).digest()}
        rows = [decision(one, **rests), decision(one, **rests), decision(one)]
        for row in rows:  # each in a transaction of its own, as workers do
            with store.begin() as work:
                work.decisions.add([row])

        with store.begin() as work:
            assert [work.decisions.find(one.municipality, row.id) for row in rows] == rows
            assert rows[0].whole == {"rules": ["CON-01"], "facts": [one.child]}

    def test_decisions_are_found_by_plan_part_and_delivery_oldest_first(self, store: SqlStore) -> None:
        one = enrol(store)
        part = one.part(number=1)
        delivery = one.delivery(part=part.id)
        later = decision(one, part=part.id, delivery=delivery.id, stage="dispatch", decided_at=NOON + timedelta(1))
        first = decision(one, part=part.id)
        other = decision(one, decided_at=NOON + timedelta(2))
        with store.begin() as work:
            work.ledger.add([part])
            work.deliveries.add([delivery])
            work.decisions.add([later, first, other])
        with store.begin() as work:
            by_plan = work.decisions.of(one.municipality, one.plan)
            by_part = work.decisions.of(one.municipality, part.id)
            by_delivery = work.decisions.of(one.municipality, delivery.id)

        assert by_plan == [first, later, other]
        assert by_part == [first, later]
        assert by_delivery == [later]

    def test_a_decision_about_a_directed_message_is_found_by_its_part_and_delivery(self, store: SqlStore) -> None:
        one = enrol(store)
        part = one.part(receiver="child_welfare")._replace(plan=None)
        delivery = one.delivery(plan=None, part=part.id)
        row = decision(one, plan=None, part=part.id, delivery=delivery.id)
        with store.begin() as work:
            work.ledger.add([part])
            work.deliveries.add([delivery])
            work.decisions.add([row])
        with store.begin() as work:
            by_part = work.decisions.of(one.municipality, part.id)
            by_delivery = work.decisions.of(one.municipality, delivery.id)

        assert by_part == by_delivery == [row]

    def test_a_decision_about_a_plan_is_found_by_a_delivery_that_takes_no_part_in_its_order(
        self, store: SqlStore
    ) -> None:
        one = enrol(store)
        part = one.part()
        letter = one.delivery(plan=None, part=part.id)
        row = decision(one, part=part.id, delivery=letter.id, stage="dispatch")
        with store.begin() as work:
            work.ledger.add([part])
            work.deliveries.add([letter])
            work.decisions.add([row])
            by_delivery = work.decisions.of(one.municipality, letter.id)

        assert by_delivery == [row]

    def test_decisions_about_a_child_are_its_plans_and_its_directed_messages_the_newest_of_them(
        self, store: SqlStore
    ) -> None:
        one, other = enrol(store), enrol(store)
        view = decision(one)
        message = decision(one, plan=None, part="part-1", decided_at=NOON + timedelta(1))
        newest = decision(one, decided_at=NOON + timedelta(2))
        with store.begin() as work:
            work.decisions.add([newest, message, view, decision(other), decision(other, plan=None, part="part-2")])
        with store.begin() as work:
            whole = work.decisions.about(one.municipality, one.child, one.plan, 10)
            cut = work.decisions.about(one.municipality, one.child, one.plan, 2)
            without_plan = work.decisions.about(one.municipality, one.child, None, 10)
            elsewhere = work.decisions.about(other.municipality, one.child, one.plan, 10)

        assert list(whole) == [view, message, newest]
        assert list(cut) == [message, newest]
        assert list(without_plan) == [message]
        assert list(elsewhere) == []
