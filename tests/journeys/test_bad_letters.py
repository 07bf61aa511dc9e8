"""Bad input over AMQP: each gets an error in KS Fiks IO's words, has its line, and names no person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import orjson
import pytest

from hub.model.service import System
from hub.sdk.directed import REPORT
from tests.journeys.post import Line
from tests.journeys.systems import SYSTEMS, measure, nursery_plan, support_plan
from tests.journeys.test_bad_input import OUTRIGHT, SCHOOL, Bad, tells_nobody
from tests.journeys.test_directed import report

pytestmark = pytest.mark.services
NURSERY = SYSTEMS["kindergarten"]
UNREAD = [
    Bad("a type nobody reads", b"Ingrid Hemmelig", 0, "unknown_kind", None, kind="no.langbenk.no.v1.such-type"),
    Bad("a text where JSON was meant", b"Ingrid Hemmelig", 0, "unreadable", "line 1"),
]
BAD = [*UNREAD, *(bad for bad in OUTRIGHT if bad.code != "wrong_type")]
GOOD = nursery_plan("nora@kindergarten-1", measures=[measure("m1", "Play with the big ones")])


def sits_in_for_the_school(line: Line, other: System) -> None:
    """The school's office becomes another system's."""
    line.world.register(replace(SCHOOL, amqp_user=None, account=None))
    line.world.register(replace(other, amqp_user=line.school.login.user, account=line.school.login.account))


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_letter_is_answered_with_an_error_and_has_its_line(
    line: Line, bad: Bad, caplog: pytest.LogCaptureFixture
) -> None:
    sits_in_for_the_school(line, bad.by)
    line.nursery.send(NURSERY.document, orjson.dumps(GOOD))
    sent = line.school.send(bad.kind or bad.by.document, bad.body)
    line.turn()
    error = line.school.get()
    words = error.document["feilmelding"]

    assert error.headers["type"].endswith(".v1.feilmelding.ugyldigforespoersel")
    assert error.headers["svar-til"] == sent
    assert words.startswith(f"{bad.code}: ")
    assert bad.place is None or bad.place in words
    assert tells_nobody(f"{error.headers} {words} {caplog.text}")
    assert line.nursery.get().headers["type"] == f"{NURSERY.document}.mottatt"
    assert line.world.ledgers()[0] == {"refused": 1, "merged": 1}


@pytest.mark.parametrize("key, code", [("somebody-else", "no_link"), ("nora@school-1", "nothing_mapped")])
def test_what_only_the_plan_can_tell_is_said_in_the_receipt(line: Line, key: str, code: str) -> None:
    line.school.send(SCHOOL.document, orjson.dumps(support_plan(key)))
    line.turn()
    answer = line.school.get()
    with line.world.hub.store.begin() as work:
        receipt = work.inbox.receipt(SCHOOL.municipality, SCHOOL.id, answer.document["receipt"])

    assert answer.headers["type"] == f"{SCHOOL.document}.mottatt"
    assert receipt is not None
    assert [(part.state, part.code) for part in receipt.parts] == [("refused", code)]
    assert line.world.ledgers()[0] == {"refused": 1}


CLAIMS = {
    "no JSON": "Ingrid Hemmelig",
    "a word no rule knows": '{"person": "emp-1", "basis": {"statute": "whatever"}}',
    "a key no rule knows": '{"person": "emp-1", "Ingrid": "Hemmelig"}',
    "a number for a person": '{"person": "02841810042", "duty": {"ground": "a"}}',
    "a sentence for a ground": '{"person": "emp-1", "duty": {"ground": "Ingrid Hemmelig is in danger"}}',
    "nobody who claims": '{"duty": {"ground": "a"}}',
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS.keys())
def test_claims_are_read_at_the_door_and_what_is_wrong_with_them_is_said_at_once(line: Line, claims: str) -> None:
    line.nursery.send(REPORT.name, orjson.dumps(report()), grunnlag=claims)
    line.turn()
    answer = line.nursery.get()

    assert answer.headers["type"] == "no.ks.fiks.bekymringsmelding.offentlig.v2.feilmelding.ugyldigforespoersel"
    assert answer.document["feilmelding"].startswith("bad_header: the header egendefinert-header.grunnlag")
    assert tells_nobody(str(answer.document)) and "02841810042" not in str(answer.document)
    assert line.world.ledgers() == ({"refused": 1}, {})


BAD_HEADERS: Mapping[str, dict[str, str]] = {
    "klientMeldingId": {"klientMeldingId": "02841810042"},
    "klientKorrelasjonsId": {"klientKorrelasjonsId": "Ingrid Hemmelig"},
    "mottakende-tjeneste": {"mottakende_tjeneste": "no such thing"},
    "barnets-noekkel": {"barnets_noekkel": "x" * 300},
}


@pytest.mark.parametrize("name", BAD_HEADERS)
def test_a_header_that_cannot_be_used_is_named_and_its_value_is_not(line: Line, name: str) -> None:
    line.school.send(SCHOOL.document, orjson.dumps(support_plan("nora@school-1")), **BAD_HEADERS[name])
    line.turn()
    words = line.school.get().document["feilmelding"]

    assert words.startswith(f"bad_header: the header egendefinert-header.{name} ")
    assert tells_nobody(words) and "02841810042" not in words
    assert line.world.ledgers() == ({"refused": 1}, {})


def test_a_letter_without_a_type_has_its_line_too(line: Line) -> None:
    line.school.send("", orjson.dumps(support_plan("nora@school-1")))
    line.turn()
    answer = line.school.get()

    assert answer.document["feilmelding"].startswith("bad_header: the header type ")
    assert line.world.ledgers() == ({"refused": 1}, {})


def test_a_user_that_is_no_registered_system_is_told_nothing_and_counted(line: Line) -> None:
    line.world.register(replace(SCHOOL, amqp_user=None, account=None))
    line.school.send(SCHOOL.document, orjson.dumps(support_plan("nora@school-1")))
    line.turn()
    metrics = line.world.hub.metrics_text()

    assert line.school.waits() == 0
    assert line.world.ledgers() == ({}, {})
    assert 'reason="unknown_system"' in metrics


def test_another_system_of_the_same_organisation_is_not_taken_for_the_first(line: Line) -> None:
    twin = replace(SCHOOL, id="school-2", client_id="client-school-2")
    sits_in_for_the_school(line, twin)
    line.school.send(
        SCHOOL.document, orjson.dumps(support_plan("nora@school-1", title="Ingrid")), klientMeldingId="m-1"
    )
    line.turn()
    answer = line.school.get()
    with line.world.hub.store.begin() as work:
        mine = work.inbox.receipt(twin.municipality, twin.id, answer.document["receipt"])
        theirs = work.inbox.receipt(SCHOOL.municipality, SCHOOL.id, answer.document["receipt"])

    assert mine is not None and [part.code for part in mine.parts] == ["no_link"]
    assert theirs is None
