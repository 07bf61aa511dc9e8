"""What whoever reported is told of it: a word that child welfare chose of a list, by the reporter's own door."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from hub.broker import fiks
from hub.broker.front import CHILD_KEY, CLAIMS, RECEIVER
from hub.errors import UnusableError
from hub.model.envelope import FEEDBACK
from hub.model.service import System
from hub.sdk import Posted, load_schema
from hub.sdk.directed import INFO, REPORT
from tests.conftest import StandingClock
from tests.journeys.post import Line
from tests.journeys.systems import HOME, SYSTEMS
from tests.journeys.test_citizen_log import told as log_told
from tests.journeys.test_directed import DUTY, EDUCATION, NUMBER, report
from tests.journeys.test_reported import NURSERY, WELFARE, answer, taken_in, tasks
from tests.journeys.town import Town
from tests.journeys.world import World

SCHEMA = Draft202012Validator(load_schema("hub.broker", "tilbakemelding.schema.json").schema)


def heard(world: World, system: System = NURSERY) -> list[dict[str, Any]]:
    """What its mailbox says of its reports, acknowledged."""
    parcels = world.hub.mailbox.feedback(system, 50)
    world.hub.mailbox.acknowledge(system, {each.id: Posted("delivered") for each in parcels})
    return [orjson.loads(each.body) for each in parcels]


def test_who_reported_is_told_a_word_of_the_list_and_nobody_else_is(world: World) -> None:
    child = world.at_table("nora", *SYSTEMS.values(), number=NUMBER)
    id = taken_in(world)
    answer(world, "weigh_report", "close")
    before = heard(world)

    answer(world, "answer_reporter", "no_investigation")
    answers = heard(world)
    with world.hub.store.begin() as work:
        rows = [row for row in work.decisions.of(HOME, answers[0]["part"]) if row.receiver == NURSERY.id]

    assert before == []
    assert [(each["message"], each["told"], set(each)) for each in answers] == [
        (id, "no_investigation", {"message", "part", "told"})
    ]
    assert not [fault for each in answers for fault in SCHEMA.iter_errors(each)]
    assert [heard(world, each) for each in SYSTEMS.values()] == [[]] * len(SYSTEMS)
    assert all(world.fetch(each) == [] for each in SYSTEMS.values())
    assert tasks(world) == log_told(world, child) == log_told(world, child, "child") == []
    assert [(row.stage, row.outcome, b"DUT-07" in row.record) for row in rows] == [("dispatch", "forward", True)]


def test_an_answer_is_decided_when_it_leaves_and_counted_once(world: World) -> None:
    world.at_table("nora", *SYSTEMS.values(), number=NUMBER)
    taken_in(world)
    answer(world, "answer_reporter", "no_investigation")
    (first,), (again,) = world.hub.mailbox.feedback(NURSERY, 50), world.hub.mailbox.feedback(NURSERY, 50)

    heard(world)

    assert (first.id, first.body) == (again.id, again.body)
    assert first.kind == FEEDBACK
    assert world.hub.mailbox.answers(NURSERY, 50) == world.fetch(NURSERY) == []
    assert world.ledgers() == ({"passed": 1}, {"delivered": 2})


def test_an_investigation_is_answered_again_when_it_is_over(world: World) -> None:
    taken_in(world)
    answer(world, "answer_reporter", "investigation")
    (told,) = heard(world)
    (again,) = [each for each in tasks(world) if each.kind == "answer_reporter_again"]

    answer(world, "answer_reporter_again", "closed")

    assert told["told"] == "investigation"
    assert again.due_at == datetime(2026, 12, 7, 23, 0, tzinfo=UTC)
    assert [each["told"] for each in heard(world)] == ["closed"]
    assert [each.kind for each in tasks(world)] == ["weigh_report"]


def test_without_an_investigation_one_answer_is_enough(world: World) -> None:
    taken_in(world)

    answer(world, "answer_reporter", "no_investigation")

    assert [each.kind for each in tasks(world)] == ["weigh_report"]


def test_that_it_came_in_is_not_all_that_whoever_reported_is_told_in_time(world: World, clock: StandingClock) -> None:
    taken_in(world)
    due = [each.due_at for each in tasks(world)]
    clock.go_on(days=2)
    answer(world, "answer_reporter", "received")
    waits = tasks(world)
    clock.go_on(days=2)
    answer(world, "answer_reporter", "investigation")

    assert [each.due_at for each in waits] == due
    assert [each["told"] for each in heard(world)] == ["received", "investigation"]
    assert [each.kind for each in tasks(world)] == ["weigh_report", "answer_reporter_again"]


def test_what_is_no_word_of_the_list_is_told_nobody(world: World) -> None:
    taken_in(world)

    with pytest.raises(UnusableError, match="not an answer"):
        answer(world, "answer_reporter", "the-family-was-visited")

    assert heard(world) == []


def test_who_reported_a_child_with_a_strictly_confidential_address_is_answered_too(world: World) -> None:
    world.at_table("nora", NURSERY, WELFARE, number=NUMBER, protection="strictly_confidential")
    taken_in(world)

    answer(world, "answer_reporter", "received")

    assert [each["told"] for each in heard(world)] == ["received"]


def test_child_welfare_answers_and_a_kindergarten_hears_it_over_http(town: Town) -> None:
    head = {"Langbenk-Claims": orjson.dumps(DUTY).decode(), "Idempotency-Key": "our-own-7"}
    town.settled(NURSERY, town.post(NURSERY, orjson.dumps(report()), REPORT.name, headers=head))
    town.empty_mailbox(WELFARE)
    person = {"Langbenk-Person": "caseworker-1"}
    listed = town.call(WELFARE, "GET", "/v1/tasks", headers=person).json()
    (task,) = [each for each in listed if each["kind"] == "answer_reporter"]
    place = f"/v1/tasks/{task['id']}"
    said = {"person": "caseworker-1", "answer": "received"}
    elsewhere = town.call(NURSERY, "GET", place, headers=person).status_code
    answered = town.call(WELFARE, "POST", f"{place}/answer", json=said, headers={"If-Match": "*"})

    (told,) = town.call(NURSERY, "GET", "/v1/mailbox").json()["feedback"]
    same = town.call(NURSERY, "GET", "/v1/mailbox/feedback").json()
    town.call(NURSERY, "POST", "/v1/mailbox/acknowledgements", json=[{"id": told["id"], "status": "delivered"}])

    assert (elsewhere, answered.status_code) == (404, 200)
    assert (told["message"], told["told"], [each["id"] for each in same]) == ("our-own-7", "received", [told["id"]])
    assert town.call(NURSERY, "GET", "/v1/mailbox").json()["feedback"] == []


@pytest.mark.services
def test_over_amqp_the_answer_is_a_letter_that_answers_the_report(line: Line, clock: StandingClock) -> None:
    world, claims = line.world, orjson.dumps(DUTY).decode()
    named = {RECEIVER: "child_welfare", CHILD_KEY: "nora@kindergarten-1", CLAIMS: claims, fiks.CLIENT_MESSAGE: "b7f2"}
    custom = {name.removeprefix(fiks.CUSTOM): value for name, value in named.items()}
    line.nursery.send(INFO.name, orjson.dumps({"free_text": False, "parts": [EDUCATION]}), **custom)
    line.turn()
    received = line.nursery.get()
    world.take(WELFARE)
    answer(world, "answer_reporter", "received")
    clock.go_on(seconds=10)
    world.hub.sweep.turn(world.broker)
    world.work()

    letter = line.nursery.get()
    line.nursery.reply(letter, f"{FEEDBACK}.mottatt")
    line.turn()

    assert received.headers["type"] == f"{INFO.name}.mottatt"
    assert (letter.headers["type"], letter.headers["svar-til"]) == (FEEDBACK, "b7f2")
    assert (letter.document["told"], letter.document["message"]) == ("received", "b7f2")
    assert world.ledgers() == ({"passed": 1}, {"delivered": 2})
