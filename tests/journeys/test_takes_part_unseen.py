"""Whoever coordinates asks a service that takes part unseen, and sees just what it would if that did not take part."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.model.official import Official
from tests.journeys.nora import LEAD, NURSERY, SCHOOL, day
from tests.journeys.offices import CONTROL, UNIT, open_offices
from tests.journeys.systems import HOME, system
from tests.journeys.town import Town

SECRET = "family_counselling"
COUNSELLING = system("counselling-1", SECRET, "child-welfare", "no.langbenk.plan.v1.document")
CARED_FOR = "child_welfare"
STEPS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "asked, and it accepts": [
        (LEAD, "invitations", {"service": SECRET}),
        ("counsellor-1", "invitations/answer", {"answer": "accept"}),
    ],
    "asked, it declines, and is asked once more": [
        (LEAD, "invitations", {"service": SECRET}),
        ("counsellor-1", "invitations/answer", {"answer": "decline"}),
        (LEAD, "invitations", {"service": SECRET}),
    ],
    "asked twice": [(LEAD, "invitations", {"service": SECRET}), (LEAD, "invitations", {"service": SECRET})],
    "asked to start later, then at once": [
        (LEAD, "invitations", {"service": SECRET, "starts_on": "+20"}),
        (LEAD, "starts", {"service": SECRET}),
    ],
    "asked, and given a later start": [
        (LEAD, "invitations", {"service": SECRET}),
        (LEAD, "starts", {"service": SECRET, "starts_on": "+20"}),
        ("counsellor-1", "invitations/answer", {"answer": "accept"}),
    ],
    "given a later start unasked": [(LEAD, "starts", {"service": SECRET, "starts_on": "+20"})],
    "called to a meeting": [(LEAD, "meetings", {"at": "2027-02-01T10:00:00Z", "asked": [SECRET]})],
    "a meeting called with all": [(LEAD, "meetings", {"at": "2027-02-01T10:00:00Z"})],
    "a meeting called with all, once one takes part": [
        (LEAD, "invitations", {"service": "school"}),
        ("teacher-1", "invitations/answer", {"answer": "accept"}),
        (LEAD, "meetings", {"at": "2027-02-01T10:00:00Z"}),
    ],
    "asked to cooperate by the school": [("teacher-1", "cooperation", {"service": SECRET, "words": "Kan vi snakkes?"})],
    "one who must take part declines and is excused": [
        (LEAD, "invitations", {"service": CARED_FOR}),
        ("caseworker-1", "invitations/answer", {"answer": "decline", "reason": "no case of ours"}),
        (LEAD, "invitations/weighing", {"service": CARED_FOR, "answer": "excuse", "reason": "talked it over"}),
    ],
    "one who must take part is excused, asked once more, and accepts": [
        (LEAD, "invitations", {"service": CARED_FOR}),
        ("caseworker-1", "invitations/answer", {"answer": "decline", "reason": "no case of ours"}),
        (LEAD, "invitations/weighing", {"service": CARED_FOR, "answer": "excuse", "reason": "talked it over"}),
        (LEAD, "invitations", {"service": CARED_FOR}),
        ("caseworker-1", "invitations/answer", {"answer": "accept"}),
    ],
    "one who must take part declines, is kept, and accepts": [
        (LEAD, "invitations", {"service": CARED_FOR}),
        ("caseworker-1", "invitations/answer", {"answer": "decline", "reason": "no case of ours"}),
        (LEAD, "invitations/weighing", {"service": CARED_FOR, "answer": "keep", "reason": "talked it over"}),
        ("caseworker-1", "invitations/answer", {"answer": "accept"}),
    ],
}


@pytest.fixture
def desk(town: Town) -> Town:
    """Two children just alike, but that two services take part in Kari's plan, asked by the municipality's office."""
    open_offices(town.world)
    town.world.authorise(Official("counsellor-1", HOME, frozenset({"coordinator"}), SECRET))
    town.world.register(CONTROL, COUNSELLING)
    for name in ("nora", "kari"):
        town.world.at_table(name, SCHOOL, NURSERY, consent=False)
    for service, person in ((SECRET, "counsellor-1"), (CARED_FOR, "caseworker-1")):
        assert take(town, "kari", UNIT, "invitations", {"service": service}).status_code == 200
        assert take(town, "kari", person, "invitations/answer", {"answer": "accept"}).status_code == 200
    return town


def take(town: Town, name: str, person: str, step: str, told: dict[str, Any]) -> Any:
    town.world.clock.go_on(minutes=1)
    said = {key: day(town, int(each)) if str(each).startswith("+") else each for key, each in told.items()}
    path = f"/v1/plans/{town.world.plans[name]}/{step}"
    return town.call(CONTROL, "POST", path, json={"person": person, **said}, headers={"If-Match": "*"})


def seen(town: Town, name: str, began: datetime) -> list[Any]:
    """What whoever coordinates may read of who takes part, and its tasks; without what any two children differ by."""
    headers = {"Langbenk-Person": LEAD}
    plan = town.world.plans[name]
    paths = [f"/v1/plans/{plan}/{what}" for what in ("life", "services")]
    answers = [town.call(CONTROL, "GET", path, headers=headers) for path in (*paths, f"/v1/tasks?plan={plan}")]
    return [(each.status_code, alike(town, name, each.text, began)) for each in answers]


def alike(town: Town, name: str, text: str, began: datetime) -> str:
    """Ids and instants are other ones in each plan; how long after the first step it was is not."""

    def after(found: re.Match[str]) -> str:
        passed = datetime.fromisoformat(found[0]) - began
        return f"after {passed}" if timedelta() < passed < timedelta(days=1) else "then"

    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", after, text)
    return re.sub(r"[0-9a-f-]{32,36}", "id", text.replace(town.world.plans[name], "plan"))


@pytest.mark.parametrize("steps", STEPS)
def test_whoever_coordinates_sees_no_difference(desk: Town, steps: str) -> None:
    answers: dict[str, list[Any]] = {}
    for name in ("nora", "kari"):
        began = desk.world.clock.now()
        told = [(who, take(desk, name, who, step, said)) for who, step, said in STEPS[steps]]
        mine = [
            (each.status_code, alike(desk, name, each.text, began)) for who, each in told if who in (LEAD, "teacher-1")
        ]
        answers[name] = [*mine, *seen(desk, name, began)]

    assert answers["nora"] == answers["kari"]
    assert answers["nora"][-1][0] == 200


@pytest.mark.parametrize("steps", STEPS)
def test_whoever_takes_part_goes_on_doing_so(desk: Town, steps: str) -> None:
    for who, step, said in STEPS[steps]:
        take(desk, "kari", who, step, said)
    path = f"/v1/plans/{desk.world.plans['kari']}/life"
    seats = desk.call(CONTROL, "GET", path, headers={"Langbenk-Person": UNIT}).json()["seats"]

    assert {(each["service"], each["answer"], each["starts_on"]) for each in seats} >= {
        (SECRET, "accept", None),
        (CARED_FOR, "accept", None),
    }
