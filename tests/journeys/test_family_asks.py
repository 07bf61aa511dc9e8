"""What the family cannot change itself it asks for: whoever coordinates answers, and the family reads the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest

from tests.journeys.family import FATHER, MOTHER, answers, asks, path, said
from tests.journeys.nora import LEAD, SCHOOL, code, family, post, set_table, tasks
from tests.journeys.offices import AUTHORITY
from tests.journeys.systems import measure, support_plan
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.town import Town

REVISION = {"kind": "frame", "content": {"revision_due": "2027-03-01"}, "categories": ["plan_goal"]}
PPT = {"kind": "cooperation", "content": {"title": "PPT looks in", "service": "ppt"}, "categories": ["education"]}


@pytest.fixture
def desk(town: Town) -> Town:
    """School and kindergarten at Nora's table, who may be told all; the municipal health service coordinates."""
    set_table(town)
    return town


def listed(town: Town) -> list[tuple[str, str, str]]:
    rows = town.call(CONTROL, "GET", path(town, "proposals")).json()
    return [(each["system"], each["kind"], each["state"]) for each in rows]


def in_the_logbook(town: Town, reader: str = "guardian") -> list[tuple[str, str, str]]:
    return [(one["kind"], one["service"], one["words"]) for one in family(town, reader)["lines"]]


def school_says(town: Town, **parts: Any) -> None:
    town.settled(SCHOOL, town.post(SCHOOL, orjson.dumps(support_plan("nora@school-1", **parts))))


def test_what_it_asks_for_waits_for_whoever_coordinates_and_changes_nothing_before(desk: Town) -> None:
    made = asks(desk, MOTHER, **PPT)
    (task,) = [each for each in tasks(desk, CONTROL, LEAD) if each["kind"] == "answer_family"]
    words = desk.call(CONTROL, "GET", path(desk, "logbook?kind=request"), headers={"Langbenk-Person": LEAD}).json()

    assert (made.status_code, listed(desk)) == (201, [("family", "cooperation", "open")])
    assert (task["addressee"], task["subject"]) == ("municipal_health", made.json()["id"])
    assert [one["words"] for one in words] == ["We would like that."]
    assert "PPT looks in" not in made.text
    assert desk.world.plan("nora").elements == {}


def test_accepted_it_enters_the_plan_and_reaches_those_who_may_know_and_the_family_reads_the_yes(desk: Town) -> None:
    school_says(desk, measures=[measure("m1", "A quiet start", responsible="The assistant")])
    (on,) = desk.world.plan("nora").elements
    id = asks(desk, MOTHER, element=on, content={"responsible": "Her own teacher"}).json()["id"]

    accepted = answers(desk, id, "acceptance", reason="The school agrees.")

    (document,) = desk.world.take(SCHOOL)
    assert [(each["title"], each["responsible"]) for each in document["measures"]] == [
        ("A quiet start", "Her own teacher")
    ]
    assert accepted.json()["state"] == "accepted"
    assert ("request_accepted", "municipal_health", "The school agrees.") in in_the_logbook(desk)
    assert "answer_family" not in {each["kind"] for each in tasks(desk, CONTROL, LEAD)}


def test_declined_it_changes_nothing_and_the_family_reads_why(desk: Town) -> None:
    id = asks(desk, FATHER, **REVISION).json()["id"]
    desk.world.clock.instant += timedelta(minutes=1)

    declined = answers(desk, id, "decline", reason="We revise in May, all together.")

    assert (declined.json()["state"], desk.world.plan("nora").elements) == ("declined", {})
    assert in_the_logbook(desk)[0] == ("request_declined", "municipal_health", "We revise in May, all together.")
    assert "har sagt nei" in family(desk, "guardian")["lines"][0]["what"]
    assert "har sagt nei" in family(desk, "child", "nn")["lines"][0]["what"]
    assert "has said no" in family(desk, "child", "en")["lines"][0]["what"]
    assert code(answers(desk, id, "acceptance")) == (409, "already_decided")


def test_a_new_one_is_the_coordinators_to_look_after_once_it_is_accepted(desk: Town) -> None:
    id = asks(desk, MOTHER, **PPT).json()["id"]
    answers(desk, id, "acceptance")

    (made,) = desk.world.plan("nora").elements.values()
    assert (made.kind, made.owner, made.content["service"]) == ("cooperation", "municipal_health", "ppt")


def test_there_is_one_frame_and_it_needs_no_naming(desk: Town) -> None:
    for content in ({"revision_due": "2027-03-01"}, {"period_end": "2027-06-01"}):
        id = asks(desk, MOTHER, **{**REVISION, "content": content}).json()["id"]
        answers(desk, id, "acceptance")

    (frame,) = desk.world.plan("nora").elements.values()
    assert frame.content == {"revision_due": "2027-03-01", "period_end": "2027-06-01"}


