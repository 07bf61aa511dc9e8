"""Who may write down what the family says, and what is answered to whoever may not, or says what cannot be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.model.life import Life
from hub.model.service import System
from tests.journeys.family import ANYTHING, FATHER, MOTHER, child_of, path, said, says, says_anew, takes_back
from tests.journeys.nora import LEAD, SCHOOL, code, day, post, set_table
from tests.journeys.offices import UNIT
from tests.journeys.systems import measure, support_plan
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.town import Town

GOAL = "To swim to the raft"


@pytest.fixture
def desk(town: Town) -> Town:
    """School and kindergarten at Nora's table, who may be told all; the municipal health service coordinates."""
    set_table(town)
    return town


def test_whoever_coordinates_and_the_coordinating_unit_write_it_down_and_no_other_service(desk: Town) -> None:
    told = {"person": "teacher-1", "said": said(MOTHER), "kind": "goal", "title": GOAL, "categories": ["plan_goal"]}

    assert [says(desk, MOTHER, "goal", by=each, title=GOAL).status_code for each in (LEAD, UNIT)] == [201, 201]
    assert code(says(desk, MOTHER, "goal", by="teacher-1", title=GOAL)) == (403, "not_authorised")
    assert code(says(desk, MOTHER, "goal", by="nobody-1", title=GOAL)) == (403, "not_authorised")
    assert code(desk.call(SCHOOL, "POST", path(desk, "words"), json=told)) == (403, "insufficient_scope")
    assert desk.world.titles("nora", "goal") == {GOAL}


def test_it_is_said_by_the_child_or_by_a_guardian_and_by_nobody_else(desk: Town) -> None:
    refused = says(desk, "aunt-1", "goal", title=GOAL)

    assert (code(refused), refused.json()["place"]) == ((422, "not_family"), "said.person")
    assert says(desk, child_of(desk), "goal", title=GOAL).json()["by"] == "child"
    assert says(desk, FATHER, "goal", title=GOAL).json()["by"] == "parent"


def test_of_one_who_is_of_age_nobody_else_speaks(desk: Town) -> None:
    desk.world.at_table("nora", SCHOOL, age=19)

    assert code(says(desk, MOTHER, "goal", by=UNIT, title=GOAL)) == (422, "not_family")
    assert says(desk, child_of(desk), "goal", by=UNIT, title=GOAL).status_code == 201


def test_what_the_child_has_said_no_guardian_changes_or_takes_back(desk: Town) -> None:
    child = child_of(desk)
    id = says(desk, child, "voice", words="I want to go by bus.").json()["element"]

    assert code(says_anew(desk, MOTHER, id, "voice", words="She wants a taxi.")) == (403, "not_permitted")
    assert code(takes_back(desk, MOTHER, id)) == (403, "not_permitted")
    assert says_anew(desk, child, id, "voice", words="By bus, with Ada.").status_code == 200


def test_what_a_parent_has_said_of_herself_the_other_does_not_change(desk: Town) -> None:
    id = says(desk, MOTHER, "voice", words="I cannot do any more.", about="parent").json()["element"]
    ours = says(desk, MOTHER, "goal", title=GOAL).json()["element"]

    assert code(says_anew(desk, FATHER, id, "voice", words="She can.", about="parent")) == (403, "not_permitted")
    assert code(takes_back(desk, FATHER, id)) == (403, "not_permitted")
    assert says_anew(desk, FATHER, ours, "goal", title="To swim to the island").status_code == 200
    assert takes_back(desk, MOTHER, id).status_code == 200


def test_nothing_is_written_in_a_plan_that_has_not_begun_or_is_closed(desk: Town) -> None:
    desk.world.at_table("nora", SCHOOL, life=Life())
    early = says(desk, MOTHER, "goal", title=GOAL)
    desk.world.at_table("nora", SCHOOL)
    id = says(desk, MOTHER, "goal", title=GOAL).json()["element"]
    post(desk, LEAD, "closing", why="no_need")

    late = [says(desk, MOTHER, "goal", title=GOAL), takes_back(desk, MOTHER, id)]
    assert [code(each) for each in (early, *late)] == [
        (409, "plan_not_begun"),
        (409, "plan_closed"),
        (409, "plan_closed"),
    ]


@pytest.mark.parametrize(
    ("words", "status", "problem", "place"),
    [
        ({"kind": "goal", "words": "with no title"}, 422, "invalid_request", "title"),
        ({"kind": "voice", "title": "with no words"}, 422, "invalid_request", "words"),
        ({"kind": "voice", "words": "x" * 4_001}, 422, "invalid_request", "words"),
        ({"kind": "voice", "words": "on what?", "comments_on": "m1"}, 422, "invalid_request", "comments_on"),
        ({"kind": "note", "words": "on nothing"}, 404, "not_found", "comments_on"),
        ({"kind": "note", "words": "on what is not", "comments_on": "nothing-1"}, 404, "not_found", "comments_on"),
        ({"kind": "voice", "words": "by when?", "due": "2027-01-01"}, 422, "invalid_request", "due"),
        ({"kind": "voice", "words": "how far?", "status": "reached"}, 422, "invalid_request", "status"),
        ({"kind": "measure", "title": "not the family's to make"}, 422, "invalid_request", "kind"),
        ({"kind": "goal", "title": GOAL, "categories": []}, 422, "invalid_request", "categories"),
        ({"kind": "goal", "title": GOAL, "categories": ["secrets"]}, 422, "unknown_word", "categories"),
        ({"kind": "goal", "title": GOAL, "categories": ["unclassified"]}, 422, "unknown_word", "categories"),
        ({"kind": "goal", "title": GOAL, "said": said("14831850052")}, 422, "invalid_request", "said.person"),
        ({"kind": "goal", "title": GOAL, "said": {"person": MOTHER}}, 422, "invalid_request", "said.reference"),
        ({"kind": "goal", "title": GOAL, "owner": "school"}, 422, "invalid_request", "*"),
    ],
)
def test_what_cannot_be_said_so_is_answered_with_its_place_and_never_repeated(
    desk: Town, words: dict[str, Any], status: int, problem: str, place: str
) -> None:
    answer = says(desk, MOTHER, **words)

    assert (answer.status_code, answer.json()["code"]) == (status, problem)
    told = answer.json()
    places = {told.get("place"), *(each["place"].removeprefix("body.") for each in told.get("errors") or ())}
    assert place in places
    assert not any(str(words.get(name)) in answer.text for name in ("words", "title") if words.get(name))
    assert desk.world.plan("nora").elements == {}


