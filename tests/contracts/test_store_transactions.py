"""What a transaction promises: all or nothing, no lost update, on each kind of database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from hub.errors import TryAgainError
from hub.ports import AuditEntry, Keys, View
from hub.security.keys import EnvelopeKeys
from hub.storage import SqlStore, open_store
from tests.conftest import StandingClock
from tests.rows import NOON, enrol, fresh

WORKERS, ROUNDS = 4, 5
MANY = 50


@contextmanager
def impatient(url: str, keys: Keys, clock: StandingClock) -> Iterator[SqlStore]:
    """A second process, as it were, that waits for no lock."""
    quick = "?timeout=0.05" if url.startswith("sqlite") else "?options=-c%20lock_timeout%3D50ms"
    store = open_store(url + quick, keys, clock)
    yield store
    store.close()


def test_no_update_is_lost_when_several_read_and_then_write(store: SqlStore) -> None:
    one = enrol(store)

    def write_one() -> None:
        while True:
            try:
                with store.begin() as work:
                    plan = work.plans.lock([one.plan]).get(one.plan)
                    if plan is not None:
                        work.plans.add([(one.version(plan.version + 1), None)])
                        return
            except TryAgainError:
                continue

    with ThreadPoolExecutor(WORKERS) as pool:
        for done in [pool.submit(write_one) for _ in range(WORKERS * ROUNDS)]:
            done.result()
    with store.begin() as work:
        newest = work.plans.newest(one.municipality, one.plan)

    assert newest is not None
    assert newest.version == WORKERS * ROUNDS


def test_no_number_is_given_twice(store: SqlStore) -> None:
    one, two = enrol(store), enrol(store)

    def take() -> int:
        with store.begin() as work:
            return work.ledger.number({two.plan: 1, one.plan: 2})[one.plan]

    with ThreadPoolExecutor(WORKERS) as pool:
        firsts = list(pool.map(lambda _: take(), range(WORKERS * ROUNDS)))

    assert sorted(firsts) == list(range(1, 2 * WORKERS * ROUNDS, 2))


def test_the_audit_trail_of_many_threads_is_whole(store: SqlStore) -> None:
    subject = fresh("plan")

    def note(number: int) -> None:
        with store.begin() as work:
            work.audit.add([AuditEntry("0301", NOON, "hub", "noted", subject, {"n": number})])

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(note, range(WORKERS * ROUNDS)))
    with store.begin() as work:
        noted = work.audit.of("0301", subject)
        whole = work.audit.verify()

    assert sorted(str(entry.detail["n"]) for entry in noted) == sorted(str(n) for n in range(WORKERS * ROUNDS))
    assert whole


def test_an_exception_leaves_nothing_behind(store: SqlStore) -> None:
    one = enrol(store)
    part = one.part(number=1, document=b"{}")
    with pytest.raises(ZeroDivisionError), store.begin() as work:
        work.ledger.add([part])
        work.plans.add([(one.version(1), part.id)])
        work.audit.add([AuditEntry(one.municipality, NOON, "hub", "noted", one.plan)])
        raise ZeroDivisionError
    with store.begin() as work:
        parts = work.ledger.find([part.id])
        version = work.plans.lock([one.plan])[one.plan].version
        noted = work.audit.of(one.municipality, one.plan)

    assert (parts, version, noted) == ([], 0, [])


@pytest.mark.parametrize(("moment", "kept"), [("before", 0), ("after", 1)])
def test_a_process_that_is_killed_leaves_what_it_committed(
    store: SqlStore, database_url: str, moment: str, kept: int
) -> None:
    one = enrol(store)
    script = f"""
import os
from hub.security.keys import load_keys, new_master_key
from hub.storage import open_store
from tests.conftest import StandingClock
from tests.rows import Enrolled
one = Enrolled({one.municipality!r}, {one.child!r}, {one.plan!r}, {one.system!r}, {one.key!r})
store = open_store({database_url!r}, load_keys(new_master_key()), StandingClock())
with store.begin() as work:
    work.ledger.add([one.part(number=1)])
    if {moment == "before"}:
        os._exit(9)
