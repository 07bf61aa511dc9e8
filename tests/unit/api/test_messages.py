"""Door 1 over HTTP: what is accepted has a receipt, what is refused says why, and neither names a person."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import orjson
import pytest

from hub.errors import TryAgainError
from hub.model.envelope import Arrival
from tests.unit.api.conftest import KINDERGARTEN, SCHOOL, SUPPORT_PLAN, World, message_headers

GOOD = orjson.dumps({"schema": SUPPORT_PLAN, "pupil": {"id": "pupil-7", "name": "Kari Nordmann"}, "title": "Logg"})


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"/problems/{code}"
    assert body["titles"].keys() == {"en", "nb", "nn"}
    assert isinstance(body["retryable"], bool)
    assert "Nordmann" not in answer.text
    return body


def test_a_message_is_answered_after_its_commit_with_the_address_of_its_receipt(
    world: World, plan: dict[str, Any]
) -> None:
    answer = world.send(GOOD, "m-1")
    receipt = world.call("GET", answer.headers["Location"], by=SCHOOL)

    assert answer.status_code == 202
    assert [part["state"] for part in answer.json()["parts"]] == ["pending"]
    assert receipt.json() == answer.json()


def test_the_same_message_again_gets_the_same_receipt(world: World, plan: dict[str, Any]) -> None:
    first, again = world.send(GOOD, "m-1"), world.send(GOOD, "m-1")

    assert (again.status_code, again.json()) == (202, first.json())


def test_the_same_id_with_another_body_is_refused(world: World, plan: dict[str, Any]) -> None:
    world.send(GOOD, "m-1")

    problem(world.send(GOOD.replace(b"Logg", b"Loggen"), "m-1"), 422, "idempotency_conflict")


def test_only_the_sender_reads_its_receipt(world: World, plan: dict[str, Any]) -> None:
    address = world.send(GOOD, "m-1").headers["Location"]

    problem(world.call("GET", address, by=KINDERGARTEN), 404, "not_found")


def test_an_unknown_child_is_answered_alike_whether_or_not_the_hub_knows_it(world: World, plan: dict[str, Any]) -> None:
    stranger = orjson.dumps({"schema": SUPPORT_PLAN, "pupil": {"id": "pupil-8"}})
    answers = [world.send(stranger, "m-1"), world.send(GOOD, "m-1", by=KINDERGARTEN, Langbenk_Kind=SUPPORT_PLAN)]
    [part] = answers[0].json()["parts"]

    assert (answers[0].status_code, part["state"], part["code"]) == (202, "refused", "no_link")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"schema":"x"}', b"[" * 90])
def test_an_unreadable_document_is_a_problem_with_the_receipts_address(world: World, body: bytes) -> None:
    answer = world.send(body, "m-1")
    told = problem(answer, 422, "unreadable")
    receipt = world.call("GET", told["receipt"], by=SCHOOL).json()

    assert [part["code"] for part in receipt["parts"]] == ["unreadable"]
    assert world.call("GET", "/v1/status").json()["parts"]["states"] == {"refused": 1}


def test_an_unknown_message_type_is_a_problem_with_a_ledger_line(world: World) -> None:
    problem(world.send(GOOD, "m-1", Langbenk_Kind="no.example.v1.nothing"), 422, "unknown_kind")

    assert world.call("GET", "/v1/status").json()["parts"]["states"] == {"refused": 1}


def test_a_wrong_content_type_is_refused_unread_with_a_ledger_line(world: World) -> None:
    answer = world.send(GOOD, "m-1", Content_Type="text/html")
    told = problem(answer, 415, "wrong_type")

    assert world.call("GET", told["receipt"], by=SCHOOL).json()["parts"][0]["code"] == "wrong_type"


def test_a_body_that_says_it_is_too_large_is_refused_unread(world: World) -> None:
    read: list[int] = []

    async def endless() -> Any:
        while True:
            read.append(1)
            yield b"x" * 10_000

    answer = world.call(
        "POST",
        "/v1/messages",
        by=SCHOOL,
        content=endless(),
        headers=message_headers("m-1", Content_Length="50000000"),
    )
    told = problem(answer, 413, "too_large")

    assert len(read) < 20
    assert world.call("GET", told["receipt"], by=SCHOOL).json()["parts"][0]["code"] == "too_large"


def test_a_body_that_turns_out_too_large_is_refused_before_it_is_all_read(world: World) -> None:
    answer = world.call("POST", "/v1/messages", by=SCHOOL, content=b"x" * 200_000, headers=message_headers("m-1"))

    problem(answer, 413, "too_large")


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"Idempotency-Key": ""}, "Idempotency-Key"),
        ({"Idempotency-Key": "02841810042"}, "Idempotency-Key"),
        ({"Langbenk-Kind": "Ola Nordmann"}, "Langbenk-Kind"),
        ({"Langbenk-Receiver": "no such thing"}, "Langbenk-Receiver"),
        ({"Langbenk-Child-Key": "x" * 300}, "Langbenk-Child-Key"),
        ({"Langbenk-View-Version": "seven"}, "Langbenk-View-Version"),
        ({"Langbenk-View-Version": "-1"}, "Langbenk-View-Version"),
        ({"Langbenk-View-Version": "9" * 40}, "Langbenk-View-Version"),
        ({"Langbenk-Claims": "Nordmann"}, "Langbenk-Claims"),
        ({"Langbenk-Claims": '{"person":"emp-1","duty":{"ground":"Kari Nordmann is in danger"}}'}, "Langbenk-Claims"),
        ({"Langbenk-Claims": '{"basis":{"statute":"hpl-23"}}'}, "Langbenk-Claims"),
        ({"Langbenk-Claims": '{"person":"02841810042"}'}, "Langbenk-Claims"),
    ],
)
def test_an_unusable_header_is_named_and_its_value_is_not(world: World, headers: dict[str, str], named: str) -> None:
    answer = world.call("POST", "/v1/messages", by=SCHOOL, content=GOOD, headers=message_headers("m-1") | headers)
    told = problem(answer, 400, "bad_header")
    (part,) = world.call("GET", told["receipt"], by=SCHOOL).json()["parts"]

    assert told["place"] == named
    assert (part["state"], part["code"], part["place"]) == ("refused", "bad_header", named)
    assert "02841810042" not in answer.text


@pytest.mark.parametrize("name", ["Idempotency-Key", "Langbenk-Kind"])
def test_a_missing_header_is_a_problem(world: World, name: str) -> None:
    headers = message_headers("m-1")
    del headers[name]

    answer = world.call("POST", "/v1/messages", by=SCHOOL, content=GOOD, headers=headers)
    told = problem(answer, 400, "bad_header")

    assert told["place"] == name
    assert world.call("GET", told["receipt"], by=SCHOOL).json()["parts"][0]["code"] == "bad_header"


def test_messages_sent_at_once_are_committed_as_groups_and_each_has_its_own_answer(
    world: World, plan: dict[str, Any]
) -> None:
    groups: list[int] = []
    accept = world.hub.reception.accept

    class Counting:
        def accept(self, arrivals: Any) -> Any:
            groups.append(len(arrivals))
            return accept(arrivals)

    world.app.state.writer._reception = Counting()
    requests = [
        ("POST", "/v1/messages", {"content": GOOD if number % 10 else b"{", "headers": message_headers(f"m-{number}")})
        for number in range(100)
    ]
    answers = world.calls(requests, by=SCHOOL)

    assert [answer.status_code for answer in answers] == [202 if number % 10 else 422 for number in range(100)]
    assert sum(groups) == 100
    assert len(groups) < 100
    assert max(groups) <= 64
    assert world.call("GET", "/v1/status").json()["parts"]["total"] == 100


def test_while_the_database_is_away_the_sender_is_asked_to_try_again(world: World) -> None:
    class Away:
        def accept(self, arrivals: Any) -> Any:
            raise TryAgainError("the database is away", after=7)

    world.app.state.writer._reception = Away()
    answer = world.send(GOOD, "m-1")

    assert problem(answer, 503, "try_again")["retryable"]
    assert answer.headers["Retry-After"] == "7"


def test_one_message_nobody_foresaw_costs_the_others_nothing(world: World, plan: dict[str, Any]) -> None:
    accept = world.hub.reception.accept

    class Fragile:
        def accept(self, arrivals: list[Arrival]) -> Any:
            if any(arrival.message_id == "m-3" for arrival in arrivals):
                raise ZeroDivisionError("Kari Nordmann")
            return accept(arrivals)

    world.app.state.writer._reception = Fragile()
    requests = [
        ("POST", "/v1/messages", {"content": GOOD, "headers": message_headers(f"m-{number}")}) for number in range(6)
    ]
    answers = world.calls(requests, by=SCHOOL)

    assert [answer.status_code for answer in answers] == [202, 202, 202, 500, 202, 202]
    problem(answers[3], 500, "internal")


def test_a_full_door_says_so_at_once(world: World) -> None:
    from hub.api.writer import Writer

    class Stuck:
        def accept(self, arrivals: Any) -> Any:
            raise AssertionError("never reached")

    writer = Writer(Stuck(), group=1, waiting=1)
    writer._thread = object()  # type: ignore[assignment]  # as if its thread were busy
    arrival = Arrival("school-1", "0001", "m-1", SUPPORT_PLAN, b"")

    async def twice() -> None:
        waiting = asyncio.create_task(writer.submit(arrival))
        await asyncio.sleep(0)
        with pytest.raises(TryAgainError):
            await writer.submit(arrival)
        waiting.cancel()

    asyncio.run(twice())
