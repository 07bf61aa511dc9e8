"""Bad input: each gets a clear answer that names the place and never a person, has its line, and costs nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import orjson
import pytest

from hub.model.envelope import Arrival, Receipt
from hub.model.service import System
from tests.journeys.systems import HOME, SYSTEMS, measure, support_plan
from tests.journeys.town import Town
from tests.journeys.world import World

SCHOOL, NURSERY, NAV = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["nav"]
CHILD_WELFARE = SYSTEMS["child_welfare"]
CASE = "no.ssb.barnevern.fagsystem.v1.innrapportering"
PERSON, NUMBER = "Ingrid Hemmelig", "01890112346"
GOOD = support_plan("nora@school-1", measures=[measure("m1", "A quiet start to the day")])
BOMB = (
    """<?xml version="1.0"?><!DOCTYPE Barnevern [<!ENTITY a "Ingrid Hemmelig">{}]><Barnevern>&j;</Barnevern>""".format(
        "".join(
            f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
        )
    )
)


@dataclass(frozen=True)
class Bad:
    """One bad message over HTTP, and how it must be answered."""

    name: str
    body: bytes
    status: int
    code: str
    place: str | None = None
    by: System = SCHOOL
    kind: str = ""
    media: str = "application/json"


OUTRIGHT = [
    Bad("a wrong type", b"Ingrid Hemmelig", 415, "wrong_type", None, media="text/plain"),
    Bad("broken JSON", b'{"pupil": {"name": "Ingrid Hemmelig"', 422, "unreadable", "line 1 column 37"),
    Bad("JSON that is no such document", orjson.dumps({"schema": SCHOOL.document, "pupil": PERSON}), 422, "unreadable",
        "$.pupil"),
    Bad("broken XML", b"<Barnevern><Sak>Ingrid Hemmelig</Barnevern>", 422, "unreadable", "line 1", CHILD_WELFARE, CASE,
        "application/xml"),
    Bad("an XML bomb", BOMB.encode(), 422, "unreadable", "line 1", CHILD_WELFARE, CASE, "application/xml"),
    Bad("a 50 MB body", b'{"name": "Ingrid Hemmelig"}' + b" " * 50_000_000, 413, "too_large", None),
    Bad("a wrong check digit", orjson.dumps({"schema": SCHOOL.document, "pupil": {"id": "new", "nationalId": NUMBER}}),
        422, "wrong_check_digit", "child"),
    Bad("a document of another service", orjson.dumps(GOOD), 422, "unknown_kind", None, NAV, SCHOOL.document),
]  # fmt: skip
every_bad = pytest.mark.parametrize("bad", OUTRIGHT, ids=lambda bad: bad.name)


def tells_nobody(text: str) -> bool:
    return not any(word in text for word in ("Ingrid", "Hemmelig", NUMBER, "nora@school-1"))


@every_bad
def test_a_bad_message_is_answered_with_a_problem_and_has_its_line(
    town: Town, bad: Bad, caplog: pytest.LogCaptureFixture
) -> None:
    town.world.at_table("nora", SCHOOL, NURSERY)

    answer = town.post(bad.by, bad.body, bad.kind, bad.media)
    problem = answer.json()

    assert (answer.status_code, problem["code"], problem["retryable"]) == (bad.status, bad.code, False)
    assert answer.headers["content-type"] == "application/problem+json"
    assert bad.place is None or bad.place in problem["place"]
    assert tells_nobody(answer.text)
    assert tells_nobody(caplog.text)
    assert town.world.ledgers() == ({"refused": 1}, {})
    assert town.call(bad.by, "GET", problem["receipt"]).json()["parts"][0]["code"] == bad.code


@every_bad
def test_a_message_as_bad_as_before_has_one_line_a_message(town: Town, bad: Bad) -> None:
    headers = {"Idempotency-Key": "the-same"}
    answers = [town.post(bad.by, bad.body, bad.kind, bad.media, headers=headers) for _ in range(2)]

    assert len({answer.json()["receipt"] for answer in answers}) == 1


@pytest.mark.parametrize(
    "document, code, place",
    [
        (support_plan("somebody-else"), "no_link", "child"),
        (support_plan("nora@school-1"), "nothing_mapped", "document"),
    ],
    ids=["an unknown child", "a document that maps to nothing"],
)
def test_what_only_the_plan_can_tell_is_said_in_the_receipt(town: Town, document: Any, code: str, place: str) -> None:
    town.world.at_table("nora", SCHOOL, NURSERY)

    answer = town.post(SCHOOL, orjson.dumps(document))
    (part,) = town.settled(SCHOOL, answer)

    assert (part["state"], part["code"], part["place"]) == ("refused", code, place)
    assert tells_nobody(str(part))
    assert town.world.ledgers() == ({"refused": 1}, {})


def test_an_unknown_child_is_answered_alike_whether_or_not_the_hub_knows_it(town: Town) -> None:
    town.world.at_table("nora", NURSERY)

    parts = [
        town.settled(SCHOOL, town.post(SCHOOL, orjson.dumps(support_plan(key))))[0]
        for key in ("nora@kindergarten-1", "nobody")
    ]

    assert [{**part, "part": ""} for part in parts] == [
        {"part": "", "state": "refused", "code": "no_link", "place": "child"}
    ] * 2


def wrong_tokens(town: Town) -> Mapping[str, tuple[str, int, str]]:
    mint, scopes = town.issuer.mint, SCHOOL.scopes
    return {
        "an unknown system": (mint("client-nobody", "310000000", scopes), 403, "unknown_system"),
        "its client of another organisation": (mint(SCHOOL.client_id, "999999999", scopes), 403, "unknown_system"),
        "a supplier nobody registered": (
            mint(SCHOOL.client_id, "310000000", scopes, supplier="888888888"), 403, "unknown_system"
        ),
        "a scope that is missing": (mint(SCHOOL.client_id, "310000000", []), 403, "insufficient_scope"),
        "a token that has run out": (
            mint(SCHOOL.client_id, "310000000", scopes, seconds=-60), 401, "invalid_token"
        ),
        "a token of another issuer": (
            mint(SCHOOL.client_id, "310000000", scopes, iss="https://elsewhere.example"), 401, "invalid_token"
        ),
        "no token that one can read": ("not-a-token", 401, "invalid_token"),
    }  # fmt: skip


def test_who_is_not_a_registered_system_is_turned_away_and_counted_without_a_line(town: Town) -> None:
    for name, (token, status, code) in wrong_tokens(town).items():
        answer = town.post(SCHOOL, orjson.dumps(GOOD), token=token)

        assert (answer.status_code, answer.json()["code"]) == (status, code), name
    metrics = town.call(None, "GET", "/metrics").text

    assert town.world.ledgers() == ({}, {})
    assert 'code="unknown_system"' in metrics


def test_another_system_of_the_same_organisation_sees_nothing_of_the_first(town: Town) -> None:
    twin = replace(SCHOOL, id="school-2", client_id="client-school-2")
    town.world.register(twin)
    town.world.at_table("nora", SCHOOL, NURSERY)
    sent = town.post(SCHOOL, orjson.dumps(GOOD))
    town.settled(SCHOOL, sent)
    (waiting,) = town.call(NURSERY, "GET", "/v1/mailbox").json()["deliveries"]

    (part,) = town.settled(twin, town.post(twin, orjson.dumps(GOOD)))
    receipt = town.call(twin, "GET", sent.headers["Location"])
    mailbox = town.call(twin, "GET", "/v1/mailbox").json()
    said = [{"id": waiting["id"], "status": "delivered"}]
    acknowledged = town.call(twin, "POST", "/v1/mailbox/acknowledgements", json=said).json()

    assert (part["state"], part["code"]) == ("refused", "no_link")
    assert (receipt.status_code, receipt.json()["code"]) == (404, "not_found")
    assert mailbox == {"deliveries": [], "questions": [], "proposals": [], "feedback": []}
    assert acknowledged == {"acknowledged": 0, "unknown": [waiting["id"]]}


def bad_arrivals() -> list[Arrival]:
    said = [(bad.by, bad.kind or bad.by.document, bad.body) for bad in OUTRIGHT if bad.code != "wrong_type"]
    said += [(SCHOOL, SCHOOL.document, orjson.dumps(support_plan(key))) for key in ("somebody-else", "nora@school-1")]
    return [Arrival(by.id, HOME, uuid4().hex, kind, body) for by, kind, body in said]


def test_bad_messages_in_one_group_cost_the_good_one_nothing(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    bad = bad_arrivals()
    good = Arrival(SCHOOL.id, HOME, "good", SCHOOL.document, orjson.dumps(GOOD))

    answers = world.hub.reception.accept([*bad[:4], good, *bad[4:]])
    world.work()
    (document,) = world.take(NURSERY)

    assert all(isinstance(answer, Receipt) for answer in answers)
    assert "A quiet start" in str(document)
    assert world.ledgers() == ({"refused": len(bad), "merged": 1}, {"delivered": 1})


def test_a_message_id_used_for_another_body_is_refused_and_the_first_stands(town: Town) -> None:
    town.world.at_table("nora", SCHOOL, NURSERY)
    headers = {"Idempotency-Key": "the-same"}
    town.settled(SCHOOL, town.post(SCHOOL, orjson.dumps(GOOD), headers=headers))

    other = support_plan("nora@school-1", measures=[measure("m1", PERSON)])
    answer = town.post(SCHOOL, orjson.dumps(other), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_conflict")
    assert tells_nobody(answer.text)
    assert "A quiet start" in str(town.empty_mailbox(NURSERY))