def test_what_is_to_be_removed_is_gone_once_that_is_accepted(desk: Town) -> None:
    school_says(desk, measures=[measure("m1", "A quiet start")])
    (on,) = desk.world.plan("nora").elements
    id = asks(desk, MOTHER, element=on, remove=True).json()["id"]
    before = desk.world.titles("nora", "measure")
    answers(desk, id, "acceptance")

    assert (before, desk.world.titles("nora", "measure")) == ({"A quiet start"}, set())


def test_no_service_answers_it_but_whoever_coordinates_and_nobody_counters_it(desk: Town) -> None:
    id = asks(desk, MOTHER, **PPT).json()["id"]
    countered = desk.call(
        CONTROL,
        "POST",
        f"/v1/proposals/{id}/counter",
        json={"person": LEAD, "reason": "rather so", "content": {"title": "Later"}},
        headers={"If-Match": "*"},
    )

    assert code(answers(desk, id, "acceptance", by="teacher-1")) == (403, "not_authorised")
    assert (code(countered), "decline it" in countered.json()["way_out"]) == ((403, "not_permitted"), True)
    assert listed(desk) == [("family", "cooperation", "open")]
    assert answers(desk, id, "acceptance", by=AUTHORITY).status_code == 200


def test_a_plan_that_is_closed_meanwhile_answers_it(desk: Town) -> None:
    asks(desk, MOTHER, **PPT)
    desk.world.clock.instant += timedelta(minutes=1)
    post(desk, LEAD, "closing", why="no_need")

    assert listed(desk) == [("family", "cooperation", "declined")]
    assert in_the_logbook(desk)[0] == ("request_closed", "municipal_health", "")
    assert tasks(desk, CONTROL, LEAD) == []
    assert code(asks(desk, MOTHER, **PPT)) == (409, "plan_closed")


def test_what_it_asks_for_and_the_answer_are_kept_from_guardians_where_something_is_withheld(desk: Town) -> None:
    id = asks(desk, desk.world.plan("nora").child, **PPT).json()["id"]
    answers(desk, id, "decline")
    desk.world.facts(desk.world.plan("nora").child, withheld=frozenset({"mental_health"}))

    assert in_the_logbook(desk) == []
    assert {kind for kind, *_ in in_the_logbook(desk, "child")} == {"request", "request_declined"}


@pytest.mark.parametrize(
    ("what", "status", "problem", "place"),
    [
        ({"content": {"title": "Of what?"}}, 422, "invalid_request", "kind"),
        ({"element": "nothing-1", "content": {"title": "Of what?"}}, 404, "not_found", "element"),
        ({"element": "nothing-1", "remove": True}, 404, "not_found", "element"),
        ({"kind": "measure", "remove": True}, 422, "invalid_request", "remove"),
        ({"kind": "measure", "categories": ["education"]}, 422, "invalid_request", "content"),
        ({**PPT, "categories": []}, 422, "unknown_word", "categories"),
        ({**PPT, "categories": ["secrets"]}, 422, "unknown_word", "categories"),
        ({**PPT, "content": {"colour": "blue"}}, 422, "invalid_request", "content"),
        ({**REVISION, "content": {"revision_due": "in spring"}}, 422, "invalid_request", "content.revision_due"),
        ({**REVISION, "content": {"title": 7}}, 422, "invalid_request", "content.title"),
        ({**PPT, "kind": "spell"}, 422, "invalid_request", "kind"),
        ({**PPT, "words": "x"}, 422, "invalid_request", "words"),
        ({**PPT, "said": said("aunt-1")}, 422, "not_family", "said.person"),
    ],
)
def test_what_cannot_be_asked_so_is_answered_with_its_place(
    desk: Town, what: dict[str, Any], status: int, problem: str, place: str
) -> None:
    answer = asks(desk, MOTHER, **what)
    told = answer.json()
    places = {told.get("place"), *(each["place"].removeprefix("body.") for each in told.get("errors") or ())}

    assert (answer.status_code, told["code"], place in places) == (status, problem, True), told
    assert listed(desk) == []


def test_who_may_ask_on_its_behalf(desk: Town) -> None:
    own = {"person": "teacher-1", "said": said(MOTHER), "words": "Please.", **PPT}

    assert code(asks(desk, MOTHER, by="teacher-1", **PPT)) == (403, "not_authorised")
    assert code(desk.call(SCHOOL, "POST", path(desk, "proposals"), json=own)) == (403, "insufficient_scope")


def test_what_names_nothing_that_it_reveals_is_told_to_name_it(desk: Town) -> None:
    answer = asks(desk, MOTHER, **{**PPT, "categories": []}).json()

    assert (answer["detail"], "name all that it reveals" in answer["way_out"]) == ("none is named", True)
