"""What the inbox and the first ledger promise, on each kind of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.errors import TryAgainError
from hub.model.envelope import Arrival, PartReceipt, Receipt
from hub.ports import AsideRow, Wait
from hub.storage import SqlStore
from tests.conftest import StandingClock
from tests.rows import NOON, Enrolled, enrol, fresh


def message(one: Enrolled, part: str) -> tuple[Arrival, Receipt, bytes]:
    arrival = Arrival(one.system, one.municipality, fresh("message-id"), "kind", b"{}")
    receipt = Receipt(fresh("receipt"), arrival.message_id, "kind", NOON, (PartReceipt(part, "pending"),), skipped=2)
    return arrival, receipt, b"print"


class TestInbox:
    def test_a_message_is_known_by_system_and_id_with_its_print_and_first_receipt(self, store: SqlStore) -> None:
        one = enrol(store)
        arrival, receipt, mark = message(one, fresh("part"))
        with store.begin() as work:
            work.inbox.add([(arrival, receipt, mark)])
        with store.begin() as work:
            known = work.inbox.known([(one.system, arrival.message_id), ("another", arrival.message_id)])

        assert known == {(one.system, arrival.message_id): (mark, receipt)}

    def test_the_same_message_twice_is_refused_by_the_database(self, store: SqlStore) -> None:
        one = enrol(store)
        arrival, receipt, mark = message(one, fresh("part"))
        with store.begin() as work:
            work.inbox.add([(arrival, receipt, mark)])

        with pytest.raises(TryAgainError), store.begin() as work:
            work.inbox.add([(arrival, replace(receipt, id=fresh("receipt")), mark)])

    def test_a_receipt_shows_how_each_part_stands_now_to_its_sender_only(self, store: SqlStore) -> None:
        one = enrol(store)
        part = one.part()
        arrival, receipt, mark = message(one, part.id)
        with store.begin() as work:
            work.ledger.add([part])
            work.inbox.add([(arrival, receipt, mark)])
            work.ledger.end([part._replace(state="refused", code="no_link", place="pupil")])
        with store.begin() as work:
            mine = work.inbox.receipt(one.municipality, one.system, receipt.id)
            others = work.inbox.receipt(one.municipality, "another", receipt.id)
            elsewhere = work.inbox.receipt("9999", one.system, receipt.id)

        assert mine == replace(receipt, parts=(PartReceipt(part.id, "refused", "no_link", "pupil"),))
        assert others is None
        assert elsewhere is None


class TestLedger:
    def test_numbers_run_without_gaps_within_each_plan(self, store: SqlStore) -> None:
        one, two = enrol(store), enrol(store)
        with store.begin() as work:
            first = work.ledger.number({one.plan: 2, two.plan: 1})
        with store.begin() as work:
            second = work.ledger.number({one.plan: 1, two.plan: 3})

        assert first == {one.plan: 1, two.plan: 1}
        assert second == {one.plan: 3, two.plan: 2}

    def test_numbers_of_a_transaction_that_failed_are_given_again(self, store: SqlStore) -> None:
        one = enrol(store)
        with pytest.raises(RuntimeError), store.begin() as work:
            work.ledger.number({one.plan: 5})
            raise RuntimeError
        with store.begin() as work:
            numbers = work.ledger.number({one.plan: 1})

        assert numbers == {one.plan: 1}

    def test_a_plan_nobody_has_opened_gets_no_number(self, store: SqlStore) -> None:
        with store.begin() as work:
            numbers = work.ledger.number({fresh("plan"): 1})

        assert numbers == {}

    def test_a_part_comes_back_as_it_was_with_its_document_opened(self, store: SqlStore) -> None:
        one = enrol(store)
        part = one.part(
            about="mother-1",
            number=1,
            document=b'{"a": "\xc3\xa6"}',
            correlation_id="c",
            claims={"duty": "x", "person": "p"},
            traceparent="00-1",
        )
        with store.begin() as work:
            work.ledger.add([part])
        with store.begin() as work:
            found = work.ledger.find([part.id, "unknown"])

        assert found == [part]

    def test_pending_parts_come_in_number_order_and_no_more_than_asked(self, store: SqlStore) -> None:
        one = enrol(store)
        parts = [one.part(number=number, document=b"{}") for number in (3, 1, 4, 2)]
        ended = one.part(number=5, state="refused", code="no_link")
        with store.begin() as work:
            work.ledger.add([*parts, ended])
            work.ledger.end([parts[1]._replace(state="unchanged")])
        with store.begin() as work:
            numbers = [part.number for part in work.ledger.pending([one.plan], 2)]

        assert numbers == [2, 3]

    def test_a_directed_part_has_no_plan_and_is_taken_while_pending(self, store: SqlStore) -> None:
        one = enrol(store)
        waiting = one.part(document=b"<x/>", receiver="child_welfare")._replace(plan=None, child=None)
        held = waiting._replace(id=fresh("part"), state="held")
        with store.begin() as work:
            work.ledger.add([waiting, held])
        with store.begin() as work:
            found = work.ledger.directed([waiting.id, held.id])

        assert found == [waiting]

    def test_urgent_parts_are_those_that_are_pending_oldest_first(self, store: SqlStore) -> None:
        one = enrol(store)
        loose = {"plan": None, "receiver": "child_welfare", "urgent": True}
        young, old = (one.part()._replace(**loose, received_at=NOON - timedelta(days=days)) for days in (800, 900))
        ended, other = one.part(state="passed")._replace(**loose), one.part()._replace(plan=None)
        with store.begin() as work:
            work.ledger.add([young, old, ended, other])
            found = [id for id in work.ledger.urgent(1_000) if id in {each.id for each in (young, old, ended, other)}]
            back = work.ledger.of(one.municipality, old.id)
            work.ledger.end([young._replace(state="passed"), old._replace(state="passed")])
            left = work.ledger.urgent(1_000)

        assert found == [old.id, young.id]
        assert [each.urgent for each in back] == [True]
        assert not {young.id, old.id} & set(left)

    def test_a_ledger_can_be_asked_by_message_by_plan_and_by_part(self, store: SqlStore) -> None:
        one = enrol(store)
        part, other = one.part(number=1, document=b"{}"), one.part(number=2)
        with store.begin() as work:
            work.ledger.add([part, other])
        with store.begin() as work:
            bare = part._replace(document=None)
            by_plan = work.ledger.of(one.municipality, one.plan)
            by_message = work.ledger.of(one.municipality, part.message)
            by_part = work.ledger.of(one.municipality, part.id)
            elsewhere = work.ledger.of("9999", part.id)

        assert by_plan == [bare, other]
        assert by_message == by_part == [bare]
        assert elsewhere == []

    def test_the_sweep_finds_what_is_pending_for_long_by_its_state(self, store: SqlStore) -> None:
        one = enrol(store)
        old, young = one.part(number=2), one.part(number=1, received_at=NOON + timedelta(minutes=5))
        done = one.part(number=3, state="merged")
        with store.begin() as work:
            work.ledger.add([young, old, done])
        with store.begin() as work:
            found = {part.id for part in work.ledger.unfinished(NOON + timedelta(minutes=1), 1_000)}

        assert old.id in found
        assert not {young.id, done.id} & found

    def test_documents_are_cleaned_away_after_their_part_has_ended(self, store: SqlStore, clock: StandingClock) -> None:
        one = enrol(store)
        ended, pending = one.part(number=1, document=b"{}", claims={"duty": "d"}), one.part(number=2, document=b"{}")
        with store.begin() as work:
            work.ledger.add([ended, pending])
            work.ledger.end([ended._replace(state="merged")])
        clock.go_on(days=30)
        with store.begin() as work:
            work.ledger.clean(clock.now() - timedelta(days=29), 1_000)
            found = work.ledger.find([ended.id, pending.id])

        assert {part.id: part.document for part in found} == {ended.id: None, pending.id: b"{}"}
        assert {part.id: part.claims for part in found} == {ended.id: {"duty": "d"}, pending.id: {}}

    def test_a_directed_messages_document_is_kept_while_it_is_on_its_way(
        self, store: SqlStore, clock: StandingClock
    ) -> None:
        one = enrol(store)
        parts = {
            state: one.part(document=b"{}")._replace(plan=None, number=None, receiver="bup", state="passed")
            for state in ("waiting", "held", "delivered")
        }
        with store.begin() as work:
            work.ledger.add(list(parts.values()))
            work.ledger.end(list(parts.values()))
            work.deliveries.add(
                [one.delivery(state=state)._replace(plan=None, part=part.id) for state, part in parts.items()]
            )
        clock.go_on(days=30)
        with store.begin() as work:
            work.ledger.clean(clock.now() - timedelta(days=29), 1_000)
            found = {part.id: part.document for part in work.ledger.find([part.id for part in parts.values()])}

        assert {state: found[part.id] for state, part in parts.items()} == {
            "waiting": b"{}", "held": b"{}", "delivered": None,
        }  # fmt: skip

    def test_the_tally_counts_what_is_urgent_and_has_not_come_through(self, store: SqlStore) -> None:
        one = enrol(store)
        part = one.part(number=None)._replace(plan=None, urgent=True)
        late = [one.delivery(urgent=True, state=state) for state in ("waiting", "sending", "held", "delivered")]
        refused, fresh_one = one.delivery(urgent=True, state="rejected"), one.delivery(urgent=True)
        fresh_one = fresh_one._replace(created_at=NOON + timedelta(hours=2))
        rows = [
            AsideRow(fresh("aside"), one.municipality, "delivery", each.id, "not_received", None, NOON)
            for each in (refused, one.delivery())
        ]
        with store.begin() as work:
            work.ledger.add([part])
            work.deliveries.add([*late, refused, fresh_one, one.delivery()])
            work.set_aside.add(rows)
            found = work.tally.late(NOON + timedelta(hours=1), one.municipality)
            nobody = work.tally.late(NOON + timedelta(hours=1), fresh("municipality"))
            before = work.tally.late(NOON - timedelta(hours=1), one.municipality)

        assert found == Wait(1 + 3 + 1, NOON)
        assert nobody is None
        assert before == Wait(1, NOON)

    def test_the_tally_adds_up_each_municipality_by_state(self, store: SqlStore) -> None:
        one = enrol(store)
        with store.begin() as work:
            work.ledger.add([one.part(number=1), one.part(number=2), one.part(number=3, state="merged")])
            work.deliveries.add([one.delivery(), one.delivery(state="denied")])
        with store.begin() as work:
            parts = work.tally.parts(one.municipality)
            deliveries = work.tally.deliveries(one.municipality)
            everywhere = work.tally.parts()
            since = work.tally.waiting_since(one.municipality)

        assert parts == {"pending": 2, "merged": 1}
        assert deliveries == {"waiting": 1, "denied": 1}
        assert everywhere["pending"] >= 2
        assert since["parts"] <= NOON
        assert since["deliveries"] <= NOON
