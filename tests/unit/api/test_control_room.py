"""Holds, what is set aside, the trail and the status over the API."""

from __future__ import annotations

from typing import Any

from hub.ports import AsideRow, Hold, Part
from tests.unit.api.conftest import EMP_12, SCHOOL, World
from tests.unit.api.test_messages import GOOD, problem


def test_a_hold_is_refused_once_with_a_reason(world: World, plan: dict[str, Any]) -> None:
    world.send(GOOD, "m-1")
    part = world.send(GOOD, "m-1").json()["parts"][0]["part"]
    hold = Hold(
        id="h-1",
        municipality="0001",
        plan=plan["id"],
        child=plan["child"],
        part=part,
        receiver="kindergarten-1",
        element="e-1",
        digest="d-1",
        rules=("RED-01",),
        categories=("education",),
        created_at=world.hub.clock.now(),
    )
    with world.hub.store.begin() as work:
        work.holds.add([hold])
    listed = world.call("GET", "/v1/holds", params={"plan": plan["id"]}, headers=EMP_12).json()
    decided = {"person": "emp-12", "reason": "the parents do not want it"}
    refused = world.call("POST", "/v1/holds/h-1/refusal", json=decided)
    again = world.call(
        "POST",
        "/v1/holds/h-1/release",
        json=decided | {"findings": ["RED-01"], "best_interest": "so that she is helped"},
    )

    assert [row["id"] for row in listed] == ["h-1"]
    assert (refused.status_code, refused.json()["state"]) == (200, "refused")
    problem(again, 409, "already_decided")
    assert world.call("GET", "/v1/holds", headers=EMP_12).json() == []


def test_what_is_set_aside_is_replayed_or_discarded(world: World) -> None:
    now = world.hub.clock.now()
    part = Part("p-1", "m-1", "0001", SCHOOL.id, "k", "set_aside", now, receiver="child_welfare", document=b"{}")
    with world.hub.store.begin() as work:
        work.ledger.add([part])
        work.set_aside.add([AsideRow(f"a-{n}", "0001", "part", "p-1", "fault", None, now) for n in (1, 2)])
    listed = world.call("GET", "/v1/set-aside").json()
    replayed = world.call("POST", "/v1/set-aside/a-1/replay")
    discarded = world.call("POST", "/v1/set-aside/a-2/discard", json={"person": "emp-1", "reason": "sent again"})

    assert [row["id"] for row in listed] == ["a-1", "a-2"]
    assert (replayed.json()["state"], discarded.json()["state"]) == ("replayed", "discarded")
    assert world.call("GET", "/v1/set-aside").json() == []


def test_the_trail_and_the_status_tell_the_story_without_content(world: World, plan: dict[str, Any]) -> None:
    receipt = world.send(GOOD, "m-1").json()
    trail = world.call("GET", f"/v1/trail/{receipt['id']}")
    status = world.call("GET", "/v1/status").json()

    assert [step["what"] for step in trail.json()][:1] == ["received"]
    assert "Nordmann" not in trail.text
    assert status["parts"]["total"] == 1
    assert status["oldest_seconds"]["parts"] >= 0


def test_an_empty_mailbox_is_empty_and_unknown_deliveries_are_named(world: World) -> None:
    answers = [{"id": "d-1", "status": "delivered"}]

    assert world.call("GET", "/v1/mailbox", by=SCHOOL).json()["deliveries"] == []
    assert world.call("POST", "/v1/mailbox/acknowledgements", by=SCHOOL, json=answers).json() == {
        "acknowledged": 0,
        "unknown": ["d-1"],
    }
    problem(world.call("GET", "/v1/mailbox?limit=1000", by=SCHOOL), 422, "invalid_request")
