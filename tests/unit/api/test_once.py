"""One Idempotency-Key, one effect: the same answer again, kept durably and for one client only."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from hub.api.app import create_app
from hub.errors import TryAgainError
from tests.unit.api.conftest import OFFICE, OTHER_OFFICE, World

CHILD = {"child": {"birth_date": "2018-04-02"}}


def make(world: World, key: str, body: Any = CHILD, **more: Any) -> httpx.Response:
    return world.call("POST", "/v1/plans", json=body, headers={"Idempotency-Key": key}, **more)


def test_the_same_request_again_is_answered_alike_and_makes_nothing(world: World) -> None:
    first = make(world, "k-1")

    again = make(world, "k-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again.headers["Location"]) == (first.json(), first.headers["Location"])
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")


def test_it_is_remembered_by_the_next_process(world: World) -> None:
    first = make(world, "k-1")
    other = World(world.hub, create_app(world.hub), world.issuer)

    again = make(other, "k-1")
    other.app.state.writer.close()

    assert again.json() == first.json()


def test_the_same_key_for_another_request_is_a_conflict(world: World, plan: dict[str, Any]) -> None:
    make(world, "k-1")

    other_body = make(world, "k-1", {"child": {"birth_date": "2019-04-02"}})
    headers = {"Idempotency-Key": "k-1"}
    other_path = world.call("POST", "/v1/reconciliations", json=CHILD, headers=headers)

    assert [each.json()["code"] for each in (other_body, other_path)] == ["idempotency_conflict"] * 2
    assert other_body.status_code == 422


def test_another_clients_key_is_its_own(world: World) -> None:
    mine, theirs = make(world, "k-1", by=OFFICE), make(world, "k-1", by=OTHER_OFFICE)

    assert mine.json()["id"] != theirs.json()["id"]


def test_what_had_no_effect_may_be_asked_again_under_its_key(world: World) -> None:
    refused = make(world, "k-1", {"child": {"birth_date": "yesterday"}})

    assert (refused.status_code, make(world, "k-1").status_code) == (422, 201)


def test_of_many_at_once_one_is_carried_out(world: World) -> None:
    more = {"json": CHILD, "headers": {"Idempotency-Key": "k-1"}}

    answers = world.calls([("POST", "/v1/plans", more)] * 8)

    made = {each.json()["id"] for each in answers if each.status_code == 201}
    others = [each.json() for each in answers if each.status_code != 201]
    assert len(made) == 1
    assert {(each["code"], each["retryable"]) for each in others} <= {("in_progress", True)}


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_cannot_be_one_is_refused(world: World, key: str) -> None:
    answer = make(world, key)

    assert (answer.status_code, answer.json()["place"]) == (400, "Idempotency-Key")


def test_nobody_without_a_token_learns_of_a_key(world: World) -> None:
    make(world, "k-1")

    assert make(world, "k-1", by=None).status_code == 401


@pytest.mark.parametrize("at", ["hub.api.once._claim", "hub.api.door.Doorkeeper.whose"])
def test_what_cannot_be_remembered_is_not_carried_out(world: World, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    def busy(*_: object) -> None:
        raise TryAgainError("the database is away or busy")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(at, busy)
        waits = make(world, "k-1")

    assert (waits.status_code, waits.json()["code"], "Retry-After" in waits.headers) == (503, "try_again", True)
    assert "Idempotent-Replayed" not in make(world, "k-1").headers
