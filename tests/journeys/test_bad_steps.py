"""Bad input at the control room's and a system's doors: unknown ids, stale versions, a plan that is closed or moves.

Each gets a clear answer with a way on, names nobody, changes nothing, and loses nothing that is on its way.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.bootstrap import Hub, build
from hub.model.responsibility import Responsibility
from hub.ops import coordination
from hub.ops.casework import Casework, take_up
from hub.ops.hands import hand_of
from hub.ops.officials import Barred
from hub.ops.seats import answer, invite
from hub.ops.together import call_meeting
from hub.sandbox.issuer import Issuer
from tests.conftest import StandingClock
from tests.journeys.conftest import opened
from tests.journeys.nora import NURSERY, SCHOOL, post, set_table
from tests.journeys.offices import UNIT, act, open_offices
from tests.journeys.systems import SYSTEMS, TWO, measure, support_plan
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.test_proposer_told import proposes
from tests.journeys.town import Town
from tests.journeys.waiting import in_doubt, people
from tests.journeys.world import World

NOBODY = "0" * 32
DECIDED = {"person": TWO[0], "reason": "talked it over with the parents"}
SEEN = {"If-Match": "*", "Langbenk-Person": TWO[0]}
GOAL = {"id": "g1", "title": "Reads a page", "status": "active"}


@pytest.fixture
def desk(town: Town) -> Town:
    """The school has told the kindergarten of a measure, which it has taken in; the municipal health service leads."""
    set_table(town)
    people(town.world)
    early = support_plan("nora@school-1", measures=[measure("m1", "Early")])
    town.settled(SCHOOL, town.post(SCHOOL, orjson.dumps(early)))
    assert town.empty_mailbox(NURSERY)
    return town


def asks(town: Town, method: str, path: str, body: Any = None, by: Any = CONTROL) -> tuple[int, str]:
    """The status, and the code of a problem that says what to do or where; of nobody, and with nobody's words in it."""
    answer = town.call(by, method, path, json=body, headers=SEEN)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert problem["detail"]
    assert not [word for word in ("nora@", "Nora", "Reads a page", "parents") if word in answer.text]
    return answer.status_code, problem["code"]


@pytest.mark.parametrize("verb", ["acceptance", "decline", "counter"])
def test_a_proposal_that_nobody_made_is_not_found_whatever_is_done_with_it(desk: Town, verb: str) -> None:
    body = DECIDED | ({"content": {"title": "Reads a page"}} if verb == "counter" else {})

    assert asks(desk, "POST", f"/v1/proposals/{NOBODY}/{verb}", body) == (404, "not_found")


HOLD_STEPS: dict[str, dict[str, Any]] = {
    "release": {**DECIDED, "findings": ["CON-01"], "best_interest": "she is met by people who know her"},
    "refusal": DECIDED,
    "handover": {**DECIDED, "to": "decision_authority"},
    "question": {"person": TWO[0], "question": "does the text name anybody else?"},
    "consent-request": {"person": TWO[0], "background": "The move to school."},
}


@pytest.mark.parametrize("step", HOLD_STEPS)
def test_a_hold_that_there_is_not_is_not_found_whatever_is_done_with_it(desk: Town, step: str) -> None:
    assert asks(desk, "POST", f"/v1/holds/{NOBODY}/{step}", HOLD_STEPS[step]) == (404, "not_found")
    assert asks(desk, "GET", f"/v1/holds/{NOBODY}") == (404, "not_found")


@pytest.mark.parametrize("fields", [["colour"], ["title", "0"], ["no-such-element"]])
def test_a_part_that_the_held_element_has_not_cannot_be_released_and_it_waits_on(town: Town, fields: list[str]) -> None:
    town.world.register(CONTROL)
    people(town.world)
    hold = in_doubt(town.world)
    body = {**HOLD_STEPS["release"], "findings": list(hold.rules), "fields": fields}

    assert asks(town, "POST", f"/v1/holds/{hold.id}/release", body) == (422, "unknown_field")
    assert [each.id for each in town.world.holds("nora")] == [hold.id]


