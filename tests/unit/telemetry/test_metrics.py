"""Metrics: both ledgers, what waits, and labels that take only declared values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from hub.errors import TryAgainError
from hub.model.envelope import Arrival, PartReceipt, Receipt
from hub.model.service import System
from hub.ports import AsideRow, Delivery, Hold, Part, Store, Work
from hub.routing.numbers import BUCKETS
from hub.routing.watched import ADAPTER, KIND, LABELS, OTHER
from hub.storage import SqlStore
from hub.telemetry import Telemetry
from hub.telemetry.gauges import Gauges
from tests.conftest import StandingClock

HOME = "9999"


SCHOOL = System("school-1", HOME, "school", "school", "client-1", "310000000", document="x")


class Counted:
    """A store that says how often it was asked, and is away when it is told to be."""

    def __init__(self, store: Store) -> None:
        self.store, self.asked, self.away = store, 0, False

    @contextmanager
    def begin(self) -> Iterator[Work]:
        self.asked += 1
        if self.away:
            raise TryAgainError("the database is away")
        with self.store.begin() as work:
            yield work

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


class Slow:
    """A store that takes ten seconds to add up a ledger, by a watch of its own."""

    def __init__(self, store: Store) -> None:
        self.store, self.instant, self.added = store, 0, 0

    @contextmanager
    def begin(self) -> Iterator[SimpleNamespace]:
        with self.store.begin() as work:
            tally = SimpleNamespace(waits=work.tally.waits, late=work.tally.late, unaccounted=work.tally.unaccounted)
            tally.parts, tally.deliveries = self._parts, dict
            yield SimpleNamespace(tally=tally, directory=work.directory)

    def _parts(self) -> dict[str, int]:
        self.instant += 10
        self.added += 1
        return {}


@pytest.fixture
def telemetry(clock: StandingClock) -> Telemetry:
    return Telemetry(clock, {"school": True, "acme": False})


@pytest.fixture
def database_url(tmp_path: object) -> str:
    return f"sqlite:///{tmp_path}/hub.sqlite3"


def series(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample by name and labels."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples}


def value(text: str, name: str, **labels: str) -> float | None:
    wanted = tuple(sorted((f"langbenk_{key}", each) for key, each in labels.items()))
    return series(text).get((f"langbenk_{name}", wanted))


def waiting(store: SqlStore, clock: StandingClock) -> None:
    """One of everything that can wait, made at different times."""
    started = clock.now()
    with store.begin() as work:
        work.directory.put([SCHOOL])
        part = Part("p1", "m1", HOME, "school-1", "x", "pending", started, plan="plan-1", number=1)
        work.ledger.add([part])
        work.inbox.add([(Arrival("school-1", HOME, "m", "x", b""), _receipt(started, "p1"), b"print")])
        for age, id in ((60, "d1"), (30, "d2")):
            since = started - timedelta(seconds=age)
            work.deliveries.add([Delivery(id, HOME, "school-1", "x", "p1", "waiting", since, plan="plan-1")])
        work.holds.add([_hold("h1", ("RED-01", "CON-01"), started), _hold("h2", ("not a rule",), started)])
        work.set_aside.add([AsideRow("a1", HOME, "part", "p1", "internal_error", None, started)])
        work.set_aside.add([AsideRow("a2", HOME, "part", "p1", "acme_has_a_word_for_it", None, started)])
    clock.go_on(seconds=90)


def _receipt(at: object, part: str) -> Receipt:
    return Receipt("m1", "m", "x", at, (PartReceipt(part, "pending"),))  # type: ignore[arg-type]  # an instant


def _hold(id: str, rules: tuple[str, ...], at: object) -> Hold:
    return Hold(id, HOME, None, None, "p1", "school-1", None, None, rules, (), at)  # type: ignore[arg-type]  # an instant


def test_what_waits_is_told_by_number_and_by_the_age_of_the_oldest(
    telemetry: Telemetry, store: SqlStore, clock: StandingClock
) -> None:
    waiting(store, clock)
    text = telemetry.prometheus(store)

    assert (value(text, "outbox_pending"), value(text, "outbox_oldest_age_seconds")) == (1, 90)
    assert value(text, "delivery_pending", sector_target="school") == 2
    assert value(text, "delivery_oldest_pending_age_seconds", sector_target="school") == 150
    assert value(text, "hold_open", decision_reason="RED-01") == 1
    assert value(text, "hold_oldest_age_seconds", decision_reason="RED-01") == 90
    assert value(text, "deadletter_open", cause="internal_error") == 1


def test_a_rule_or_cause_nobody_declared_makes_no_series_of_its_own(
    telemetry: Telemetry, store: SqlStore, clock: StandingClock
) -> None:
    waiting(store, clock)
    text = telemetry.prometheus(store)

    assert value(text, "hold_open", decision_reason=OTHER) == 1
    assert value(text, "deadletter_open", cause=OTHER) == 1
    assert "acme_has_a_word_for_it" not in text


def test_both_ledgers_are_added_up(telemetry: Telemetry, store: SqlStore, clock: StandingClock) -> None:
    waiting(store, clock)
    text = telemetry.prometheus(store)

    assert value(text, "ledger_rows", ledger="parts", state="pending") == 1
    assert value(text, "ledger_rows", ledger="deliveries", state="waiting") == 2
    assert value(text, "ledger_unaccounted") == 0


def test_an_accepted_message_without_a_part_is_unaccounted_for(
    telemetry: Telemetry, store: SqlStore, clock: StandingClock
) -> None:
    with store.begin() as work:
        work.inbox.add([(Arrival("school-1", HOME, "m", "x", b""), _receipt(clock.now(), "lost"), b"print")])

    assert value(telemetry.prometheus(store), "ledger_unaccounted") == 1


def test_ledgers_that_take_long_to_add_up_are_added_up_more_seldom(store: SqlStore, clock: StandingClock) -> None:
    """They hold all there ever was, and each process is scraped: the database has other things to do."""
    slow = Slow(store)
    gauges = Gauges(clock, tick=lambda: slow.instant)
    while slow.instant < 900:
        gauges.read(slow)  # type: ignore[arg-type]  # a store in all that is asked of it here
        slow.instant += 15

    assert slow.added == 2


def test_a_scrape_opens_one_transaction_and_the_next_one_none(telemetry: Telemetry, store: SqlStore) -> None:
    counted = Counted(store)
    telemetry.prometheus(counted)  # type: ignore[arg-type]  # a store in all that is asked of it here
    telemetry.prometheus(counted)  # type: ignore[arg-type]

    assert counted.asked == 1


def test_while_the_database_is_away_what_it_alone_knows_is_left_out(telemetry: Telemetry, store: SqlStore) -> None:
    counted = Counted(store)
    counted.away = True
    telemetry.watch.turned_away("unknown_system")
    text = telemetry.prometheus(counted)  # type: ignore[arg-type]

    assert value(text, "ledger_unaccounted") is None
    assert value(text, "messages_turned_away_total", reason="unknown_system") == 1


def test_a_broken_adapter_is_down(telemetry: Telemetry, store: SqlStore) -> None:
    text = telemetry.prometheus(store)

    assert value(text, "adapter_up", adapter_id="school") == 1
    assert value(text, "adapter_up", adapter_id="acme") == 0


@pytest.mark.parametrize("whole, shown", [(None, None), (True, 1), (False, 0)])
def test_the_audit_chains_are_told_of_once_they_have_been_read(
    telemetry: Telemetry, store: SqlStore, whole: bool | None, shown: float | None
) -> None:
    if whole is not None:
        telemetry.audit_checked(whole)

    assert value(telemetry.prometheus(store), "audit_chain_verified") == shown


def test_the_time_to_a_receipt_falls_into_buckets_written_as_floats(telemetry: Telemetry, store: SqlStore) -> None:
    telemetry.watch.answered([("school", "delivered", 0.05), ("school", "delivered", 61.0)])
    text = telemetry.prometheus(store)

    assert 'le="60.0"' in text
    assert value(text, "deliveries_total", sector_target="school", delivery_outcome="delivered") == 2
    bounds = [float(dict(labels)["le"]) for name, labels in series(text) if name.endswith("duration_seconds_bucket")]
    assert sorted(bounds)[:-1] == list(BUCKETS)


def test_a_registered_service_that_has_had_nothing_has_its_series_all_the_same(
    telemetry: Telemetry, store: SqlStore
) -> None:
    with store.begin() as work:
        work.directory.put([SCHOOL])
    text = telemetry.prometheus(store)

    assert value(text, "delivery_duration_seconds_count", sector_target="school", delivery_outcome="delivered") == 0


def test_every_label_takes_only_declared_values(telemetry: Telemetry, store: SqlStore, clock: StandingClock) -> None:
    waiting(store, clock)
    watch = telemetry.watch
    watch.accepted([("school", "no.langbenk.school.v1.support-plan"), ("Marte Markert", "x")])
    watch.decided("dispatch", [("school", "forward"), ("school", "perhaps"), ("marked", "deny")])
    watch.decided("lunch", [("school", "forward")])
    watch.answered([("school", "delivered", 1.0), ("marked", "lost", 2.0)])
    watch.turned_away("Marte Markert was here")
    text = telemetry.prometheus(store)

    assert undeclared(text) == set()
    assert "Mar" not in text


def undeclared(text: str) -> set[tuple[str, str]]:
    """Labels with a value that is in no declared set; kinds and adapters are declared by what is installed."""
    declared = {name.replace(".", "_"): values | {OTHER} for name, values in LABELS.items()}
    open_sets = {KIND.replace(".", "_"), ADAPTER.replace(".", "_"), "le"}
    labels = {label for _, labels in series(text) for label in labels}
    return {(name, each) for name, each in labels if name not in open_sets and each not in declared.get(name, ())}
