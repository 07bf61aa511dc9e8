"""Whoever proposed an edit is told what became of it: once a decision, by its own door, as much as it may know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from hub.model.envelope import PROPOSAL_ANSWER
from hub.model.responsibility import Responsibility
from hub.ops import proposals
from hub.ops.closing import close
from hub.ops.holds import Judgement
from hub.ports import Proposal
from hub.routing.settle import LEADS_NOW
from hub.sdk import Posted, load_schema
from hub.security.tokens import WRITE
from tests.journeys.offices import act, open_offices
from tests.journeys.systems import HOME, SYSTEMS, measure, nursery_plan, support_plan
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.town import Town
from tests.journeys.world import World

SCHOOL, NURSERY, HEALTH = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["health"]
NURSERY_LEADS = Responsibility(child_coordinator="kindergarten")
SCHEMA = Draft202012Validator(load_schema("hub.broker", "forslagssvar.schema.json").schema)
PLAY, LATER = "Play with the big ones", "Play in the afternoon"
LEAD = "nursery-1"
WHY = "talked it over with the parents"


def proposes(world: World, id: str = "letter-1", correlation: str = "dialogue-1") -> Proposal:
    """The school writes on the kindergarten's measure, which its own plan has come with."""
    open_offices(world)
    world.at_table("nora", SCHOOL, NURSERY, HEALTH, responsibility=NURSERY_LEADS)
    mine = {**measure("k1", PLAY, text="in the yard"), "due": "2026-12-01"}
    world.tell(NURSERY, nursery_plan("nora@kindergarten-1", measures=[mine]))
    (document,) = world.take(SCHOOL)
    edited = {**document, "measures": [{**each, "title": LATER} for each in document["measures"]]}
    world.tell(SCHOOL, edited, id=id, correlation_id=correlation)
    (waiting,) = world.proposals("nora")
    return waiting


def decides(world: World, proposal: Proposal, how: str, **content: Any) -> None:
    judgement = Judgement(LEAD, WHY)
    with world.hub.store.begin() as work:
        if how == "countered":
            proposals.counter_proposal(work, world.desk, proposal.id, judgement, content)
        else:
            proposals.decide_proposal(work, world.desk, proposal.id, judgement, accepted=how == "accepted")
    if world.alive:
        world.hub.settle(proposal)
    world.work()


def told(world: World, system: Any = SCHOOL) -> list[Any]:
    """What its mailbox says of its proposals, each as the schema has it."""
    found = [orjson.loads(parcel.body) for parcel in world.hub.mailbox.answers(system, 50)]
    for each in found:
        SCHEMA.validate(each)
    return found


@pytest.mark.parametrize("how", ["accepted", "declined"])
def test_whoever_proposed_is_told_once_how_it_was_decided_and_why(world: World, how: str) -> None:
    proposal = proposes(world)
    before = sum(world.ledgers()[1].values())
    assert told(world) == []

    decides(world, proposal, how)

    (parcel,) = world.hub.mailbox.answers(SCHOOL, 50)
    (again,) = world.hub.mailbox.answers(SCHOOL, 50)
    said = orjson.loads(parcel.body)
    assert (said["proposal"], said["message"], said["part"]) == (proposal.id, "letter-1", proposal.part)
    assert (said["state"], said["reason"], said["kind"]) == (how, WHY, "measure")
    assert (parcel.id, parcel.correlation_id, again) == (
        again.id,
        "dialogue-1",
        replace(parcel, expires_at=again.expires_at),
    )
    world.hub.mailbox.acknowledge(SCHOOL, {parcel.id: Posted("delivered")})
    world.take(SCHOOL)
    assert (told(world), world.hub.mailbox.acknowledge(SCHOOL, {parcel.id: Posted("delivered")})) == ([], [parcel.id])
    assert ledger(world) == ["delivered"]
    assert sum(world.ledgers()[1].values()) > before


def ledger(world: World, system: Any = SCHOOL) -> list[str]:
    """How the rows of the second ledger stand that tell of proposals."""
    with world.hub.store.begin() as work:
        parts = [each.part for each in work.proposals.of(HOME, world.plans["nora"])]
        rows = {row.id: row for part in parts for row in work.deliveries.of(HOME, part) if row.kind == PROPOSAL_ANSWER}
    return [row.state for row in rows.values() if row.system == system.id]


def test_what_is_proposed_in_return_comes_along_and_nothing_else_of_the_element(world: World) -> None:
    proposal = proposes(world)

    decides(world, proposal, "countered", title="Play after lunch")

    (said,) = told(world)
    (counter,) = world.proposals("nora")
    assert said["counter"] == {"proposal": counter.id, "content": {"title": "Play after lunch"}}
    assert said["state"] == "countered"
    with world.hub.store.begin() as work:
        desk = replace(world.desk, actor=SCHOOL.id)
        row = proposals.answer_counter(work, desk, counter.id, Judgement("teacher-1", "fine"), accepted=True)
    world.hub.settle(row)
    assert {each["proposal"]: each["state"] for each in told(world)} == {
        proposal.id: "countered",
        counter.id: "accepted",
    }
    assert world.titles("nora", "measure") == {"Play after lunch"}