@pytest.mark.parametrize("element", [NOBODY, "m1", "nora@school-1", "%00", "a" * 300])
def test_an_element_that_is_in_no_view_is_not_found_and_what_was_asked_for_is_not_said_again(
    desk: Town, element: str
) -> None:
    plan = desk.world.plans["nora"]

    status, code = asks(desk, "GET", f"/v1/plans/{plan}/elements/{element}/categories", by=NURSERY)

    assert (status, code) in ((404, "not_found"), (422, "invalid_request"))


@pytest.mark.parametrize(
    ("since", "status", "code"),
    [("7", 409, "ahead"), ("-1", 422, "invalid_request"), ("yesterday", 422, "invalid_request")],
)
def test_a_version_that_its_view_never_had_is_answered_with_what_to_do(
    desk: Town, since: str, status: int, code: str
) -> None:
    path = f"/v1/plans/{desk.world.plans['nora']}/changes?since={since}"

    assert asks(desk, "GET", path, by=NURSERY) == (status, code)
    assert asks(desk, "GET", f"/v1/plans/{NOBODY}/changes?since=0", by=NURSERY) == (404, "not_found")


SAID = {"person": "nora-mother", "reference": "journal-1"}
GOAL_SAID = {"said": SAID, "kind": "goal", "title": "Swim", "categories": ["plan_goal"]}
BEYOND: list[tuple[str, str, dict[str, Any]]] = [
    ("invitations", "body.starts_on", {"service": "ppt", "starts_on": "9999-12-31"}),
    ("starts", "body.starts_on", {"service": "school", "starts_on": "9999-12-31"}),
    ("meetings", "body.at", {"at": "9999-12-31T23:59:59Z"}),
    ("words", "body.said.at", {**GOAL_SAID, "said": {**SAID, "at": "9999-12-31T23:59:59Z"}}),
    ("words", "body.said.at", {**GOAL_SAID, "said": {**SAID, "at": "0001-01-01T00:00:00+14:00"}}),
]


@pytest.mark.parametrize(("step", "place", "told"), BEYOND)
def test_a_day_at_the_end_of_the_calendar_is_told_to_be_none(
    desk: Town, step: str, place: str, told: dict[str, Any]
) -> None:
    refused = post(desk, TWO[0], step, **told)

    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
    assert place in [each["place"] for each in refused.json()["errors"]]


def test_a_meeting_at_the_end_of_the_calendar_leaves_the_family_its_plan_to_read(desk: Town) -> None:
    """As an adapter, or a hub before this one, may have taken it in."""
    act(desk.world, "nora", "nurse-1", lambda case: invite(case, "school"))
    act(desk.world, "nora", "teacher-1", lambda case: answer(case, "accept"))
    called = act(desk.world, "nora", "nurse-1", lambda case: call_meeting(case, datetime.max.replace(tzinfo=UTC)))
    child = desk.world.plan("nora").child
    read = desk.call(CONTROL, "GET", f"/v1/persons/{child}/plan?for=guardian")

    assert isinstance(called, Casework), called
    assert read.status_code == 200, read.text
    assert "9999" in read.text


def test_nothing_is_decided_about_a_closed_plan_and_what_was_proposed_has_been_answered(town: Town) -> None:
    town.world.register(CONTROL)
    proposal = proposes(town.world)
    assert post(town, "nursery-1", "closing", why="no_need").status_code == 200

    for verb, more in (("acceptance", {}), ("counter", {"content": {"title": "Late"}})):
        assert asks(town, "POST", f"/v1/proposals/{proposal.id}/{verb}", DECIDED | more) == (409, "plan_closed")
    sent = town.post(SCHOOL, orjson.dumps(support_plan("nora@school-1", goals=[GOAL])))
    town.world.work()
    (part,) = town.call(SCHOOL, "GET", sent.headers["Location"]).json()["parts"]
    (told,) = town.call(SCHOOL, "GET", "/v1/mailbox").json()["proposals"]

    assert (part["state"], part["code"]) == ("refused", "plan_closed")
    assert (told["proposal"], told["state"]) == (proposal.id, "declined")


