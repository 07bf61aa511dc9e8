"""A small story told over HTTP alone: enrolment, consent, a message, a hold released, mailboxes, the trail."""

from __future__ import annotations

from typing import Any

import orjson

from hub.model.service import System
from hub.policy.question import PARTS
from hub.routing.pipeline import work_turn
from hub.routing.queues import INTAKE
from tests.unit.api.conftest import EMP_12, KINDERGARTEN, SCHOOL, SUPPORT_PLAN, World, world

__all__ = ["world"]

EDUCATION = ["plan_goal", "plan_measure", "education", "wellbeing"]
TOLD = {"received_by": "emp-3", "told": list(PARTS)}


ANY = {"If-Match": "*"}


def enrolled(world: World, **facts: Any) -> dict[str, Any]:
    guardians = [{"person": f"p-{who}", "relation": who} for who in ("mother", "father")]
    child = {"birth_date": "2021-02-03", "guardians": guardians, "hearing": "2026-01-10", **facts}
    plan: dict[str, Any] = world.call(
        "POST", "/v1/plans", json={"child": child, "coordination": {"coordinator": "school"}}
    ).json()
    agreed = [{"person": f"p-{who}", "reference": "form-1"} for who in ("mother", "father")]
    told = {"person": "emp-12", "started_by": "municipal_health", "agreed": agreed}
    assert world.call("POST", f"/v1/plans/{plan['id']}/beginning", json=told, headers=ANY).status_code == 200
    for system, key in ((SCHOOL, "pupil-1"), (KINDERGARTEN, "barn-1")):
        world.call("PUT", f"/v1/plans/{plan['id']}/links/{system.id}", json={"key": {"value": key}}, headers=ANY)
    for who in ("mother", "father"):
        consent = {
            "child": plan["child"],
            "person": f"p-{who}",
            "giver": who,
            "categories": EDUCATION,
            "evidence": TOLD,
        }
        world.call("POST", "/v1/consents", json=consent | {"receivers": ["kindergarten", "school"]})
    return plan


def document(**measure: Any) -> bytes:
    told = {"id": "m1", "title": "A quiet start to the day", "status": "active", **measure}
    return orjson.dumps({"schema": SUPPORT_PLAN, "pupil": {"id": "pupil-1"}, "measures": [told]})


def work(world: World) -> None:
    broker = world.hub.make_broker()
    while work_turn(broker, INTAKE, world.hub.updates.run, 64, 0):
        pass
    broker.close()


def mailbox(world: World, system: System) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = world.call("GET", "/v1/mailbox", by=system).json()["deliveries"]
    return rows


def test_a_school_sends_and_a_kindergarten_fetches_and_acknowledges(world: World) -> None:
    plan = enrolled(world)
    sent = world.send(document(), "m-1", Langbenk_Correlation_Id="sak-17")
    work(world)
    receipt = world.call("GET", sent.headers["Location"], by=SCHOOL).json()
    [parcel] = mailbox(world, KINDERGARTEN)
    again = mailbox(world, KINDERGARTEN)
    answer = [{"id": parcel["id"], "status": "delivered"}]
    acknowledged = world.call("POST", "/v1/mailbox/acknowledgements", by=KINDERGARTEN, json=answer)
    trail = world.call("GET", f"/v1/trail/{plan['id']}")

    assert [part["state"] for part in receipt["parts"]] == ["merged"]
    assert (parcel["kind"], parcel["version"], parcel["encoding"]) == (KINDERGARTEN.document, 1, "json")
    assert parcel["document"]["measures"][0]["title"] == "A quiet start to the day"
    assert [row["id"] for row in again] == [parcel["id"]]
    assert acknowledged.json() == {"acknowledged": 1, "unknown": []}
    assert mailbox(world, KINDERGARTEN) == []
    assert {"received", "decided", "sent", "answered"} <= {step["what"] for step in trail.json()}
    assert "quiet" not in trail.text
    assert world.call("GET", "/v1/status").json()["deliveries"]["states"] == {"delivered": 1}


def test_a_system_cannot_acknowledge_for_another(world: World) -> None:
    enrolled(world)
    world.send(document(), "m-1")
    work(world)
    [parcel] = mailbox(world, KINDERGARTEN)
    answer = [{"id": parcel["id"], "status": "delivered"}]

    assert world.call("POST", "/v1/mailbox/acknowledgements", by=SCHOOL, json=answer).json()["unknown"] == [
        parcel["id"]
    ]


def test_a_held_element_goes_when_the_coordinator_releases_it(world: World) -> None:
    plan = enrolled(world, protection="strictly_confidential")
    world.send(document(text="She waits by the gate until the bell rings."), "m-1")
    work(world)
    before = mailbox(world, KINDERGARTEN)
    holds = world.call("GET", "/v1/holds", params={"plan": plan["id"]}, headers=EMP_12).json()
    for hold in holds:
        told = {"reason": "read it: names no place", "best_interest": "she is met at the gate"}
        for person, state in (("emp-12", "open"), ("emp-13", "released")):
            agreed = {**told, "person": person, "findings": hold["rules"]}
            released = world.call("POST", f"/v1/holds/{hold['id']}/release", json=agreed)
            assert released.json()["state"] == state, released.text
    after = mailbox(world, KINDERGARTEN)

    assert holds
    assert "gate" not in str(before)
    assert "gate" in str(after)


def test_a_consent_given_later_lays_ready_what_it_opens(world: World) -> None:
    plan = enrolled(world)
    for consent in world.call("GET", f"/v1/persons/{plan['child']}/consents").json():
        world.call("POST", f"/v1/consents/{consent['id']}/withdrawal")
    world.send(document(), "m-1")
    work(world)
    before = mailbox(world, KINDERGARTEN)
    for who in ("mother", "father"):
        consent = {
            "child": plan["child"],
            "person": f"p-{who}",
            "giver": who,
            "categories": EDUCATION,
            "evidence": TOLD,
        }
        world.call("POST", "/v1/consents", json=consent | {"receivers": ["kindergarten"]})
    [parcel] = mailbox(world, KINDERGARTEN)

    assert before == []
    assert parcel["document"]["measures"][0]["title"] == "A quiet start to the day"
