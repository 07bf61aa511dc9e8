"""Who changes a plan's life, its links or its refusals says what it has seen of them, and is told what has changed."""

from __future__ import annotations

from typing import Any

import pytest

from hub.model.responsibility import Responsibility
from tests.journeys.nora import LEAD, NURSERY, SCHOOL, day, set_table
from tests.journeys.offices import UNIT
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.test_two_at_once import together, won_and_lost
from tests.journeys.town import Town

AGREED = {"started_by": "municipal_health", "agreed": []}
STEPS: dict[str, dict[str, Any]] = {
    "beginning": AGREED,
    "stafettlogg": {},
    "stafettlogg/handover": {"history": []},
    "invitations": {"service": "school"},
    "starts": {"service": "school"},
    "invitations/answer": {"answer": "accept"},
    "invitations/weighing": {"service": "school", "answer": "keep", "reason": "talked it over"},
    "participation": {"words": "Nora drew what she wants."},
    "approvals": {"agreed_by": ["nora-mother"], "revise_on": "2027-02-01"},
    "meetings": {"at": "2027-02-01T10:00:00Z"},
    "closing": {"why": "no_need"},
    "reopening": {},
    "birth": {"birth_date": "2026-08-01"},
    "identity": {"number": "14861560032"},
    "moves": {"to": "0002"},
    "refusals": {"wish": "child_coordinator", "authority": "vedtak-9", "reason": "the need is not lasting"},
}
"""Every step that changes what somebody has read."""


@pytest.fixture
def desk(town: Town) -> Town:
    """School and kindergarten at Nora's table; the municipal health service coordinates."""
    set_table(town)
    return town


def at(desk: Town, step: str = "life") -> str:
    return f"/v1/plans/{desk.world.plans['nora']}/{step}"


def read(desk: Town, what: str = "life", person: str = LEAD) -> Any:
    answer = desk.call(CONTROL, "GET", at(desk, what), headers={"Langbenk-Person": person})
    assert answer.status_code == 200, answer.text
    return answer


def take(desk: Town, step: str, seen: str | None, person: str = LEAD, **told: Any) -> Any:
    headers = {} if seen is None else {"If-Match": seen}
    return desk.call(CONTROL, "POST", at(desk, step), json={"person": person, **told}, headers=headers)


def seat(desk: Town, system: str, key: str, seen: str | None) -> Any:
    headers = {} if seen is None else {"If-Match": seen}
    return desk.call(CONTROL, "PUT", at(desk, f"links/{system}"), json={"key": {"value": key}}, headers=headers)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_by_who_does_not_say_what_was_seen_or_saw_something_else_changes_nothing(desk: Town, step: str) -> None:
    person = UNIT if step in ("refusals", "reopening") else LEAD
    before = read(desk).headers["ETag"]

    missing, stale = take(desk, step, None, person, **STEPS[step]), take(desk, step, '"old"', person, **STEPS[step])

    assert (missing.status_code, missing.json()["code"]) == (428, "if_match_needed")
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert stale.json()["way_out"]
    assert read(desk).headers["ETag"] == before


def test_a_stale_step_is_told_how_the_plan_now_stands_and_is_taken_once_that_is_seen(desk: Town) -> None:
    seen = read(desk).headers["ETag"]
    invited = take(desk, "invitations", seen, service="school")

    late = take(desk, "closing", seen, why="no_need")
    again = take(desk, "closing", late.json()["etag"], why="no_need")

    assert [each["service"] for each in late.json()["current"]["seats"]] == ["school"]
    assert late.json()["etag"] == invited.headers["ETag"] == late.headers.get("ETag", late.json()["etag"])
    assert again.json()["closing"]["why"] == "no_need"
    assert again.headers["ETag"] == read(desk).headers["ETag"]


def test_of_two_who_saw_the_same_plan_one_closes_it_and_the_other_approves_nothing(desk: Town) -> None:
    take(desk, "participation", "*", words="Nora drew what she wants.")
    seen = read(desk).headers["ETag"]
    agreed = {"agreed_by": ["nora-mother", "nora-father"], "revise_on": day(desk, 90)}

    won, lost = won_and_lost(
        together(
            lambda: take(desk, "closing", seen, why="no_need"),
            lambda: take(desk, "approvals", seen, **agreed),
        )
    )

    now = read(desk).json()
    assert (now["closing"] is None) == bool(now["approvals"])
    assert lost.json()["current"] == won.json()


def test_a_line_that_overwrites_nothing_needs_no_such_word(desk: Town) -> None:
    words = {"words": "Vi gikk gjennom hvilke tilbud familien kan søke."}
    answers = [
        take(desk, "guidance", None, **words),
        take(desk, "gaps", None, **words),
        take(desk, "cooperation", None, service="school", **words),
    ]

    assert [each.status_code for each in answers] == [200, 200, 200]


def test_the_same_step_under_one_key_is_taken_once_though_the_plan_has_changed_since(desk: Town) -> None:
    headers = {"If-Match": read(desk).headers["ETag"], "Idempotency-Key": "invite-1"}
    told = {"person": LEAD, "service": "school"}
    first, second = (desk.call(CONTROL, "POST", at(desk, "invitations"), json=told, headers=headers) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert (second.json(), second.headers["ETag"]) == (first.json(), first.headers["ETag"])


def test_a_seat_is_given_by_who_has_seen_the_table_and_another_key_is_another_table(desk: Town) -> None:
    table = read(desk, "links").headers["ETag"]

    missing, first = seat(desk, SCHOOL.id, "pupil-77", None), seat(desk, SCHOOL.id, "pupil-77", table)
    late = seat(desk, NURSERY.id, "barn-78", table)
    next_one = seat(desk, NURSERY.id, "barn-78", first.headers["ETag"])

    assert (missing.status_code, first.status_code, late.status_code, next_one.status_code) == (428, 200, 412, 200)
    assert {each["system"] for each in late.json()["current"]["links"]} == {SCHOOL.id, NURSERY.id}
    assert "pupil-77" not in late.text + read(desk, "links").text


def test_of_two_who_seat_the_same_system_at_the_same_instant_one_is_told_of_the_other(desk: Town) -> None:
    table = read(desk, "links").headers["ETag"]

    won, _ = won_and_lost(together(*(lambda key=key: seat(desk, SCHOOL.id, key, table) for key in ("a-1", "a-2"))))

    assert read(desk, "links").headers["ETag"] == won.headers["ETag"]


def test_of_two_who_refuse_a_wish_the_second_has_read_of_the_first(town: Town) -> None:
    set_table(town)
    town.world.facts(town.world.plan("nora").child, responsibility=Responsibility())
    wish = {"person": LEAD}
    town.call(CONTROL, "POST", at(town, "coordination/wishes"), json=wish, headers={"If-Match": "*"})
    seen = read(town, "refusals", UNIT).headers["ETag"]

    first = take(town, "refusals", seen, UNIT, **STEPS["refusals"])
    second = take(town, "refusals", seen, UNIT, **STEPS["refusals"])

    assert (first.status_code, second.status_code) == (200, 412)
    assert first.headers["ETag"] == second.json()["etag"] == read(town, "refusals", UNIT).headers["ETag"]
