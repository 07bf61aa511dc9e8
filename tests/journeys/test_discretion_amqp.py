"""Marked children over AMQP: nothing of theirs in a header, a queue's name, a reply or a ticket between workers."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import orjson
import pika
import pytest

from hub.broker import fiks
from hub.broker.front import CHILD_KEY, CLAIMS, RECEIVER
from hub.ports import Ticket
from hub.routing.queues import DIRECTED, INTAKE, deliver_queue
from hub.sdk.directed import INFO, REPORT
from tests.journeys.marks import CHILD, MARKS, Heard
from tests.journeys.post import PLAN, Got, Line, Office
from tests.journeys.systems import HOME, SYSTEMS, measure, support_plan
from tests.journeys.test_directed import report

pytestmark = pytest.mark.services

SCHOOL, NURSERY, NAV = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["nav"]
KEY = MARKS["nursery's key"]
WORDS = f"{MARKS['own words']} og {MARKS['diagnosis']}"
DOCUMENT = support_plan(MARKS["school's key"], title=CHILD.name, measures=[measure("m1", WORDS, text=WORDS)])


@pytest.fixture
def heard(line: Line) -> Heard:
    """The child sits at the table under a marked key in every system, and its number is known."""
    line.world.at_table("marked", number=MARKS["number"])
    for each in SYSTEMS.values():
        key = MARKS["school's key"] if each == SCHOOL else f"{KEY}-{each.id}"
        line.world.seat("marked", each, key)
    return Heard()


def replies(line: Line, office: Office, heard: Heard) -> Iterator[Got]:
    """Everything that lies in the office's queue: headers and the bodies of answers are heard, documents are not."""
    while office.waits():
        got = office.get()
        heard.note("headers", repr(got.headers))
        if fiks.reply_kind(got.headers["type"]):
            heard.note(f"a reply of the type {got.headers['type']}", got.body)
        yield got


def test_a_marked_document_leaves_nothing_in_headers_tickets_or_the_answer(line: Line, heard: Heard) -> None:
    line.school.send(PLAN, orjson.dumps(DOCUMENT), klientKorrelasjonsId="dialogue-1")
    while not line.front.turn(10, 0.1):
        pass
    tickets: list[Ticket] = [*line.world.broker.take(INTAKE, 10, 5)]
    line.world.broker.settle(tickets, again=True)
    line.world.work()
    got = [each.headers["type"] for each in (*replies(line, line.school, heard), *replies(line, line.nursery, heard))]
    for each in tickets:
        heard.note("a ticket", f"{each.queue} {each.id} {each.traceparent} {each.tag}")

    assert tickets
    assert got == [f"{PLAN}.mottatt", NURSERY.document]
    assert heard.leaks() == []


def test_a_childs_key_in_a_header_goes_no_further_than_that_letter(line: Line, heard: Heard) -> None:
    """DigiSos names nobody: its convention is a header with the sender's own key. Nobody else is ever told it."""
    subject = {"free_text": True, "parts": [{"categories": ["education"], "text": WORDS}]}
    custom = {CHILD_KEY: MARKS["school's key"], RECEIVER: "kindergarten"}
    line.school.send(INFO.name, orjson.dumps(subject), **{k.removeprefix(fiks.CUSTOM): v for k, v in custom.items()})
    line.turn()
    got = [*replies(line, line.school, heard), *replies(line, line.nursery, heard)]

    assert [each.headers["type"] for each in got] == [f"{INFO.name}.mottatt", INFO.name]
    assert heard.leaks() == []


BAD = {
    "a document that breaks off": {"body": f'{{"pupil": "{CHILD.name}"'.encode()},
    "a document of another form": {"body": orjson.dumps({"pupil": {MARKS["a key of the document's"]: WORDS}})},
    "a number as the message's id": {"klientMeldingId": MARKS["number"]},
    "a name as the correlation": {"klientKorrelasjonsId": CHILD.name},
    "a number in the correlation": {"klientKorrelasjonsId": f"sak/{MARKS['number']}"},
    "a number in the type": {"type": f"no.langbenk.{MARKS['number']}.v1.plan"},
    "a name as the receiver": {RECEIVER.removeprefix(fiks.CUSTOM): CHILD.name},
    "claims that cannot be read": {CLAIMS.removeprefix(fiks.CUSTOM): f'{{"person": "{CHILD.name}"'},
    "a trace that is none": {"traceparent": f"00-{CHILD.name}"},
    "a report with a wrong number": {"type": REPORT.name, "body": orjson.dumps(report(MARKS["a wrong number"]))},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_letter_is_answered_without_a_word_of_its_own(line: Line, heard: Heard, bad: dict[str, str]) -> None:
    custom = dict(bad)
    body, type = custom.pop("body", orjson.dumps(DOCUMENT)), custom.pop("type", PLAN)
    line.school.send(type, body, **custom)  # type: ignore[arg-type]  # bytes, taken out just above
    line.turn()
    answers = [*replies(line, line.school, heard), *replies(line, line.nursery, heard)]
    with line.world.hub.store.begin() as work:
        for part in work.ledger.unfinished(line.world.hub.clock.now(), 10):
            heard.note("a part", repr(part))
    heard.note("the metrics", line.world.hub.metrics_text())

    assert answers
    assert heard.leaks() == []


def test_an_answer_goes_to_the_registered_account_whatever_the_letter_says(line: Line, heard: Heard) -> None:
    headers = {"type": PLAN, "avsender-id": line.nursery.login.account, "melding-id": MARKS["number"]}
    properties = pika.BasicProperties(headers=headers, expiration="600000", user_id=line.school.login.user)
    line.school.channel.basic_publish("fiksio.send", fiks.queue(line.school.hub), b"{}", properties, mandatory=True)
    line.turn()

    assert line.nursery.waits() == 0
    assert [each.headers["type"] for each in replies(line, line.school, heard)] != []
    assert heard.leaks() == []


def test_queues_are_named_after_work_and_accounts(line: Line, heard: Heard) -> None:
    names = [INTAKE, DIRECTED, *(deliver_queue(each.id) for each in SYSTEMS.values()), fiks.queue(str(uuid4()))]
    for name in names:
        heard.note("a queue", name)

    assert heard.leaks() == []
    assert line.world.ledgers(HOME)[0] == {}
