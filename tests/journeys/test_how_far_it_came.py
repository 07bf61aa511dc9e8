"""A sender reads in its receipt how far what it said came, towards each receiver that it may know of, and never why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest

from hub.model.envelope import Receipt
from hub.model.service import System
from hub.ops.followed import followed
from hub.sdk import Posted
from hub.sdk.directed import INFO, REPORT
from tests.journeys.systems import EVERYTHING, SYSTEMS, measure, nursery_plan, support_plan
from tests.journeys.test_directed import DUTY, EDUCATION, report
from tests.journeys.town import Town
from tests.journeys.waiting import people, says
from tests.journeys.world import World

SCHOOL, NURSERY, WELFARE = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["child_welfare"]
FREE = measure("m1", "Reading alone", topic="special_education", text="with Siri")


def say(world: World, *measures: dict[str, Any], name: str = "nora") -> Receipt:
    return world.tell(SCHOOL, support_plan(f"{name}@school-1", measures=list(measures)))


def came(world: World, receipt: Receipt, sender: System = SCHOOL) -> list[tuple[str, str, int]]:
    """Receiver, status and what of it waits for a person."""
    with world.hub.store.begin() as work:
        found = followed(work, sender, receipt.id, world.hub.clock.now(), timedelta(days=3_650))
    assert {each.part for each in found} <= {part.part for part in receipt.parts}
    return [(each.receiver, each.status, each.open_holds) for each in found]


def test_what_was_said_of_a_plan_is_on_its_way_until_its_receiver_has_it(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    receipt = say(world, measure("m1", "A quiet start"))
    before = came(world, receipt)
    world.fetch(NURSERY)
    fetched = came(world, receipt)

    world.take(NURSERY)

    assert before == fetched == [("kindergarten", "waiting", 0)]
    assert came(world, receipt) == [("kindergarten", "delivered", 0)]


def test_what_nobody_agreed_to_is_denied_and_what_is_in_doubt_is_held_until_it_goes(world: World) -> None:
    people(world)
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    denied = say(world, measure("m1", "Reading alone", topic="special_education"))
    world.at_table("ola", SCHOOL, NURSERY, consent=False)
    world.consent(world.plan("ola").child, "ola", "mother", "father", categories=EVERYTHING - {"sped"})
    held = say(world, FREE, name="ola")
    in_doubt = came(world, held)
    (hold,) = world.holds("ola")
    for person in ("coordinator-9", "coordinator-8"):
        says(world, hold, person)
    world.take(NURSERY)

    assert came(world, denied) == [("kindergarten", "denied", 0)]
    assert in_doubt == [("kindergarten", "held", 1)]
    assert came(world, held) == [("kindergarten", "delivered", 0)]
    world.consent(child, "nora", "mother", "father")
    assert came(world, denied) == [("kindergarten", "waiting", 0)]


def test_a_receiver_that_the_sender_may_not_know_of_leaves_no_trace_in_its_receipt(world: World) -> None:
    told = []
    for name, seated in (("nora", (SCHOOL, NURSERY)), ("ola", (SCHOOL, NURSERY, WELFARE))):
        child = world.at_table(name, *seated, consent=False)
        world.consent(child, name, "mother", "father", categories=EVERYTHING - {"care_situation"})
        told.append(came(world, say(world, measure("m1", "A quiet start"), name=name)))
        assert bool(world.take(WELFARE)) == (WELFARE in seated)

    assert told[0] == told[1] == [("kindergarten", "waiting", 0)]


def test_a_receiver_that_the_sender_may_know_of_is_named(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY, WELFARE)

    receipt = say(world, measure("m1", "A quiet start"))

    assert {receiver for receiver, _, _ in came(world, receipt)} == {"kindergarten", "child_welfare"}


def test_what_gave_way_to_a_newer_view_came_as_far_as_that_one(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    first = say(world, measure("m1", "A quiet start"))
    second = say(world, measure("m1", "A quieter start"))
    before = came(world, first), came(world, second)
    world.take(NURSERY)

    assert before == ([("kindergarten", "waiting", 0)], [("kindergarten", "waiting", 0)])
    assert came(world, first) == came(world, second) == [("kindergarten", "delivered", 0)]


def test_what_others_have_waiting_is_not_told_as_the_senders_own(world: World) -> None:
    """A consent lets the school's words wait towards child welfare; that is laid to what came last: somebody else's."""
    child = world.at_table("nora", SCHOOL, NURSERY, WELFARE, consent=False)
    say(world, FREE)
    mine = [measure("k1", "Alone with an adult", topic="special_education")]
    receipt = world.tell(NURSERY, nursery_plan("nora@kindergarten-1", measures=mine))

    world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"sped"})
    world.work()

    assert {(hold.receiver, hold.sender) for hold in world.holds("nora")} >= {(WELFARE.id, "school")}
    assert set(came(world, receipt, NURSERY)) == {("school", "denied", 0), ("child_welfare", "denied", 0)}


def test_a_refusal_by_a_receiver_did_not_reach_it_and_its_words_are_not_told(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    receipt = say(world, measure("m1", "A quiet start"))
    (parcel,) = world.fetch(NURSERY)

    world.hub.mailbox.acknowledge(NURSERY, {parcel.id: Posted("rejected", "unknown_child")})

    assert came(world, receipt) == [("kindergarten", "failed", 0)]


def info(world: World, receiver: str, *, free_text: bool = False, name: str = "nora") -> Receipt:
    said = {"subject": {"kind": "own", "key": f"{name}@kindergarten-1"}, "free_text": free_text, "parts": [EDUCATION]}
    return world.tell(NURSERY, said, INFO.name, receiver=receiver)


def test_a_directed_message_says_how_far_it_came_to_whom_it_names(world: World) -> None:
    world.at_table("nora", NURSERY, SCHOOL)
    world.at_table("ola", NURSERY, SCHOOL, consent=False)
    goes, denied = info(world, "school"), info(world, "school", name="ola")
    sent = world.tell(NURSERY, report(), REPORT.name, claims=DUTY)
    before = came(world, goes, NURSERY)
    for each in (SCHOOL, WELFARE):
        world.take(each)

    assert before == [("school", "waiting", 0)]
    assert came(world, goes, NURSERY) == [("school", "delivered", 0)]
    assert came(world, denied, NURSERY) == [("school", "denied", 0)]
    assert came(world, sent, NURSERY) == [("child_welfare", "delivered", 0)]


def test_the_sender_alone_reads_it_in_its_receipt(town: Town) -> None:
    town.world.at_table("nora", SCHOOL, NURSERY)
    body = support_plan("nora@school-1", measures=[measure("m1", "A quiet start")])
    sent = town.post(SCHOOL, orjson.dumps(body))
    town.settled(SCHOOL, sent)
    town.empty_mailbox(NURSERY)

    (told,) = town.call(SCHOOL, "GET", sent.headers["Location"]).json()["deliveries"]

    assert (told["receiver"], told["status"], told["open_holds"]) == ("kindergarten", "delivered", 0)
    assert set(told) == {"part", "receiver", "status", "open_holds"}
    assert town.call(NURSERY, "GET", sent.headers["Location"]).status_code == 404


@pytest.mark.parametrize("sender", [NURSERY, WELFARE])
def test_nobody_else_is_told_of_a_message(world: World, sender: System) -> None:
    world.at_table("nora", SCHOOL, NURSERY, WELFARE)

    assert came(world, say(world, measure("m1", "A quiet start")), sender) == []