os._exit(9)
"""
    folder = Path(__file__).parents[2]
    died = subprocess.run([sys.executable, "-c", script], cwd=folder, check=False, capture_output=True, text=True)
    with store.begin() as work:
        found = work.ledger.of(one.municipality, one.plan)

    assert died.returncode == 9, died.stderr
    assert len(found) == kept


class TestLocks:
    @pytest.mark.services
    def test_what_another_worker_holds_is_left_out(
        self, migrated_postgres_url: str, keys: Keys, clock: StandingClock
    ) -> None:
        store = open_store(migrated_postgres_url, keys, clock)
        one, two = enrol(store), enrol(store)
        mine = one.delivery()
        directed = one.part(document=b"{}")._replace(plan=None)
        with store.begin() as work:
            work.deliveries.add([mine])
            work.ledger.add([directed])
        with store.begin() as first, store.begin() as second:
            first.plans.lock([one.plan])
            first.deliveries.take([mine.id])
            first.ledger.directed([directed.id])
            plans = second.plans.lock([one.plan, two.plan])
            due = second.deliveries.due(one.system, 10, NOON)
            parts = second.ledger.directed([directed.id])
        store.close()

        assert list(plans) == [two.plan]
        assert due == []
        assert parts == []

    @pytest.mark.services
    def test_a_worker_with_one_row_to_finish_waits_for_whoever_holds_it(
        self, migrated_postgres_url: str, keys: Keys, clock: StandingClock
    ) -> None:
        with impatient(migrated_postgres_url, keys, clock) as store:
            one = enrol(store)
            mine, view = one.delivery(), View(one.plan, one.system, one.municipality)
            with store.begin() as work:
                work.deliveries.add([mine])
                work.views.put([view])
            with store.begin() as first:
                first.plans.lock([one.plan])
                first.deliveries.take([mine.id])
                first.views.of([one.plan], lock=True)
                with pytest.raises(TryAgainError), store.begin() as second:
                    second.plans.lock([one.plan], wait=True)
                with pytest.raises(TryAgainError), store.begin() as second:
                    second.deliveries.take([mine.id])
                with pytest.raises(TryAgainError), store.begin() as second:
                    second.views.of([one.plan], [one.system], lock=True)

    def test_locked_facts_cannot_change_before_the_dispatch_is_committed(
        self, store: SqlStore, database_url: str, keys: Keys, clock: StandingClock
    ) -> None:
        one = enrol(store)
        with impatient(database_url, keys, clock) as other, store.begin() as work:
            facts = work.persons.facts([one.child], lock=True)[one.child]
            with pytest.raises(TryAgainError), other.begin() as elsewhere:
                elsewhere.persons.change(facts)

    def test_what_another_worker_has_claimed_is_free_when_it_lets_go(
        self, store: SqlStore, database_url: str, keys: Keys, clock: StandingClock
    ) -> None:
        """SQLite serves one process, so that the other worker is a thread of it."""
        other = store if database_url.startswith("sqlite") else open_store(database_url, keys, clock)
        mine, shared, theirs = fresh("name"), fresh("name"), fresh("name")
        with store.claim([mine, shared]) as first, other.claim([shared, theirs]) as second:
            claimed = first, second
        with other.claim([mine, shared]) as later:
            pass
        other.close()

        assert claimed == ({mine, shared}, {theirs})
        assert later == {mine, shared}

    def test_one_connection_holds_what_every_slow_receiver_of_a_process_waits_with(
        self, store: SqlStore, database_url: str, keys: Keys, clock: StandingClock
    ) -> None:
        """More receivers than a process may have connections: the rest of it is not kept waiting for their answers."""
        other = store if database_url.startswith("sqlite") else open_store(database_url, keys, clock)
        names = [fresh("name") for _ in range(MANY)]
        with ExitStack() as slow:
            held = [slow.enter_context(store.claim([name])) for name in names]
            with store.claim(names) as twice, other.claim(names) as elsewhere, store.begin() as work:
                work.directory.systems()
        with other.claim(names) as later:
            pass
        other.close()

        assert held == [{name} for name in names]
        assert (twice, elsewhere, later) == (set(), set(), set(names))

    @pytest.mark.services
    def test_the_door_takes_numbers_while_a_worker_holds_the_plan(
        self, migrated_postgres_url: str, keys: Keys, clock: StandingClock
    ) -> None:
        with impatient(migrated_postgres_url, keys, clock) as store:
            one = enrol(store)
            with store.begin() as worker, store.begin() as door:
                worker.plans.lock([one.plan])
                numbers = door.ledger.number({one.plan: 1})

        assert numbers == {one.plan: 1}


def test_a_master_key_rotates_without_touching_what_is_sealed(tmp_path: Path, clock: StandingClock) -> None:
    url, old, new = f"sqlite:///{tmp_path}/hub.sqlite3", b"a" * 32, b"b" * 32
    store = open_store(url, EnvelopeKeys(old), clock)
    store.migrate()
    one = enrol(store)
    with store.begin() as work:
        work.plans.add([(one.version(1), None)])
    store.close()
    rotating = open_store(url, EnvelopeKeys(new, [old]), clock)
    counts = rotating.rewrap(), rotating.rewrap()
    rotating.close()
    rotated = open_store(url, EnvelopeKeys(new), clock)
    with rotated.begin() as work:
        plan = work.plans.newest(one.municipality, one.plan)
    rotated.close()

    assert counts == (1, 0)
    assert plan == one.version(1)
