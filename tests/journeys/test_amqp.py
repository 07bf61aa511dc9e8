"""A school that sends and a kindergarten that receives over AMQP, in KS Fiks IO's conventions, each as its own user."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import orjson
import pytest

from hub.broker import fiks
from hub.broker.front import CHILD_KEY, CLAIMS, RECEIVER
from hub.routing.deliver import LIFETIME
from hub.sdk.directed import INFO, REPORT
from tests.conftest import StandingClock
from tests.journeys.post import PLAN, QUIET, Line
from tests.journeys.systems import SYSTEMS, support_plan
from tests.journeys.test_directed import DUTY, report

pytestmark = pytest.mark.services


def test_a_document_is_answered_with_received_and_gets_where_it_should(line: Line) -> None:
    sent = line.school.send(PLAN, QUIET, klientMeldingId=str(uuid4()), klientKorrelasjonsId="dialogue-1")
    line.turn()
    answer, letter = line.school.get(), line.nursery.get()

    assert answer.headers["type"] == f"{PLAN}.mottatt"
    assert (answer.headers["svar-til"], answer.headers["svar-til-type"]) == (sent, PLAN)
    assert answer.headers["egendefinert-header.klientKorrelasjonsId"] == "dialogue-1"
    assert letter.document["measures"][0]["title"] == "A quiet start to the day"
    assert line.world.ledgers() == ({"merged": 1}, {"sending": 1, "waiting": 3})


def test_a_letter_to_a_system_has_ids_a_fiks_client_can_read_and_a_lifetime(line: Line) -> None:
    letter = line.said(klientKorrelasjonsId="dialogue-1")

    assert letter.headers["type"] == SYSTEMS["kindergarten"].document
    assert letter.headers["melding-id"] == str(UUID(letter.headers["melding-id"]))
    assert letter.headers["egendefinert-header.klientMeldingId"] == letter.headers["melding-id"]
    assert letter.headers["egendefinert-header.klientKorrelasjonsId"] == "dialogue-1"
    assert 0 < letter.expiration <= fiks.WEEK


def test_a_bad_document_is_answered_with_an_error_that_names_the_place_and_is_taken(line: Line) -> None:
    line.school.send(PLAN, b'{"pupil": {"name": "Ingrid Hemmelig"')
    line.school.send(PLAN, QUIET)
    line.turn()
    answers = [line.school.get() for _ in range(2)]

    (error,) = [each for each in answers if "feilmelding" in each.headers["type"]]
    assert error.headers["type"] == "no.langbenk.school.v1.feilmelding.ugyldigforespoersel"
    assert "line 1 column 37" in error.document["feilmelding"]
    assert b"Ingrid" not in error.body
    assert line.front.turn(10, 0.2) == 0
    assert line.world.ledgers()[0] == {"refused": 1, "merged": 1}


def test_a_letter_without_a_validated_user_is_refused_and_told_nobody(line: Line) -> None:
    line.school.send(PLAN, QUIET, signed=False)
    line.turn()

    assert line.school.waits() == 0
    assert line.world.ledgers() == ({}, {})


def test_a_letter_in_the_name_of_another_account_counts_as_its_users(line: Line) -> None:
    line.school.login = replace(line.school.login, account=line.nursery.login.account)
    line.school.send(PLAN, QUIET)
    line.turn()

    assert line.nursery.get().headers["type"] == SYSTEMS["kindergarten"].document
    assert line.world.ledgers()[0] == {"merged": 1}


def test_the_same_client_message_id_has_no_second_effect(line: Line) -> None:
    id = str(uuid4())
    line.said(klientMeldingId=id)
    line.school.get()

    line.school.send(PLAN, QUIET, klientMeldingId=id)
    line.turn()

    assert line.school.get().headers["type"] == f"{PLAN}.mottatt"
    assert line.nursery.waits() == 0
    assert line.world.ledgers()[0] == {"merged": 1, "duplicate": 1}


def test_the_same_client_message_id_for_another_body_is_an_error(line: Line) -> None:
    id = str(uuid4())
    line.said(klientMeldingId=id)
    line.school.get()

    line.school.send(PLAN, orjson.dumps(support_plan("nora@school-1", title="Other")), klientMeldingId=id)
    line.turn()

    assert line.school.get().document["feilmelding"].startswith("idempotency_conflict")


@pytest.mark.parametrize("suffix", ["mottatt", "kvittering"])
def test_a_receiver_that_says_received_has_it(line: Line, suffix: str) -> None:
    letter = line.said()

    line.nursery.reply(letter, f"{letter.headers['type']}.{suffix}")
    line.turn()

    assert line.nursery_row() == ("delivered", None)


def test_a_receiver_that_cannot_use_it_rejects_it(line: Line) -> None:
    letter = line.said()

    error = fiks.error_body("e1", "unknown child")
    line.nursery.reply(letter, "no.langbenk.kindergarten.v1.feilmelding.ugyldigforespoersel", error)
    line.turn()

    assert line.nursery_row() == ("rejected", "invalid")


def test_nobody_answers_for_another_systems_letter(line: Line) -> None:
    letter = line.said()

    line.school.reply(letter, f"{letter.headers['type']}.mottatt")
    line.turn()

    assert line.nursery_row() == ("sending", None)


def test_a_letter_that_waits_for_its_answer_is_not_sent_over_and_over(line: Line, clock: StandingClock) -> None:
    line.said()

    clock.go_on(minutes=10)
    line.world.hub.sweep.turn(line.world.broker)
    line.world.work()

    assert line.nursery.waits() == 0
    assert line.nursery_row() == ("sending", None)


def test_a_letter_without_an_answer_is_sent_again_under_its_own_id(line: Line, clock: StandingClock) -> None:
    first = line.said()

    clock.go_on(days=2)
    line.world.hub.sweep.turn(line.world.broker)
    line.world.work()

    assert line.nursery.get().headers["melding-id"] == first.headers["melding-id"]


def test_a_letter_nobody_fetched_in_time_ends_expired(line: Line, clock: StandingClock) -> None:
    line.world.send(SYSTEMS["school"], QUIET)
    line.world.hub.updates.run([line.world.plans["nora"]])
    clock.go_on(seconds=LIFETIME.total_seconds() - 1.1)
    line.world.hub.sweep.turn(line.world.broker)
    line.world.work()

    line.turn()

    assert line.nursery_row() == ("expired", "timed_out")


def test_a_system_is_told_that_the_hub_did_not_fetch_its_letter_in_time(line: Line) -> None:
    line.front.close()
    sent = line.school.send(PLAN, QUIET, ttl=1)
    line.front.turn(10, 1)

    answer = line.school.get()
    assert (answer.headers["type"], answer.headers["svar-til"]) == (fiks.TIMED_OUT, sent)
    assert line.world.ledgers() == ({}, {})


def test_a_report_carries_its_ground_in_a_header(line: Line) -> None:
    line.nursery.send(REPORT.name, orjson.dumps(report()), grunnlag=orjson.dumps(DUTY).decode())
    line.turn()

    assert len(line.world.take(SYSTEMS["child_welfare"])) == 1


def test_claims_that_cannot_be_read_are_an_error_and_no_report_without_a_ground(line: Line) -> None:
    line.nursery.send(REPORT.name, orjson.dumps(report()), grunnlag="{not json")
    line.turn()

    answer = line.nursery.get()
    assert answer.headers["type"] == "no.ks.fiks.bekymringsmelding.offentlig.v2.feilmelding.ugyldigforespoersel"
    assert "grunnlag" in answer.document["feilmelding"]
    assert line.world.ledgers()[1] == {}


def test_a_danger_goes_with_the_highest_priority_and_nothing_else_does(line: Line) -> None:
    """RabbitMQ 4 lets it overtake in the receiver's own queue; 3.10 hands it out in its turn."""
    claims = orjson.dumps({"person": "head-1", "duty": {"danger": "self_harm"}}).decode()
    body = orjson.dumps({"free_text": False, "parts": [{"categories": ["education"], "facts": {"starts": "monday"}}]})
    for custom in ({}, {CLAIMS: claims}):
        named = {RECEIVER: "kindergarten", CHILD_KEY: "nora@school-1", **custom}
        line.school.send(INFO.name, body, **{name.removeprefix(fiks.CUSTOM): value for name, value in named.items()})
        line.turn()

    got = {str(each.priority): each.headers["type"] for each in (line.nursery.get(), line.nursery.get())}

    assert got == {"None": INFO.name, "9": INFO.name}
