"""A person who must decide asks whoever sent it: by the sender's own door, answered there once, heard at the hold."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator
from jsonschema import FormatChecker as Formats

from hub.broker.asking import ANSWER, QUESTION
from hub.errors import UnusableError
from hub.ops import hold_talk, questions
from hub.ops.backlog import backlog
from hub.ports import Hold
from hub.sdk import load_schema
from tests.journeys.post import PLAN, Got, Line
from tests.journeys.systems import EVERYTHING, HOME, measure, support_plan
from tests.journeys.waiting import NURSERY, ONE, SCHOOL, in_doubt, now, people, says, shown
from tests.journeys.world import World

WORDS = "does the text name anybody else?"


def asked(world: World, hold: Hold) -> None:
    with world.hub.store.begin() as work:
        hold_talk.ask_sender(work, world.desk, hold.id, ONE, WORDS)


def waiting(world: World) -> tuple[int, dict[str, float]]:
    with world.hub.store.begin() as work:
        found = backlog(work, HOME, world.hub.clock.now())
    return found.questions, dict(found.oldest_seconds)


def doings(world: World, hold: Hold) -> list[str]:
    with world.hub.store.begin() as work:
        return [each.action for each in work.moves.of(HOME, hold.id)]


def test_questions_without_an_answer_are_counted_with_their_age(world: World) -> None:
    people(world)
    hold = in_doubt(world)
    asked(world, hold)
    world.clock.go_on(minutes=5)

    count, ages = waiting(world)
    assert (count, ages["questions"]) == (1, 300)
    assert "langbenk_question_open 1.0" in world.hub.metrics_text()

    with world.hub.store.begin() as work:
        (question,) = questions.of_system(work, SCHOOL)
        questions.answer(work, world.desk, question, "no, it is her bear")
    assert waiting(world)[0] == 0


def test_only_the_system_that_was_asked_has_the_question(world: World) -> None:
    people(world)
    asked(world, in_doubt(world))

    with world.hub.store.begin() as work:
        (question,) = questions.of_system(work, SCHOOL)
        assert questions.of_system(work, NURSERY) == []
        assert questions.find(work, SCHOOL, questions.question_id(question)) == question
        with pytest.raises(UnusableError, match="no such question"):
            questions.find(work, NURSERY, questions.question_id(question))


def test_a_question_has_one_answer_and_none_once_the_hold_is_decided(world: World) -> None:
    people(world)
    hold = in_doubt(world)
    asked(world, hold)
    asked(world, hold)
    with world.hub.store.begin() as work:
        first, second = questions.of_system(work, SCHOOL)
        for _ in range(2):
            questions.answer(work, world.desk, first, "no")
        with pytest.raises(UnusableError, match="another answer"):
            questions.answer(work, world.desk, first, "yes")
    for person in (ONE, "coordinator-8"):
        says(world, hold, person)

    with world.hub.store.begin() as work, pytest.raises(UnusableError, match="it is released"):
        questions.answer(work, world.desk, second, "no")
    assert waiting(world)[0] == 0


def in_doubt_over_amqp(line: Line) -> Hold:
    """The school's measure waits towards the kindergarten: free text, of which something has no consent."""
    world = line.world
    people(world)
    child = world.at_table("emil", SCHOOL, NURSERY, consent=False)
    world.consent(child, "emil", "mother", "father", categories=EVERYTHING - {"sped"})
    alone = measure("m1", "Reading alone", topic="special_education", text="with Siri")
    document = support_plan("emil@school-1", measures=[alone])
    line.school.send(PLAN, orjson.dumps(document), klientMeldingId="b7f2", klientKorrelasjonsId="dialogue-1")
    line.turn()
    assert line.school.get().headers["type"] == f"{PLAN}.mottatt"
    (hold,) = world.holds("emil")
    return hold


def put(line: Line, hold: Hold) -> Got:
    asked(line.world, hold)
    line.front.turn(10, 0)
    return line.school.get()


def says_back(line: Line, question: Got, said: dict[str, Any]) -> Got:
    line.school.reply(question, ANSWER, orjson.dumps(said))
    line.turn()
    return line.school.get()


@pytest.mark.services
def test_a_sender_at_the_amqp_door_is_asked_by_a_letter_and_answers_by_one(line: Line) -> None:
    hold = in_doubt_over_amqp(line)

    question = put(line, hold)

    schema = load_schema("hub.broker", "spoersmaal.schema.json").schema
    Draft202012Validator(schema, format_checker=Formats()).validate(question.document)
    assert (question.headers["type"], question.headers["svar-til"]) == (QUESTION, "b7f2")
    assert question.headers["svar-til-type"] == PLAN
    assert question.headers["egendefinert-header.klientKorrelasjonsId"] == "dialogue-1"
    assert (question.document["message"], question.document["text"]) == ("b7f2", WORDS)
    assert b"Siri" not in question.body and b"sped" not in question.body
    line.front.turn(10, 0)
    assert line.school.waits() == 0

    told = {"question": question.document["question"], "answer": "no, it is her bear", "person": "teacher-7"}
    for _ in range(2):
        assert says_back(line, question, told).headers["type"] == f"{ANSWER}.mottatt"

    assert doings(line.world, hold) == ["asked_sender", "told_sender", "answered"]
    assert now(line.world, hold).state == "open"
    assert "no, it is her bear" in str(shown(line.world, hold, ONE))


@pytest.mark.services
def test_an_answer_that_cannot_be_used_says_where_and_changes_nothing(line: Line) -> None:
    hold = in_doubt_over_amqp(line)
    question = put(line, hold)
    id = question.document["question"]

    faulty = says_back(line, question, {"question": id, "answer": ""})
    unknown = says_back(line, question, {"question": f"{id}9", "answer": "no"})
    line.nursery.reply(question, ANSWER, orjson.dumps({"question": id, "answer": "no"}))
    line.turn()
    stranger = line.nursery.get()
    assert says_back(line, question, {"question": id, "answer": "no"}).headers["type"] == f"{ANSWER}.mottatt"
    other = says_back(line, question, {"question": id, "answer": "yes"})

    fault = "no.langbenk.hub.v1.feilmelding"
    assert faulty.headers["type"] == other.headers["type"] == f"{fault}.ugyldigforespoersel"
    assert unknown.headers["type"] == stranger.headers["type"] == f"{fault}.ikkefunnet"
    assert "$.answer" in faulty.document["feilmelding"]
    assert other.document["feilmelding"].startswith("already_answered")
    assert doings(line.world, hold) == ["asked_sender", "told_sender", "answered"]
