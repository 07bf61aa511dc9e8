"""A sender at the AMQP door is told what came of a message to one receiver: that it was stopped, or not taken in."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from hub.model.envelope import MESSAGE_ANSWER
from hub.ops import set_aside
from hub.sdk import Posted
from hub.sdk.directed import INFO, REPORT
from tests.journeys.post import Line
from tests.journeys.systems import EVERYTHING, HOME, SYSTEMS
from tests.journeys.test_directed import DUTY, EDUCATION, ILLNESS, NUMBER, info, report
from tests.journeys.told_by_letter import NURSERY, SCHEMA, more

pytestmark = pytest.mark.services

CHILD_WELFARE = SYSTEMS["child_welfare"]
UNGROUNDED = {"person": "head-1", "duty": {"ground": "worry"}}


def sends(line: Line, claims: Any = DUTY) -> str:
    """The nursery's report is taken in; gives the number of its receipt."""
    line.nursery.send(REPORT.name, orjson.dumps(report()), grunnlag=orjson.dumps(claims).decode(), klientMeldingId="b7")
    line.turn()
    answer = line.nursery.get()
    assert answer.headers["type"] == f"{REPORT.name}.mottatt"
    return str(answer.document["receipt"])


def hears(line: Line) -> dict[str, Any]:
    """The next letter about its message; nothing of the report or its child is in it."""
    line.world.work()
    letter = line.nursery.get()
    assert (letter.headers["type"], letter.headers["svar-til"]) == (MESSAGE_ANSWER, "b7")
    SCHEMA.validate(letter.document)
    assert not [each for each in (NUMBER, "Nora", "Marks", "Hemmeligveien") if each in str(letter)]
    line.nursery.reply(letter, f"{MESSAGE_ANSWER}.mottatt")
    line.turn()
    return dict(letter.document)


def the_receipt(line: Line, id: str) -> tuple[str, str | None]:
    with line.world.hub.store.begin() as work:
        (part,) = work.ledger.of(HOME, id)
    return part.state, part.code


def test_a_report_without_a_ground_returns_at_once_with_the_grounds_there_are(line: Line) -> None:
    id = sends(line, UNGROUNDED)
    told = hears(line)

    assert (told["receipt"], told["state"], told["code"]) == (id, "passed", "no_ground")
    assert all("§ 13-2" in words for words in told["titles"].values())
    assert (the_receipt(line, id), more(line)) == (("passed", "no_ground"), 0)
    assert line.world.take(CHILD_WELFARE) == []


def test_it_is_told_once_and_by_a_decision_of_that_instant_also_of_a_child_the_hub_does_not_know(line: Line) -> None:
    id = sends(line, UNGROUNDED)
    hears(line)
    line.world.hub.sweep.turn(line.world.broker)
    line.world.work()

    with line.world.hub.store.begin() as work:
        (part,) = work.ledger.of(HOME, id)
        (row,) = [each for each in work.deliveries.of(HOME, part.id) if each.kind == MESSAGE_ANSWER]
        (decision,) = work.decisions.of(HOME, row.id)
    assert (part.child, row.state, more(line)) == (None, "delivered", 0)
    assert (decision.stage, decision.receiver) == ("dispatch", NURSERY.id)
    assert line.world.hub.replay.of(HOME, decision.id).in_the_chain


def test_a_report_that_its_receiver_refused_is_told_and_so_is_that_it_came_through_after_all(line: Line) -> None:
    sends(line)
    (row,) = line.world.fetch(CHILD_WELFARE)
    line.world.hub.mailbox.acknowledge(CHILD_WELFARE, {row.id: Posted("rejected", "unreadable")})
    line.world.clock.go_on(seconds=10)
    line.world.hub.sweep.turn(line.world.broker)
    refused = hears(line)

    (aside,) = line.world.aside()
    with line.world.hub.store.begin() as work:
        set_aside.replay(work, line.world.desk, aside.id)
    assert len(line.world.take(CHILD_WELFARE)) == 1
    line.world.clock.go_on(seconds=10)
    line.world.hub.sweep.turn(line.world.broker)
    came_through = hears(line)

    assert (refused["code"], "telephone" in refused["titles"]["en"]) == ("not_received", True)
    assert (came_through["state"], came_through.get("code")) == ("passed", None)
    assert more(line) == 0


def test_of_a_report_that_is_not_with_its_receiver_in_time_its_sender_hears_once_and_when_it_is(line: Line) -> None:
    sends(line)
    line.world.fetch(CHILD_WELFARE)
    in_time = line.world.hub.in_time.turn()
    line.world.clock.go_on(minutes=61)
    turns = [line.world.hub.in_time.turn(), line.world.hub.in_time.turn()]
    line.world.clock.go_on(seconds=10)
    line.world.hub.sweep.turn(line.world.broker)
    late = hears(line)
    line.world.take(CHILD_WELFARE)
    line.world.clock.go_on(seconds=10)
    line.world.hub.sweep.turn(line.world.broker)
    came_through = hears(line)

    assert (in_time, turns) == (0, [1, 0])
    assert (late["code"], came_through["state"], came_through.get("code")) == ("not_received", "passed", None)
    assert more(line) == 0


def tells_the_school(line: Line, *, free_text: bool) -> None:
    """An info message about Ola, of whom the school may know all but his health."""
    body = {**info(EDUCATION, ILLNESS), "subject": {"kind": "own", "key": "ola@kindergarten-1"}, "free_text": free_text}
    named = {"mottakende_tjeneste": "school", "barnets_noekkel": "ola@kindergarten-1", "klientMeldingId": "b7"}
    line.nursery.send(INFO.name, orjson.dumps(body), **named)
    line.turn()
    assert line.nursery.get().headers["type"] == f"{INFO.name}.mottatt"


@pytest.fixture
def ola(line: Line) -> list[str]:
    """His parents agree to all but his health; their records."""
    child = line.world.at_table("ola", NURSERY, SYSTEMS["school"], consent=False)
    return line.world.consent(child, "ola", "mother", "father", categories=EVERYTHING - {"health"})


def test_what_is_stopped_as_it_is_to_leave_is_told_without_the_reason(line: Line, ola: list[str]) -> None:
    tells_the_school(line, free_text=False)
    line.world.withdraw(*ola)
    assert line.world.take(SYSTEMS["school"]) == []
    line.world.clock.go_on(seconds=10)
    line.world.hub.sweep.turn(line.world.broker)

    told = hears(line)

    assert (told["state"], told["code"], more(line)) == ("passed", "not_passed_on", 0)


def test_what_a_person_refused_to_send_is_told(line: Line, ola: list[str]) -> None:
    tells_the_school(line, free_text=True)
    with line.world.hub.store.begin() as work:
        waiting = list(work.holds.open(HOME))
    line.world.refuse(*waiting)

    told = hears(line)

    assert (len(waiting), told["code"], more(line)) == (1, "not_passed_on", 0)


def test_one_that_is_taken_in_is_told_no_more_of(line: Line) -> None:
    sends(line)
    line.world.take(CHILD_WELFARE)
    line.world.hub.sweep.turn(line.world.broker)
    line.world.work()

    assert line.nursery.waits() == 0
