"""Set aside, turned away, trail, backlog and health, over a real database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub.errors import TryAgainError, UnusableError
from hub.model.envelope import Arrival
from hub.ops.backlog import backlog
from hub.ops.enrol import Desk
from hub.ops.health import clock_is_right, ready
from hub.ops.set_aside import discard, list_aside, replay, show
from hub.ops.trail import trail
from hub.ports import AsideRow, Clock, Delivery, Part, Store
from hub.routing.refuse import turn_away
from hub.security.keys import load_keys, new_master_key

ARRIVAL = Arrival("school-1", "0001", "m-1", "no.langbenk.school.v1.support-plan", b"")


def set_aside_both(store: Store, now: datetime, *, document: bytes | None = b"{}") -> None:
    part = Part(
        "part-1",
        "m-1",
        "0001",
        "school-1",
        "k",
        "set_aside",
        now,
        receiver="child_welfare",
        document=document,
        code="x",
    )
    delivery = Delivery("d-1", "0001", "school-1", "k", "part-1", "set_aside", now, attempts=20, code="y")
    with store.begin() as work:
        work.ledger.add([part])
        work.deliveries.add([delivery])
        work.set_aside.add(
            [
                AsideRow("a-1", "0001", "part", "part-1", "x", None, now),
                AsideRow("a-2", "0001", "delivery", "d-1", "y", None, now),
                AsideRow("a-3", "0001", "ticket", "t-1", "z", None, now),
            ]
        )


def test_a_replayed_part_and_delivery_go_back_to_the_hub(store: Store, desk: Desk) -> None:
    set_aside_both(store, desk.clock.now())
    with store.begin() as work:
        assert [row.id for row in list_aside(work, desk)] == ["a-1", "a-2", "a-3"]
        replay(work, desk, "a-1")
        replay(work, desk, "a-2")
    with store.begin() as work:
        [part] = work.ledger.find(["part-1"])
        [delivery] = work.deliveries.of("0001", "d-1")

        assert (part.state, part.code) == ("pending", None)
        assert (delivery.state, delivery.attempts) == ("waiting", 0)
        assert [row.id for row in list_aside(work, desk)] == ["a-3"]


def test_a_part_whose_document_is_gone_cannot_be_replayed(store: Store, desk: Desk) -> None:
    set_aside_both(store, desk.clock.now(), document=None)

    with pytest.raises(UnusableError) as caught, store.begin() as work:
        replay(work, desk, "a-1")
    assert caught.value.code == "no_replay"


def test_what_is_discarded_is_closed_and_cannot_be_replayed(store: Store, desk: Desk) -> None:
    set_aside_both(store, desk.clock.now())
    with store.begin() as work:
        discard(work, desk, "a-3", "emp-1", "sent again by hand")

        assert show(work, desk, "a-3").state == "discarded"
    with pytest.raises(UnusableError) as caught, store.begin() as work:
        replay(work, desk, "a-3")
    assert caught.value.code == "already_decided"


def test_nothing_is_shown_of_another_municipality(store: Store, desk: Desk, elsewhere: Desk) -> None:
    set_aside_both(store, desk.clock.now())

    with store.begin() as work:
        assert list_aside(work, elsewhere) == []
        with pytest.raises(UnusableError):
            show(work, elsewhere, "a-1")
        with pytest.raises(UnusableError):
            trail(work, "0002", "d-1")


def test_a_message_turned_away_has_its_ledger_line_once(store: Store, clock: Clock) -> None:
    keys = load_keys(new_master_key())
    too_large = UnusableError("too_large", "a message may hold 10 bytes")
    with store.begin() as work:
        first = turn_away(work, keys, clock, ARRIVAL, too_large)
    with store.begin() as work:
        again = turn_away(work, keys, clock, ARRIVAL, too_large)

        assert again.id == first.id
        assert work.tally.parts("0001") == {"refused": 1}
        assert work.inbox.receipt("0001", "school-1", first.id) is not None


def test_the_trail_tells_a_message_from_its_arrival(store: Store, desk: Desk) -> None:
    set_aside_both(store, desk.clock.now())
    with store.begin() as work:
        replay(work, desk, "a-2")
    with store.begin() as work:
        steps = trail(work, "0001", "part-1")

    assert {step.what for step in steps} == {"received", "waiting", "aside.replayed"}


def test_the_backlog_adds_up(store: Store, desk: Desk) -> None:
    set_aside_both(store, desk.clock.now())
    with store.begin() as work:
        replay(work, desk, "a-1")
        now = backlog(work, "0001", desk.clock.now())

    assert (now.parts.total, now.parts.ended, now.parts.in_flight) == (1, 0, 1)
    assert (now.deliveries.total, now.deliveries.ended, now.deliveries.in_flight) == (1, 1, 0)
    assert now.set_aside == 2


def test_every_check_is_made_and_a_failed_one_is_named() -> None:
    def away() -> None:
        raise TryAgainError("the database is away")

    assert ready({"database": away, "policy": lambda: "v1"}) == {"database": False, "policy": True}


def test_a_clock_from_before_the_program_is_wrong(clock: Clock) -> None:
    class Early:
        def now(self) -> datetime:
            return datetime(1970, 1, 1, tzinfo=UTC)

    clock_is_right(clock)

    assert ready({"clock": lambda: clock_is_right(Early())}) == {"clock": False}
