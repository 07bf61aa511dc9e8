"""What goes wrong in a turn, and what the turn makes of it: a mapping fails, versions overtake, tickets are lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hub.bootstrap import build
from hub.mapping import Lens
from hub.registry import Listed, Registry
from hub.routing.queues import INTAKE, deliver_queue
from hub.sdk import Document, Posted
from hub.security.keys import new_master_key
from hub.settings import load_settings
from tests.faults.by_hand import Place
from tests.faults.mortal import REGISTRY
from tests.faults.pushed import Api
from tests.faults.village import PUSHED, SCHOOL, arrival, settle, told

POISON = "child-1"


class Brittle:
    """A mapping with a fault of its own: it fails on one child's documents."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._lens, name)

    def get(self, part: Document) -> Any:
        if part["pupil"]["id"].startswith(f"{POISON}@"):
            raise ZeroDivisionError
        return self._lens.get(part)


class TestOneThatFails:
    @pytest.fixture
    def registry(self) -> Registry:
        """The school's mapping fails on one child."""
        (school,) = (each for each in REGISTRY.adapters() if each.name == "school")
        brittle: Any = {kind: Brittle(lens) for kind, lens in school.lenses.items()}
        others = [each for each in REGISTRY.adapters() if each.name != "school"]
        return Registry([*others, Listed(school.name, school.adapter, brittle)])

    def test_a_document_that_a_mapping_fails_on_is_set_aside_and_its_neighbours_move_on(self, place: Place) -> None:
        place.say(*place.plans)
        place.update()
        place.deliver()

        ends = {part.child: (part.state, part.code) for part in place.parts()}
        assert ends.pop(POISON) == ("set_aside", "internal_error")
        assert set(ends.values()) == {("merged", None)}
        assert len(place.api.calls) == len(place.plans) - 1


class TestOrder:
    def test_an_older_version_is_not_sent_after_a_newer_one(self, place: Place) -> None:
        first, second = _two_versions(place)
        place.hub.dispatch.record({second: Posted("delivered")})

        assert place.hub.dispatch.prepare([first]) == []
        assert {row.id: row.state for row in place.rows("child-0")} == {first: "superseded", second: "delivered"}

    def test_a_late_receipt_for_an_older_version_is_none_for_the_newest(self, place: Place) -> None:
        first, second = _two_versions(place)
        before = dict(place.view("child-0").seen)
        place.hub.dispatch.record({first: Posted("delivered")})
        late = dict(place.view("child-0").seen)
        place.hub.dispatch.record({second: Posted("delivered")})

        assert late == before
        assert place.view("child-0").seen == place.view("child-0").sent

    def test_while_one_worker_sends_no_other_sends_for_the_same_plan(self, place: Place) -> None:
        place.say("child-0", "child-1")
        place.update()
        ids = [row.id for name in ("child-0", "child-1") for row in place.rows(name)]
        with place.hub.dispatch.alone(ids[:1]) as mine:
            place.deliver()
            meanwhile = [told(body)[0] for _, body in place.api.calls]
        place.clock.go_on(seconds=10)
        place.sweep()
        place.deliver()

        assert mine == ids[:1]
        assert meanwhile == ["child-1"]
        assert [told(body)[0] for _, body in place.api.calls] == ["child-1", "child-0"]


class TestTheSweep:
    def test_publishes_what_was_committed_and_never_published(self, place: Place) -> None:
        place.say("child-0")
        place.broker.settle(place.broker.take(INTAKE, 10, 0))  # the ticket is lost
        lost = place.update()
        place.clock.go_on(seconds=10)
        place.sweep()
        place.update()
        place.broker.settle(place.broker.take(deliver_queue(PUSHED.id), 10, 0))
        lost += place.deliver()
        place.clock.go_on(seconds=10)
        place.sweep()
        place.deliver()

        assert lost == 0
        assert [told(body) for _, body in place.api.calls] == [("child-0", 1)]

    def test_publishes_nothing_when_nothing_is_open(self, place: Place) -> None:
        place.say("child-0")
        place.update()
        place.deliver()
        place.clock.go_on(seconds=10)

        assert place.sweep() == 0


def _two_versions(place: Place) -> tuple[str, str]:
    """The ids of two versions that have left and not been answered; the second was prepared by itself."""
    place.say("child-0", turn=1)
    place.update()
    (first,) = place.hub.dispatch.prepare([row.id for row in place.rows("child-0")])
    place.say("child-0", turn=2)
    place.update()
    (second,) = place.hub.dispatch.prepare([row.id for row in place.rows("child-0") if row.id != first.id])

    assert (first.version, second.version) == (1, 2)
    return first.id, second.id


def test_a_system_registered_to_be_reached_another_way_is_reached_so_without_a_restart(
    tmp_path: Path, api: Api
) -> None:
    """Its loop began when it was written to by letter; since then it has an API, and its account is gone."""
    nowhere = "amqp://guest:guest@127.0.0.1:1/"
    settings = {"master_key": new_master_key(), "broker_url": nowhere, "account": str(uuid4())}
    hub = build(load_settings({}, database_url=f"sqlite:///{tmp_path / 'hub.sqlite3'}", **settings), registry=REGISTRY)
    hub.store.migrate()
    before = replace(PUSHED, delivery="amqp", account=str(uuid4()), settings={"url": api.url})
    line, now = hub.deliver_turn(before), replace(PUSHED, settings={"url": api.url})
    plans = settle(hub, [SCHOOL, now], 2)
    hub.reception.accept([arrival(name, 1) for name in plans])
    line.deliver(now, [each.id for each in hub.updates.run(list(plans.values()))])
    hub.close()

    assert sorted(told(body) for _, body in api.calls) == [("child-0", 1), ("child-1", 1)]


def test_a_system_that_has_begun_to_fetch_is_called_no_more(place: Place) -> None:
    """The ticket was written when it was pushed to; the delivery waits in its mailbox now."""
    place.say("child-0")
    place.update()
    fetching = replace(place.pushed, delivery="mailbox")
    with place.hub.store.begin() as work:
        work.directory.put([fetching])
    place.line.turn(place.broker, fetching, 64, 0)
    parcels = place.hub.mailbox.fetch(fetching, 10)

    assert place.api.calls == []
    assert [told(each.body) for each in parcels] == [("child-0", 1)]


def test_a_queue_that_nobody_empties_does_not_grow_by_all_that_is_open_at_each_sweep(place: Place) -> None:
    """No `deliver` worker is at work for an hour: when one is, it has not thousands of tickets to wade through."""
    place.say(*place.plans)
    place.update()
    for _ in range(720):
        place.clock.go_on(seconds=5)
        place.sweep()
    tickets = place.broker.take(deliver_queue(PUSHED.id), 10_000, 0)

    assert {each.id for each in tickets} == {row.id for name in place.plans for row in place.rows(name)}
    assert len(tickets) < 20 * len(place.plans)
