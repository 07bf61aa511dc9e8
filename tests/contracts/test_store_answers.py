"""What answers and the versions of views promise, on each kind of database."""

from __future__ import annotations

from datetime import timedelta

from hub.ports import Answer, View
from hub.storage import SqlStore
from tests.conftest import StandingClock
from tests.rows import NOON, enrol, fresh


def asked(clock: StandingClock, key: str, request: bytes = b"r") -> Answer:
    return Answer("client-1", key, "0301", request, clock.now())


def begin(store: SqlStore, answer: Answer) -> Answer | None:
    with store.begin() as work:
        return work.answers.begin(answer, answer.at - timedelta(minutes=1))


class TestAnswers:
    def test_the_first_begins_and_the_next_is_given_what_was_kept(self, store: SqlStore, clock: StandingClock) -> None:
        mine = asked(clock, fresh("key"))
        first, during = begin(store, mine), begin(store, mine)
        with store.begin() as work:
            work.answers.keep(mine._replace(said=b"made"))

        assert (first, during) == (None, mine)
        assert begin(store, mine) == mine._replace(said=b"made")
        assert begin(store, mine._replace(client="client-2")) is None

    def test_a_key_that_was_dropped_is_free_again(self, store: SqlStore, clock: StandingClock) -> None:
        mine = asked(clock, fresh("key"))
        begin(store, mine)
        with store.begin() as work:
            work.answers.drop(mine.client, mine.key)

        assert begin(store, mine) is None

    def test_what_was_begun_and_never_answered_is_taken_over_by_the_same_request(
        self, store: SqlStore, clock: StandingClock
    ) -> None:
        key = fresh("key")
        begin(store, asked(clock, key))
        clock.go_on(minutes=2)

        other, same, at_once = (begin(store, asked(clock, key, each)) for each in (b"other", b"r", b"r"))

        assert (other is not None, same, at_once is not None) == (True, None, True)

    def test_old_ones_are_forgotten(self, store: SqlStore, clock: StandingClock) -> None:
        mine = asked(clock, fresh("key"))
        begin(store, mine)
        with store.begin() as work:
            forgotten = work.answers.forget(clock.now() + timedelta(seconds=1), 1_000)

        assert forgotten >= 1
        assert begin(store, mine) is None


class TestViews:
    def test_what_a_system_had_acknowledged_at_an_instant_is_known(self, store: SqlStore) -> None:
        one = enrol(store)
        for version, state in ((1, "delivered"), (2, "delivered"), (3, "rejected"), (4, "delivered")):
            at = NOON + timedelta(hours=version)
            with store.begin() as work:
                work.deliveries.add([one.delivery(version=version, state=state, receipt_at=at)])
        with store.begin() as work:
            known = [
                work.deliveries.acknowledged_by(one.plan, one.system, NOON + timedelta(hours=hours))
                for hours in (0, 1, 3.5, 4)
            ]

        assert known == [0, 1, 2, 4]

    def test_one_element_is_told_anew_and_nothing_else_of_the_view_changes(self, store: SqlStore) -> None:
        one = enrol(store)
        view = View(one.plan, "school-1", one.municipality, 3, b"d", {"a": "1", "b": "2"}, {"a": "1", "b": "2"})
        with store.begin() as work:
            work.views.put([view])
        with store.begin() as work:
            work.views.tell_anew(one.plan, "school-1", "a")
            work.views.tell_anew(one.plan, "school-1", "never sent")
            work.views.tell_anew(one.plan, "nobody-1", "a")
        with store.begin() as work:
            found = work.views.of([one.plan])

        assert found == {(one.plan, "school-1"): view._replace(sent={"a": "~1", "b": "2"})}


class TestViewVersions:
    def test_each_version_keeps_what_it_held_and_the_newest_always_is(
        self, store: SqlStore, clock: StandingClock
    ) -> None:
        one = enrol(store)
        for version in (1, 2, 3):
            view = View(one.plan, "bup", one.municipality, version, b"d", {}, {"goal-1": str(version)})
            with store.begin() as work:
                work.views.put([view])
                work.view_versions.keep([(one.plan, "bup")], clock.now())
        with store.begin() as work:
            kept = work.view_versions.of(one.plan, "bup")
            those = work.view_versions.those([(one.plan, "bup", 2), (one.plan, "bup", 9), ("no plan", "bup", 1)])
            work.view_versions.forget(clock.now() + timedelta(days=1), 1_000)
            left = work.view_versions.of(one.plan, "bup")

        assert [(each.version, each.cut) for each in kept] == [(n, {"goal-1": str(n)}) for n in (1, 2, 3)]
        assert those == [kept[1]]
        assert [each.version for each in left] == [3]

    def test_the_plans_of_a_system_are_given_page_by_page(self, store: SqlStore) -> None:
        ones = sorted([enrol(store), enrol(store)], key=lambda one: one.plan)
        with store.begin() as work:
            first = work.links.seats(ones[0].system, "", 1_000)
            after = work.links.seats(ones[0].system, ones[0].plan, 1_000)

        assert ones[0].plan in first
        assert ones[0].plan not in after
