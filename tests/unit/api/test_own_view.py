"""A system's own view over HTTP: its plans, what has changed, its versions, all of it anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from hub.model.life import Life
from hub.ops.enrol import Desk, change_facts
from hub.routing.pipeline import work_turn
from hub.routing.queues import INTAKE
from tests.unit.api.conftest import KINDERGARTEN, OFFICE, OTHER_OFFICE, SCHOOL, SUPPORT_PLAN, World


@pytest.fixture
def told(world: World, plan: dict[str, Any]) -> str:
    """A plan to which the school has said one measure of its own."""
    begun = Life(begun=world.hub.clock.now())
    with world.hub.store.begin() as work:
        desk = Desk("0001", "test", world.hub.clock)
        change_facts(work, desk, str(plan["child"]), lambda known: replace(known, life=begun))
    measure = {"id": "m-1", "title": "A quiet start", "status": "active"}
    body = {"schema": SUPPORT_PLAN, "pupil": {"id": "pupil-7"}, "measures": [measure]}
    assert world.send(orjson.dumps(body), "m-1").status_code == 202
    work_turn(world.hub.make_broker(), INTAKE, world.hub.updates.run, 10, 1)
    return str(plan["id"])


def test_a_system_lists_the_plans_it_sits_at(world: World, told: str) -> None:
    seats = world.call("GET", "/v1/own-plans", by=SCHOOL).json()

    assert seats == {"plans": [{"plan": told, "version": 0}], "next": None}
    assert world.call("GET", "/v1/own-plans", by=KINDERGARTEN).json()["plans"] == []


def test_what_has_changed_is_told_in_words_with_the_views_version(world: World, told: str) -> None:
    answer = world.call("GET", f"/v1/plans/{told}/changes?since=0&language=nn", by=SCHOOL)
    again = world.call("GET", f"/v1/plans/{told}/changes?since=1", by=SCHOOL).json()
    versions = world.call("GET", f"/v1/plans/{told}/versions", by=SCHOOL).json()

    (element,) = answer.json()["elements"]
    assert (answer.headers["ETag"], answer.json()["state"]) == ('W/"1"', "changed")
    assert (element["key"], element["what"], element["words"]) == ("m-1", "added", "Nytt: Tiltak «A quiet start»")
    assert (again["state"], again["elements"]) == ("you_have_all", [])
    assert [(each["version"], each["elements"]) for each in versions] == [(1, 1)]


@pytest.mark.parametrize(
    ("since", "status", "code"),
    [("-1", 422, "invalid_request"), ("x", 422, "invalid_request"), ("", 422, "invalid_request"), ("9", 409, "ahead")],
)
def test_a_version_that_cannot_be_is_answered_clearly(
    world: World, told: str, since: str, status: int, code: str
) -> None:
    answer = world.call("GET", f"/v1/plans/{told}/changes?since={since}", by=SCHOOL)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("path", ["changes?since=0", "versions"])
def test_another_system_and_an_unknown_plan_get_the_same_answer(world: World, told: str, path: str) -> None:
    another = world.call("GET", f"/v1/plans/{told}/{path}", by=KINDERGARTEN)
    unknown = world.call("GET", f"/v1/plans/{'0' * 32}/{path}", by=KINDERGARTEN)

    assert (another.status_code, another.json()["code"]) == (404, "not_found")
    assert another.json()["detail"] == unknown.json()["detail"]


def test_a_view_is_laid_ready_anew_by_the_system_or_by_an_operator(world: World, told: str) -> None:
    asked = world.call("POST", f"/v1/plans/{told}/resync", by=SCHOOL)
    laid = world.call("POST", f"/v1/plans/{told}/resyncs", by=OFFICE, json={"system": "school-1"})
    (row,) = world.call("GET", "/v1/mailbox", by=SCHOOL).json()["deliveries"]

    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    assert (row["id"], row["version"]) == (laid.json()["delivery"], 1)


def test_nobody_lays_another_municipalitys_view_ready(world: World, told: str) -> None:
    wrong = world.call("POST", f"/v1/plans/{told}/resyncs", by=OTHER_OFFICE, json={"system": "school-1"})

    assert wrong.status_code == 404


def test_of_an_empty_plan_nobody_is_told_anything(world: World, plan: dict[str, Any]) -> None:
    answer = world.call("GET", f"/v1/plans/{plan['id']}/changes?since=0", by=SCHOOL)

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_yet")


def test_the_reading_is_in_the_audit_chain(world: World, told: str) -> None:
    for since in (0, 1):
        world.call("GET", f"/v1/plans/{told}/changes?since={since}", by=SCHOOL)

    desk = Desk(SCHOOL.municipality, "test", world.hub.clock)
    with world.hub.store.begin() as work:
        actions = [each.action for each in work.audit.of(desk.municipality, told)]
        decisions = work.decisions.of(desk.municipality, told)
    assert "view.read" in actions
    assert [each.stage for each in decisions].count("dispatch") == 2


def test_a_system_without_an_api_cannot_be_asked_what_it_holds(world: World, told: str) -> None:
    named = world.call("POST", "/v1/reconciliations", by=OFFICE, json={"system": "school-1"})
    unknown = world.call("POST", "/v1/reconciliations", by=OFFICE, json={"system": "nobody"})
    every = world.call("POST", "/v1/reconciliations", by=OFFICE, json={}).json()

    assert [(each.status_code, each.json()["code"]) for each in (named, unknown)] == [
        (409, "no_api"),
        (404, "not_found"),
    ]
    assert every == {"checked": [], "total": 0, "next": None}
    assert world.call("POST", "/v1/reconciliations", by=SCHOOL, json={}).status_code == 403
