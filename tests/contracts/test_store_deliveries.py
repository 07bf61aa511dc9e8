"""What the second ledger promises, on each kind of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.model.envelope import FEEDBACK, MESSAGE_ANSWER, PROPOSAL_ANSWER
from hub.model.service import System
from hub.ports import Delivery
from hub.storage import SqlStore
from tests.rows import NOON, Enrolled, enrol, fresh


def add(store: SqlStore, *deliveries: Delivery) -> None:
    with store.begin() as work:
        work.deliveries.add(deliveries)


def register(store: SqlStore, one: Enrolled, delivery: str) -> None:
    system = System(one.system, one.municipality, "school", "school", fresh("client"), "999999999")
    with store.begin() as work:
        work.directory.put([replace(system, delivery=delivery)])  # type: ignore[arg-type]


class TestDeliveries:
    def test_a_delivery_comes_back_as_it_was(self, store: SqlStore) -> None:
        one = enrol(store)
        delivery = one.delivery(
            plan_version=4,
            version=2,
            digest=b"\x00\xff",
            attempts=3,
            next_at=NOON + timedelta(microseconds=1),
            sent_at=NOON,
            receipt_at=NOON,
            code="away",
            correlation_id="c",
            traceparent="00-1",
            revived_at=NOON,
        )
        add(store, delivery)
        with store.begin() as work:
            found = work.deliveries.of(one.municipality, delivery.id)

        assert found == [delivery]

    def test_only_what_waits_or_is_being_sent_is_taken(self, store: SqlStore) -> None:
        one = enrol(store)
        waiting, sending = one.delivery(), one.delivery(state="sending")
        ended = [one.delivery(state=state) for state in ("held", "delivered", "denied", "superseded")]
        add(store, waiting, sending, *ended)
        with store.begin() as work:
            found = work.deliveries.take([each.id for each in (waiting, sending, *ended)])

        assert sorted(found, key=lambda each: each.state) == [sending, waiting]

    def test_an_update_moves_a_delivery_on_and_an_ended_one_is_never_taken_again(self, store: SqlStore) -> None:
        one = enrol(store)
        delivery = one.delivery()
        sent = delivery._replace(state="sending", version=1, digest=b"d", sent_at=NOON, attempts=1)
        done = sent._replace(state="delivered", receipt_at=NOON)
        add(store, delivery)
        with store.begin() as work:
            work.deliveries.update([sent])
            on_its_way = work.deliveries.take([delivery.id])
            work.deliveries.update([done])
            after = work.deliveries.take([delivery.id])
            kept = work.deliveries.of(one.municipality, one.plan)

        assert on_its_way == [sent]
        assert after == []
        assert kept == [done]

    @pytest.mark.parametrize("code", ['"', "\\", "\n", "{a,b}", "null", "NULL", "", "ø\t'", "\\x00"])
    def test_odd_words_of_a_receiver_are_kept_as_they_are(self, store: SqlStore, code: str) -> None:
        one = enrol(store)
        plain, odd = one.delivery(), one.delivery()
        add(store, plain, odd)
        changed = [odd._replace(state="rejected", code=code), plain._replace(state="delivered", receipt_at=NOON)]
        with store.begin() as work:
            work.deliveries.update(changed)
            kept = [work.deliveries.of(one.municipality, each.id)[0] for each in changed]

        assert kept == changed

    def test_a_mailbox_gets_what_is_due_what_it_was_not_shown_first(self, store: SqlStore) -> None:
        one = enrol(store)
        young = one.delivery(created_at=NOON + timedelta(seconds=2), next_at=NOON)
        old = one.delivery(created_at=NOON)
        shown = one.delivery(state="sending", created_at=NOON - timedelta(seconds=2), sent_at=NOON)
        before = one.delivery(state="sending", created_at=NOON, sent_at=NOON - timedelta(seconds=1))
        later = one.delivery(next_at=NOON + timedelta(hours=1))
        add(store, young, shown, old, before, later, one.delivery(system="another"))
        with store.begin() as work:
            due = work.deliveries.due(one.system, 10, NOON)
            first = work.deliveries.due(one.system, 1, NOON)

        assert due == [old, young, before, shown]
        assert first == [old]

    def test_what_is_urgent_comes_before_what_is_older_and_what_was_shown_before_last(self, store: SqlStore) -> None:
        one = enrol(store)
        old = one.delivery(created_at=NOON - timedelta(days=1))
        shown = one.delivery(state="sending", created_at=NOON - timedelta(days=1), urgent=True, next_at=NOON)
        urgent = one.delivery(urgent=True, next_at=NOON)
        later = one.delivery(urgent=True, next_at=NOON + timedelta(hours=1))
        ended = one.delivery(urgent=True, state="delivered", next_at=NOON)
        add(store, old, shown, urgent, later, ended, one.delivery(system="another", urgent=True))
        with store.begin() as work:
            due = work.deliveries.due(one.system, 10, NOON)
            first = work.deliveries.due(one.system, 1, NOON)
            ids = work.deliveries.urgent(one.system, 10, NOON)
            one_of_them = work.deliveries.urgent(one.system, 1, NOON)

        assert due == [urgent, old, shown]
        assert first == [urgent]
        assert (ids, one_of_them) == ([shown.id, urgent.id], [shown.id])

    def test_answers_to_proposals_and_feedback_lie_apart_from_documents(self, store: SqlStore) -> None:
        one = enrol(store)
        document, answer, feedback = (one.delivery(kind=kind) for kind in ("kind", PROPOSAL_ANSWER, FEEDBACK))
        add(store, document, answer, feedback)
        with store.begin() as work:
            documents = work.deliveries.due(one.system, 10, NOON)
            answers = work.deliveries.due(one.system, 10, NOON, PROPOSAL_ANSWER)
            told = work.deliveries.due(one.system, 10, NOON, FEEDBACK)

        assert (documents, answers, told) == ([document], [answer], [feedback])

    @pytest.mark.parametrize(("way", "pushed"), [("push", False), ("amqp", True)])
    def test_an_answer_to_a_proposal_goes_as_a_letter_and_to_no_api(
        self, store: SqlStore, way: str, pushed: bool
    ) -> None:
        one = enrol(store)
        register(store, one, way)
        document, answer = one.delivery(), one.delivery(kind=PROPOSAL_ANSWER)
        add(store, document, answer)
        with store.begin() as work:
            swept = work.deliveries.unfinished(NOON + timedelta(days=1), 1_000)

        assert (document in swept, answer in swept) == (True, pushed)

    def test_the_last_letter_about_a_part_is_found_unless_it_gave_way(self, store: SqlStore) -> None:
        one = enrol(store)
        letter = one.delivery(plan=None, kind=MESSAGE_ANSWER, state="delivered")
        later = letter._replace(id=fresh("later"), created_at=NOON + timedelta(hours=1))
        gone = letter._replace(id=fresh("gone"), created_at=NOON + timedelta(hours=2), state="superseded")
        other = one.delivery(plan=None, kind=PROPOSAL_ANSWER, part=letter.part, created_at=NOON + timedelta(hours=3))
        add(store, later, letter, gone, other)
        with store.begin() as work:
            found = work.deliveries.answers_to([letter.part, "another"])
            nothing = work.deliveries.answers_to([])

        assert (found, nothing) == ({letter.part: later}, {})

    def test_open_rows_are_found_by_plan_and_system(self, store: SqlStore) -> None:
        one, two = enrol(store), enrol(store)
        mine, ended = one.delivery(system="bup"), one.delivery(system="bup", state="delivered")
        add(store, mine, ended, one.delivery(system="nav"), two.delivery(system="bup"))
        with store.begin() as work:
            found = work.deliveries.open_for([(one.plan, "bup"), (two.plan, "nav")])

        assert found == [mine]

    def test_deliveries_are_found_by_plan_by_part_and_by_id(self, store: SqlStore) -> None:
        one = enrol(store)
        part = one.part(number=1)
        caused, other = one.delivery(part=part.id), one.delivery(created_at=NOON + timedelta(seconds=1))
        directed = one.delivery(plan=None, child=None)
        add(store, caused, other, directed)
        with store.begin() as work:
            work.ledger.add([part])
            by_plan = work.deliveries.of(one.municipality, one.plan)
            by_part = work.deliveries.of(one.municipality, part.id)
            by_directed_part = work.deliveries.of(one.municipality, directed.part)
            elsewhere = work.deliveries.of("9999", one.plan)

        assert by_plan == [caused, other]
        assert by_part == [caused]
        assert by_directed_part == [directed]
        assert elsewhere == []

    def test_the_sweep_finds_what_is_pushed_due_and_not_being_sent_right_now(self, store: SqlStore) -> None:
        one = enrol(store)
        register(store, one, "push")
        soon = NOON + timedelta(minutes=1)
        lost, stuck = one.delivery(next_at=NOON), one.delivery(state="sending", sent_at=NOON)
        busy, later = one.delivery(state="sending", sent_at=soon), one.delivery(next_at=soon + timedelta(hours=1))
        add(store, lost, stuck, busy, later, one.delivery(state="delivered"))
        with store.begin() as work:
            found = [each for each in work.deliveries.unfinished(soon, 1_000) if each.system == one.system]

        assert sorted(each.id for each in found) == sorted([lost.id, stuck.id])

    def test_the_sweep_comes_to_every_receiver_however_much_waits_for_one(self, store: SqlStore) -> None:
        slow, other = enrol(store), enrol(store)
        register(store, slow, "push")
        register(store, other, "push")
        lost = other.delivery()
        add(store, lost, *(slow.delivery(created_at=NOON - timedelta(days=1)) for _ in range(100)))
        with store.begin() as work:
            found = work.deliveries.unfinished(NOON + timedelta(hours=1), 50)

        assert len(found) == 50
        assert lost in found

    def test_the_sweep_leaves_a_mailbox_to_its_owner(self, store: SqlStore) -> None:
        one = enrol(store)
        register(store, one, "mailbox")
        add(store, one.delivery())
        with store.begin() as work:
            found = [
                each for each in work.deliveries.unfinished(NOON + timedelta(days=1), 1_000) if each.plan == one.plan
            ]

        assert found == []

    def test_a_row_that_is_revived_begins_a_new_lifetime(self, store: SqlStore) -> None:
        one = enrol(store)
        ended = one.delivery(created_at=NOON - timedelta(days=3_000), state="set_aside")
        again = ended._replace(state="waiting", revived_at=NOON)
        add(store, ended)
        with store.begin() as work:
            work.deliveries.revive([again])
            outlived = work.deliveries.outlived(NOON - timedelta(days=7), 1_000)
            (taken,) = work.deliveries.take([ended.id])

        assert ended.id not in {each.id for each in outlived}
        assert (taken, taken.since) == (again, NOON)

    def test_what_has_outlived_its_time_is_found_while_open(self, store: SqlStore) -> None:
        one = enrol(store)
        long_ago = NOON - timedelta(days=3_000)
        old, ended = one.delivery(created_at=long_ago), one.delivery(created_at=long_ago, state="rejected")
        add(store, old, ended, one.delivery())
        with store.begin() as work:
            found = [
                each for each in work.deliveries.outlived(NOON - timedelta(days=7), 1_000) if each.plan == one.plan
            ]

        assert found == [old]