def test_nothing_is_said_tomorrow_and_a_child_says_nothing_of_its_parent(desk: Town) -> None:
    tomorrow = (desk.world.hub.clock.now() + timedelta(days=1)).isoformat()

    late = says(desk, MOTHER, "goal", title=GOAL, said=said(MOTHER, at=tomorrow))
    of_another = says(desk, child_of(desk), "voice", words="Mum is tired.", about="parent")

    assert (code(late), late.json()["place"]) == ((422, "contradicting_period"), "said.at")
    assert (code(of_another), of_another.json()["place"]) == ((422, "invalid_request"), "about")


def test_a_change_is_of_what_was_read(desk: Town) -> None:
    id = says(desk, MOTHER, "goal", title=GOAL).json()["element"]
    read = desk.call(CONTROL, "GET", path(desk, "words", id), headers={"Langbenk-Person": LEAD})
    seen = {"If-Match": read.headers["ETag"]}

    blind = says_anew(desk, MOTHER, id, "goal", headers={}, title="Blind")
    first = says_anew(desk, MOTHER, id, "goal", headers=seen, title="First", due=day(desk, 30))
    second = says_anew(desk, FATHER, id, "goal", headers=seen, title="Second")
    third = says_anew(desk, FATHER, id, "goal", headers={"If-Match": first.headers["ETag"]}, title="Third")

    assert [code(blind), code(second)] == [(428, "if_match_needed"), (412, "stale")]
    assert (first.status_code, third.status_code) == (200, 200)
    assert second.json()["current"]["history"][-1]["detail"]["said_by"] == MOTHER
    assert desk.world.titles("nora", "goal") == {"Third"}


def test_a_services_own_element_is_not_the_familys_to_change(desk: Town) -> None:
    plan = support_plan("nora@school-1", measures=[measure("m1", "A quiet start")])
    desk.world.tell(SCHOOL, plan)
    (id,) = desk.world.plan("nora").elements
    mine = says(desk, MOTHER, "goal", title=GOAL).json()["element"]

    refused = says_anew(desk, MOTHER, id, "goal", title="Ours")
    other_kind = says_anew(desk, MOTHER, mine, "voice", words="Words in place of a goal")

    assert (code(refused), "proposals" in refused.json()["way_out"]) == ((404, "not_found"), True)
    assert (code(other_kind), other_kind.json()["place"]) == ((422, "invalid_request"), "kind")
    assert code(desk.call(CONTROL, "GET", path(desk, "words", id), headers={"Langbenk-Person": LEAD})) == (
        404,
        "not_found",
    )


def test_whoever_writes_it_down_is_shown_whose_it_is_and_none_of_it(desk: Town) -> None:
    says(desk, child_of(desk), "voice", words="I like the deep end.")
    listed = desk.call(CONTROL, "GET", path(desk, "words"), headers={"Langbenk-Person": LEAD})
    barred = desk.call(CONTROL, "GET", path(desk, "words"), headers={"Langbenk-Person": "teacher-1"})

    assert [(each["kind"], each["by"], each["categories"]) for each in listed.json()] == [
        ("voice", "child", ["plan_goal"])
    ]
    assert "deep end" not in listed.text
    assert code(barred) == (403, "not_authorised")


def test_no_service_shuts_it_by_calling_it_something_it_is_not(desk: Town) -> None:
    id = says(desk, child_of(desk), "voice", words="I like the deep end.").json()["element"]
    told = {"categories": ["plan_goal", "unclassified"]}

    def labelled(person: str, by: System, element: str, **more: Any) -> Any:
        told_so = {"person": person, **told, **more}
        return desk.call(by, "PUT", path(desk, "elements", element, "categories"), json=told_so, headers=ANYTHING)

    (row,) = desk.call(SCHOOL, "GET", path(desk, "changes?since=0")).json()["elements"]
    refused = [labelled("teacher-1", CONTROL, id), labelled("emp-1", SCHOOL, row["id"])]
    added = labelled(LEAD, CONTROL, id, categories=["plan_goal", "health"])
    taken = labelled(LEAD, CONTROL, id, categories=["plan_goal"])

    assert [code(each) for each in refused] == [(403, "not_permitted")] * 2
    assert added.json()["categories"] == ["health", "plan_goal"]
    assert code(taken) == (403, "not_authorised")


def test_the_same_request_again_says_it_once(desk: Town) -> None:
    told = {"person": LEAD, "said": said(MOTHER), "kind": "goal", "title": GOAL, "categories": ["plan_goal"]}
    sent = [
        desk.call(CONTROL, "POST", path(desk, "words"), json=told, headers={**ANYTHING, "Idempotency-Key": "say-1"})
        for _ in range(2)
    ]

    assert sent[0].json() == sent[1].json()
    assert len(desk.world.plan("nora").elements) == 1