def test_nobody_else_is_told(world: World) -> None:
    decides(world, proposes(world), "accepted")

    assert (told(world, NURSERY), told(world, HEALTH)) == ([], [])
    assert [ledger(world, each) for each in (NURSERY, HEALTH)] == [[], []]


def test_an_edit_that_enters_since_its_proposer_now_coordinates_is_told_too(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, responsibility=Responsibility())
    goal = {"id": "g1", "title": "Sits through a lesson", "status": "active"}
    world.tell(SCHOOL, support_plan("nora@school-1", goals=[goal]))

    world.facts(child, responsibility=Responsibility(coordinator="school"))
    world.work()

    assert [(each["state"], each["reason"], each["key"]) for each in told(world)] == [("accepted", LEADS_NOW, "g1")]
    assert world.titles("nora", "goal") == {"Sits through a lesson"}


@pytest.mark.parametrize("how", ["accepted", "declined", "countered"])
def test_who_may_no_longer_see_the_element_learns_the_outcome_without_a_word_of_it(world: World, how: str) -> None:
    proposal = proposes(world)
    content = {"title": "Play after lunch"} if how == "countered" else {}
    world.alive = False
    decides(world, proposal, how, **content)
    child = world.plan("nora").child
    with world.hub.store.begin() as work:
        given = [each.id for each in work.consents.of(child)]
    world.withdraw(*given)
    world.sweep()

    (said,) = told(world)

    assert (said["proposal"], said["state"]) == (proposal.id, how)
    assert said.keys() <= {"proposal", "message", "part", "state", "counter"}
    assert "content" not in said.get("counter", {})
    assert WHY not in str(said)
    assert "Play" not in str(said)


def test_a_closed_plan_tells_that_what_waited_was_declined_and_a_death_tells_nothing(world: World) -> None:
    proposes(world)
    act(world, "nora", LEAD, lambda one: close(one, "no_need"))

    (said,) = told(world)

    assert said.keys() == {"proposal", "message", "part", "state"}
    assert said["state"] == "declined"


def test_where_nobody_is_sent_anything_because_of_a_death_no_answer_is(world: World) -> None:
    proposes(world)
    act(world, "nora", LEAD, lambda one: close(one, "deceased"))

    assert (told(world), ledger(world)) == ([], ["denied"])


def test_what_a_person_released_in_part_is_not_told_whole_by_a_counter_proposal(world: World) -> None:
    """What the counter leaves as it was is not repeated: the proposer may never have been shown it."""
    proposal = proposes(world)
    decides(world, proposal, "countered", status="planned")

    (said,) = told(world)

    assert said["counter"]["content"] == {"status": "planned"}
    assert "yard" not in str(said)


def test_what_nobody_lived_to_tell_the_sweep_tells_once(world: World) -> None:
    proposal = proposes(world)
    world.alive = False
    decides(world, proposal, "declined")
    assert (told(world), ledger(world)) == ([], [])

    for _ in range(3):
        world.sweep()
        world.hub.settle(proposal)

    assert [each["state"] for each in told(world)] == ["declined"]
    assert ledger(world) == ["sending"]


def test_an_answer_that_is_never_fetched_ends_expired_and_stands_in_the_receipt_still(world: World) -> None:
    decides(world, proposes(world), "declined")

    world.clock.go_on(days=8)
    world.hub.sweep.expire()

    assert (told(world), ledger(world)) == ([], ["expired"])


def test_it_stands_in_the_mailbox_over_http_and_is_acknowledged_there(town: Town) -> None:
    town.world.register(CONTROL)
    proposal = proposes(town.world)
    path, seen = f"/v1/proposals/{proposal.id}/decline", {"If-Match": "*"}
    decided = {"person": LEAD, "reason": WHY}
    town.call(CONTROL, "POST", path, json=decided, headers=seen)

    (said,) = town.call(SCHOOL, "GET", "/v1/mailbox").json()["proposals"]
    answered = [{"id": said["id"], "status": "delivered"}]
    acknowledged = town.call(SCHOOL, "POST", "/v1/mailbox/acknowledgements", json=answered).json()

    assert (said["message"], said["correlationId"], said["state"]) == ("letter-1", "dialogue-1", "declined")
    assert (said["reason"], "counter" in said) == (WHY, False)
    assert acknowledged == {"acknowledged": 1, "unknown": []}
    assert town.call(SCHOOL, "GET", "/v1/mailbox").json()["proposals"] == []
    assert town.call(NURSERY, "GET", "/v1/mailbox").json()["proposals"] == []


@pytest.mark.parametrize(("scopes", "rows"), [(SCHOOL.scopes, ["sending"]), (frozenset({WRITE}), [])])
def test_a_system_that_is_pushed_to_fetches_its_answer_if_it_may_fetch_and_else_reads_its_receipt(
    town: Town, scopes: frozenset[str], rows: list[str]
) -> None:
    world = town.world
    proposal = proposes(world)
    world.register(replace(SCHOOL, delivery="push", scopes=scopes))
    decides(world, proposal, "declined")
    world.hub.sweep.turn(world.broker)
    world.work()

    answer = town.call(replace(SCHOOL, scopes=scopes), "GET", "/v1/mailbox/proposals")

    assert (answer.status_code == 200) == bool(rows)
    assert ledger(world) == rows
    if rows:
        assert [each["state"] for each in answer.json()] == ["declined"]
