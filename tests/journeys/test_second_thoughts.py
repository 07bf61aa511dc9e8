"""What a dispatch finds anew: a hold that comes late, a refusal that stands, a fault that must be seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from adapters.school import School
from hub.errors import UnusableError
from hub.model.envelope import Arrival, Receipt
from hub.ops.set_aside import replay
from hub.ports import AsideRow, Ticket
from hub.registry import Listed, Registry
from hub.routing.order import LIFETIME
from hub.routing.queues import INTAKE, deliver_queue
from hub.routing.receive import Reception
from hub.sdk.directed import INFO
from tests.conftest import StandingClock
from tests.journeys.systems import SYSTEMS, measure, nursery_plan, support_plan
from tests.journeys.test_directed import EDUCATION, info
from tests.journeys.world import World

NURSERY, SCHOOL, HEALTH = SYSTEMS["kindergarten"], SYSTEMS["school"], SYSTEMS["health"]


def plan_of(pupil: str, *measures: dict[str, Any]) -> dict[str, Any]:
    return support_plan(f"{pupil}@school-1", status="active", measures=list(measures))


def test_a_directed_message_that_is_held_only_at_its_dispatch_waits_for_a_human(world: World) -> None:
    child = world.at_table("nora", NURSERY, SCHOOL)
    world.tell(NURSERY, {**info(EDUCATION), "free_text": True}, INFO.name, receiver="school")

    world.facts(child, protection="strictly_confidential")

    assert world.take(SCHOOL) == []
    assert world.ledgers() == ({"passed": 1}, {"held": 1})
    with world.hub.store.begin() as work:
        (hold,) = work.holds.open("9999")
    world.release(hold)
    assert len(world.take(SCHOOL)) == 1


def test_a_refused_hold_is_not_asked_again_with_every_new_message(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY, protection="strictly_confidential")
    secret = {**measure("m1", "Talks"), "text": "with Siri in the green house"}
    world.tell(SCHOOL, plan_of("nora", secret, measure("m2", "Quiet start")))
    world.take(NURSERY)
    world.refuse(*world.holds("nora"))

    world.tell(SCHOOL, plan_of("nora", secret, measure("m2", "Quiet end")))
    world.take(NURSERY)

    assert world.holds("nora") == []


def test_what_is_set_aside_at_its_dispatch_can_be_seen_and_replayed(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    world.tell(SCHOOL, plan_of("nora", measure("m1", "Quiet start")))
    world.register(replace(NURSERY, document="no.such.v1.kind"))

    assert world.take(NURSERY) == []
    assert [row.subject for row in world.aside()] == ["delivery"]


def test_what_is_replayed_has_a_whole_lifetime_again(world: World, clock: StandingClock) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    world.tell(SCHOOL, plan_of("nora", measure("m1", "Quiet start")))
    world.register(replace(NURSERY, document="no.such.v1.kind"))
    world.fetch(NURSERY)
    (aside,) = world.aside()
    clock.go_on(days=30)
    world.register(NURSERY)

    with world.hub.store.begin() as work:
        replay(work, world.desk, aside.id)
    world.hub.sweep.expire()
    (parcel,) = world.fetch(NURSERY)

    assert parcel.expires_at == clock.now() + LIFETIME
    assert world.ledgers()[1] == {"sending": 1}


def test_a_mailbox_that_never_acknowledges_sees_what_is_new_and_what_it_left(
    world: World, clock: StandingClock
) -> None:
    names = ["nora", "odin", "pia"]
    fetched = []
    for name in names:
        world.at_table(name, SCHOOL, NURSERY)
        world.tell(SCHOOL, plan_of(name, measure("m1", f"Quiet start for {name}")))
        clock.go_on(seconds=1)
    for _ in range(4):
        (parcel,) = world.fetch(NURSERY, limit=1)
        fetched.append(next(name for name in names if f"Quiet start for {name}".encode() in parcel.body))
        clock.go_on(seconds=1)

    assert fetched == ["nora", "odin", "pia", "nora"]
    assert world.ledgers()[1] == {"sending": 3}


def test_a_system_that_is_pushed_to_and_registered_for_no_plan_gets_its_directed_messages(world: World) -> None:
    away = replace(HEALTH, delivery="push", document="", settings={"url": "http://127.0.0.1:9"})
    world.register(away)
    child = world.child("nora")
    world.seat("nora", NURSERY, "nora@kindergarten-1")
    world.consent(child, "nora", "mother", "father")

    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="municipal_health")

    assert world.ledgers()[1].keys() <= {"sending", "rejected"}


def test_a_hold_lapses_when_its_element_changes(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY, protection="strictly_confidential")
    world.tell(SCHOOL, plan_of("nora", {**measure("m1", "Talks"), "text": "with Siri"}))
    (before,) = world.holds("nora")

    world.tell(SCHOOL, plan_of("nora", {**measure("m1", "Talks"), "text": "with Aud"}))

    (now,) = world.holds("nora")
    assert now.id != before.id
    assert world.ledgers()[1] == {"superseded": 1, "held": 1}
    world.refuse(now)
    assert world.ledgers()[1] == {"superseded": 1, "denied": 1}


def test_a_hold_lapses_when_its_element_goes_without_an_answer(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, protection="strictly_confidential")
    world.tell(SCHOOL, plan_of("nora", {**measure("m1", "Talks"), "text": "with Siri"}))

    world.facts(child, protection="none")

    assert world.holds("nora") == []
    assert "with Siri" in str(world.take(NURSERY))
    assert world.ledgers()[1] == {"superseded": 1, "delivered": 1}


def test_a_message_about_an_unknown_child_goes_when_a_human_releases_it(world: World) -> None:
    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="school")
    assert world.take(SCHOOL) == []
    with world.hub.store.begin() as work:
        (hold,) = work.holds.open("9999")

    world.release(hold)

    assert len(world.take(SCHOOL)) == 1
    assert world.ledgers() == ({"passed": 1}, {"delivered": 1})


def test_a_message_that_was_long_held_has_a_whole_lifetime_once_it_is_released(
    world: World, clock: StandingClock
) -> None:
    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="school")
    with world.hub.store.begin() as work:
        (hold,) = work.holds.open("9999")
    clock.go_on(days=30)

    world.release(hold)
    world.hub.sweep.expire()

    assert len(world.take(SCHOOL)) == 1


def test_what_facts_open_later_carries_no_word_of_a_message_that_was_withheld(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.tell(SCHOOL, plan_of("nora", measure("m1", "Quiet start")), correlation_id="case-of-the-school")

    world.consent(child, "nora", "mother", "father")

    assert [parcel.correlation_id for parcel in world.fetch(NURSERY)] == [None]


def test_a_part_that_a_later_document_has_overtaken_is_not_replayed(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    world.send(SCHOOL, plan_of("nora", measure("m1", "Quiet start")))
    with world.hub.store.begin() as work:
        (part,) = work.ledger.of("9999", world.plans["nora"])
        work.ledger.end([part._replace(state="set_aside", code="internal_error")])
        work.set_aside.add([AsideRow("a-1", "9999", "part", part.id, "internal_error", None, world.hub.clock.now())])
    world.tell(SCHOOL, plan_of("nora", measure("m1", "Quiet end")))

    with pytest.raises(UnusableError, match="a later document"), world.hub.store.begin() as work:
        replay(work, world.desk, "a-1")


def test_a_ticket_the_broker_gave_up_on_is_seen_by_the_municipality_it_concerns(embedded: World) -> None:
    embedded.at_table("nora", SCHOOL, NURSERY)
    given_up = {INTAKE: embedded.plans["nora"], deliver_queue(NURSERY.id): "a delivery"}
    embedded.broker.publish([Ticket(f"{queue}.aside", id) for queue, id in given_up.items()])

    embedded.hub.sweep.collect_dead(embedded.broker, given_up)

    assert {row.subject_id for row in embedded.aside()} == set(given_up.values())


def test_a_message_id_used_again_for_another_receiver_is_no_retry(world: World) -> None:
    world.send(NURSERY, info(EDUCATION), INFO.name, receiver="school", id="m-1")

    again = world.send(NURSERY, info(EDUCATION), INFO.name, receiver="municipal_health", id="m-1")

    assert isinstance(again, UnusableError) and again.code == "idempotency_conflict"


class Clumsy:
    """An adapter whose vendor did not think of this document."""

    manifest = School.manifest

    def read(self, raw: bytes, kind: str) -> Any:
        raise KeyError("Ingrid Hemmelig")

    def write(self, document: Any, kind: str) -> bytes:
        return b""


def test_an_adapters_fault_at_the_door_costs_no_other_message(world: World) -> None:
    hub = world.hub
    usable = [each for each in hub.registry.adapters() if each.name != "school"]
    catalogue = Registry([*usable, Listed("school", Clumsy())])
    door = Reception(hub.store, hub.keys, hub.clock, catalogue, lambda *_: None, lambda _: None, hub.watch)
    world.at_table("nora", SCHOOL, NURSERY)
    good = nursery_plan("nora@kindergarten-1", measures=[measure("m1", "Quiet start")])
    arrivals = [
        Arrival(each.id, each.municipality, "m-1", each.document, orjson.dumps(body))
        for each, body in ((SCHOOL, plan_of("nora")), (NURSERY, good))
    ]

    clumsy, whole = door.accept(arrivals)

    assert isinstance(clumsy, Receipt) and isinstance(whole, Receipt)
    assert [(part.state, part.code) for part in clumsy.parts] == [("refused", "adapter_broken")]
    assert [part.state for part in whole.parts] == ["pending"]
