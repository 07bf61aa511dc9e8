"""The plan as its family reads it: own goals and words first, and nothing that is withheld from that reader."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest

from hub.model.responsibility import Responsibility
from tests.journeys.family import MOTHER, answers, asks, child_of, says, says_anew
from tests.journeys.nora import LEAD, SCHOOL, code, day, post, set_table, takes_part
from tests.journeys.systems import HOME, measure, support_plan
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.town import Town

AGREED = {"agreed_by": [MOTHER, "nora-father"]}


@pytest.fixture
def desk(town: Town) -> Town:
    """School and kindergarten at Nora's table, who may be told all; the municipal health service coordinates."""
    set_table(town)
    return town


def read(town: Town, reader: str = "guardian", language: str = "nb") -> dict[str, Any]:
    path = f"/v1/persons/{child_of(town)}/plan?for={reader}&language={language}"
    answer: dict[str, Any] = town.call(CONTROL, "GET", path).json()
    return answer


def section(told: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [each for each in told["sections"] if each["name"] == name]
    return found


def titles(told: dict[str, Any], name: str) -> list[str]:
    return [each["title"] for each in section(told, name)["items"]]


def school_says(town: Town, *measures: Any, **parts: Any) -> None:
    plan = support_plan("nora@school-1", measures=list(measures), **parts)
    town.settled(SCHOOL, town.post(SCHOOL, orjson.dumps(plan)))


def test_it_opens_with_the_childs_own_goals_and_words_and_then_its_parents(desk: Town) -> None:
    school_says(
        desk,
        measure("m1", "A quiet start"),
        goals=[
            {"id": "g1", "title": "Reads a page", "status": "active"},
            {"id": "g2", "title": "To have a friend", "status": "active", "statedBy": "child"},
        ],
    )
    (reads, friend) = (each.id for each in desk.world.proposals("nora"))
    for each in (reads, friend):
        answers(desk, each, "acceptance")
    says(desk, MOTHER, "goal", title="That she sleeps")
    says(desk, child_of(desk), "voice", title="The pool", words="I like the deep end.")
    says(desk, child_of(desk), "goal", title="To swim to the raft")

    told = read(desk)

    assert [each["name"] for each in told["sections"]] == [
        *("own", "agreed", "who", "meetings", "coordination", "requests")
    ]
    own = titles(told, "own")
    assert set(own[:2]) == {"To have a friend", "To swim to the raft"}
    assert own[2:] == ["The pool", "That she sleeps"]
    assert (titles(told, "agreed"), titles(told, "who")) == (["Reads a page"], ["A quiet start"])
    assert ["ord", "I like the deep end."] in section(told, "own")["items"][2]["fields"]


def test_headings_and_whose_words_they_are_follow_the_reader_and_the_language(desk: Town) -> None:
    says(desk, child_of(desk), "goal", title="To swim to the raft")
    school_says(desk, measure("m1", "A quiet start"))

    heard = {
        (reader, language): (own["heading"], own["items"][0]["whose"], section(told, "who")["items"][0]["whose"])
        for reader in ("child", "guardian")
        for language in ("nb", "nn", "en")
        for told in [read(desk, reader, language)]
        for own in [section(told, "own")]
    }

    assert heard["child", "nb"] == ("Mine egne mål og ord", "Sagt av deg", "skole")
    assert heard["child", "nn"] == ("Mine eigne mål og ord", "Sagt av deg", "skule")
    assert heard["child", "en"] == ("My own goals and words", "Said by you", "school")
    assert heard["guardian", "en"] == (
        "The child's and the family's own goals and words",
        "Said by the child",
        "school",
    )
    assert ["status", "i gang"] in section(read(desk), "own")["items"][0]["fields"]


def test_where_nothing_is_said_yet_the_first_words_say_so(desk: Town) -> None:
    told = section(read(desk, "child"), "own")

    assert (told["items"], told["sentences"]) == ([], ["Ingen egne mål eller ord er skrevet ned ennå."])


def test_it_says_who_coordinates_until_when_it_holds_and_which_meetings_are_called(desk: Town) -> None:
    takes_part(desk, "school", SCHOOL)
    at = desk.world.hub.clock.now() + timedelta(days=9)
    post(desk, LEAD, "meetings", at=at.isoformat())
    post(desk, LEAD, "participation", words="Nora drew what she wants.")
    post(desk, LEAD, "approvals", **AGREED, revise_on=day(desk, 90))

    told = read(desk, language="en")

    (who, begun, revised) = section(told, "coordination")["sentences"]
    assert "health" in who
    assert (day(desk, 0) in begun, day(desk, 90) in revised) == (True, True)
    assert [each.split(":")[-1].strip() for each in section(told, "meetings")["sentences"]] == ["school are called."]


def test_a_comment_stands_beneath_what_it_is_on_and_a_request_with_its_answer(desk: Town) -> None:
    school_says(desk, measure("m1", "A quiet start"))
    (on,) = desk.world.plan("nora").elements
    says(desk, MOTHER, "note", comments_on=on, words="It helps.")
    id = asks(desk, MOTHER, element=on, content={"extent": "Every day"}).json()["id"]
    before = section(read(desk), "requests")["items"]
    answers(desk, id, "decline")

    told = read(desk)

    (item,) = section(told, "who")["items"]
    assert [(each["title"], each["whose"]) for each in item["comments"]] == [("A quiet start", "Sagt av en forelder")]
    assert ["tekst", "It helps."] in item["comments"][0]["fields"]
    assert [(one["whose"], one["fields"][0][1]) for one in before] == [("venter på svar", "We would like that.")]
    assert [one["whose"] for one in section(told, "requests")["items"]] == ["sagt nei til"]


def test_what_is_withheld_from_guardians_is_in_the_childs_plan_alone(desk: Town) -> None:
    school_says(
        desk,
        measure("m1", "A quiet start"),
        {**measure("m2", "Reads alone"), "topic": "special_education"},
        measure("m3", "Talks with BUP on Fridays"),
        measure("m4", "Her name on the shelf"),
    )
    says(desk, child_of(desk), "voice", title="At night", words="I am afraid.", categories=["mental_health"])
    says(desk, child_of(desk), "goal", title="To swim to the raft")
    desk.world.facts(child_of(desk), withheld=frozenset({"sped", "mental_health"}))

    guardian, child = read(desk), read(desk, "child")

    assert (titles(guardian, "own"), titles(guardian, "who")) == (
        ["To swim to the raft"],
        ["A quiet start", "Her name on the shelf"],
    )
    assert set(titles(child, "own")) == {"To swim to the raft", "At night"}
    assert len(titles(child, "who")) == 4
    assert "afraid" not in str(guardian)


def test_a_crisis_centre_is_neither_named_nor_read_of_by_guardians(desk: Town) -> None:
    school_says(desk, measure("m1", "A quiet start"), measure("m2", "Krisesenteret følger til skolen"))
    desk.world.facts(child_of(desk), responsibility=Responsibility(main_responsible="crisis_centre"))

    guardian, child = read(desk), read(desk, "child")

    assert titles(guardian, "who") == ["A quiet start"]
    assert "krisesent" not in str(guardian).lower()
    assert len(titles(child, "who")) == 2
    assert "krisesenter" in str(section(child, "coordination")).lower()


def test_what_is_about_somebody_else_is_that_persons_to_read(desk: Town) -> None:
    says(desk, MOTHER, "voice", title="About me", words="I cannot do any more.", about="parent")
    school_says(desk, {**measure("m1", "Her brother is picked up"), "about": "sibling"})

    assert [titles(read(desk, reader), name) for reader in ("guardian", "child") for name in ("own", "who")] == [
        *([], []),
        *([], []),
    ]


def test_guardians_of_a_hidden_child_and_of_an_adult_are_shown_nothing_and_no_copy_tells_a_place(desk: Town) -> None:
    school_says(desk, measure("m1", "A quiet start"), meetings=[{"id": "x1", "title": "Team", "place": "Lia school"}])
    desk.world.facts(child_of(desk), protection="strictly_confidential")
    shut, child = read(desk, "guardian", "en"), read(desk, "child")

    assert (shut["shut"], shut["sections"]) == (["ADR-01"], [])
    assert "not shown to guardians" in shut["why_shut"]
    assert titles(child, "meetings") == ["Team"]
    assert "Lia" not in str(child)


def test_of_one_who_is_of_age_no_guardian_reads_it(town: Town) -> None:
    set_table(town)
    town.world.at_table("nora", SCHOOL, age=19)

    assert (read(town)["shut"], read(town, "child")["shut"]) == (["AGE-01"], [])


def test_that_it_was_read_is_on_record_with_the_decision_and_no_word_of_it(desk: Town) -> None:
    says(desk, MOTHER, "goal", title="To swim to the raft")
    for reader in ("guardian", "child"):
        read(desk, reader)

    with desk.world.hub.store.begin() as work:
        lines = work.audit.of(HOME, desk.world.plans["nora"])
    seen = [each.detail for each in lines if each.action == "plan.read"]
    assert [each["reader"] for each in seen] == ["guardian", "child"]
    assert [each.detail["kind"] for each in lines if each.action == "plan.decided"] == ["guardian_view"]
    assert "swim" not in str(lines)


def test_a_closed_plan_is_still_read(desk: Town) -> None:
    id = says(desk, MOTHER, "goal", title="To swim to the raft").json()["element"]
    says_anew(desk, MOTHER, id, "goal", title="To swim to the raft", status="reached")
    post(desk, LEAD, "closing", why="no_need")

    told = read(desk)

    assert titles(told, "own") == ["To swim to the raft"]
    assert ["status", "nådd"] in section(told, "own")["items"][0]["fields"]
    assert "avsluttet" in section(told, "coordination")["sentences"][-1]


def test_who_may_read_it_for_the_family_and_what_is_answered_where_there_is_none(desk: Town) -> None:
    path = f"/v1/persons/{child_of(desk)}/plan"

    assert code(desk.call(SCHOOL, "GET", f"{path}?for=child")) == (403, "insufficient_scope")
    assert code(desk.call(CONTROL, "GET", path)) == (422, "invalid_request")
    assert code(desk.call(CONTROL, "GET", f"{path}?for=teacher")) == (422, "invalid_request")
    assert code(desk.call(CONTROL, "GET", f"{path}?for=child&language=se")) == (422, "invalid_request")
    assert code(desk.call(CONTROL, "GET", "/v1/persons/nobody-1/plan?for=child")) == (404, "not_found")