def test_a_move_while_a_delivery_is_on_its_way_loses_neither_it_nor_what_comes_after(desk: Town) -> None:
    """The kindergarten has fetched and not acknowledged; the child moves; the school goes on writing."""
    said = support_plan("nora@school-1", measures=[measure("m1", "Early"), measure("m3", "Then")])
    desk.settled(SCHOOL, desk.post(SCHOOL, orjson.dumps(said)))
    (fetched,) = desk.call(NURSERY, "GET", "/v1/mailbox").json()["deliveries"]

    moved = post(desk, UNIT, "moves", to="0002")
    later = {**said, "measures": [*said["measures"], measure("m2", "Late")]}
    (part,) = desk.settled(SCHOOL, desk.post(SCHOOL, orjson.dumps(later)))
    away = desk.call(NURSERY, "GET", "/v1/mailbox").json()["deliveries"]
    taken = [{"id": fetched["id"], "status": "delivered"}]
    answered = desk.call(NURSERY, "POST", "/v1/mailbox/acknowledgements", json=taken).json()
    child = desk.world.plan("nora").child
    desk.world.facts(child, residence=None)  # the register had it wrong
    desk.world.sweep()

    assert (moved.status_code, part["state"]) == (200, "held")  # it is the new municipality's to say who coordinates
    assert "Late" not in str(away)
    assert answered["acknowledged"] + len(answered["unknown"]) == 1
    assert "Late" in str(desk.world.take(NURSERY))
    states = {row.state for row in desk.world.deliveries("nora", NURSERY)}
    assert states <= {"delivered", "superseded", "held", "denied"}


def claims(hub: Hub, world: World, person: str, won: list[str], lost: list[str]) -> None:
    """What one process of several does: a hub of its own over the same database, in one transaction."""
    try:
        with hub.store.begin() as work:
            case = take_up(work, world.desk, hand_of(work, world.desk, person), world.plans["nora"])
            done = coordination.claim(case) if isinstance(case, Casework) else case
    except Exception as refused:  # whatever it is, it must be the clear answer below
        lost.append(type(refused).__name__)
    else:
        (lost if isinstance(done, Barred) else won).append(person)


@pytest.mark.services
def test_of_several_processes_that_claim_in_the_same_instant_one_coordinates(
    tmp_path: Path, clock: StandingClock, issuer: Issuer, with_a_door: Mapping[str, str]
) -> None:
    """Each with connections of its own to PostgreSQL; ten times over."""
    everybody = ["teacher-1", "nursery-1", "nurse-1", "caseworker-1"]
    with opened(tmp_path, clock, issuer, **with_a_door) as world:
        open_offices(world)
        hubs = [build(world.hub.settings, clock=world.hub.clock) for _ in everybody]
        for _ in range(10):
            world.at_table("nora", *SYSTEMS.values(), responsibility=Responsibility())
            won, lost = list[str](), list[str]()
            gate = threading.Barrier(len(hubs))

            def run(hub: Hub, who: str, gate: Any = gate, won: list[str] = won, lost: list[str] = lost) -> None:
                gate.wait()
                claims(hub, world, who, won, lost)

            threads = [threading.Thread(target=run, args=each) for each in zip(hubs, everybody, strict=True)]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
            with world.hub.store.begin() as work:
                facts = work.persons.facts([world.plan("nora").child])[world.plan("nora").child]

            assert (len(won), len(lost)) == (1, 3), (won, lost)
            assert set(lost) <= {*everybody, "TryAgainError"}
            assert len([each for each in facts.mandates if each.ended_at is None]) == 1
        for hub in hubs:
            hub.close()
