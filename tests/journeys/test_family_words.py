"""The child's and the family's own goals and words: who is told them, and that nobody else can change them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from hub.model.responsibility import Responsibility
from tests.journeys.family import FATHER, MOTHER, child_of, says, says_anew, takes_back
from tests.journeys.nora import NURSERY, SCHOOL, set_table
from tests.journeys.offices import open_offices
from tests.journeys.systems import EVERYTHING, HOME, measure, nursery_plan, support_plan
from tests.journeys.test_coordination_over_http import CONTROL
from tests.journeys.town import Town

GOAL = "To swim to the raft"
NURSERY_LEADS = Responsibility(child_coordinator="kindergarten")


@pytest.fixture
def desk(town: Town) -> Town:
    """School and kindergarten at Nora's table, who may be told all; the municipal health service coordinates."""
    set_table(town)
    return town


def told(town: Town, receiver: Any) -> list[list[str]]:
    """The titles of the goals in each document that a system fetches now."""
    return [[each["title"] for each in document.get("goals", ())] for document in town.world.take(receiver)]


def edits(town: Town, sender: Any, document: Any, **parts: Any) -> dict[str, Any]:
    """The document sent back with other parts; what became of it, as its receipt says."""
    answer = town.post(sender, orjson.dumps({**document, **parts}))
    (part,) = town.settled(sender, answer)
    return {name: part[name] for name in ("state", "code", "place")}


def retitled(document: Any, title: str) -> list[dict[str, Any]]:
    return [{**each, "title": title} for each in document["goals"]]


REFUSED = {"state": "refused", "code": "family_words", "place": "goal"}


def test_the_childs_own_goal_reaches_the_receivers_that_consent_covers_and_nobody_else(town: Town) -> None:
    open_offices(town.world)
    town.world.register(CONTROL)
    child = town.world.at_table("nora", SCHOOL, NURSERY, consent=False)
    town.world.consent(child, "nora", "mother", "father", receivers=frozenset({"school"}))

    says(town, child, "goal", title=GOAL)

    (document,) = town.world.take(SCHOOL)
    assert [(each["title"], each["service"], each["statedBy"]) for each in document["goals"]] == [
        (GOAL, "family", "child")
    ]
    assert town.world.take(NURSERY) == []


def test_words_that_reveal_more_than_consent_covers_stay_where_they_are(town: Town) -> None:
    open_offices(town.world)
    town.world.register(CONTROL)
    child = town.world.at_table("nora", SCHOOL, NURSERY, consent=False)
    town.world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"mental_health"})

    says(town, child, "goal", title=GOAL)
    says(town, child, "voice", words="I am afraid at night", categories=["mental_health"])

    (document,) = town.world.take(SCHOOL)
    assert ([each["title"] for each in document["goals"]], document.get("childVoice", [])) == ([GOAL], [])


def test_a_service_that_edits_it_is_refused_and_told_why_and_its_copy_is_put_right(desk: Town) -> None:
    says(desk, MOTHER, "goal", title=GOAL)
    (document,) = desk.world.take(SCHOOL)

    once = edits(desk, SCHOOL, document, goals=retitled(document, "To use a swimming vest"))
    right = told(desk, SCHOOL)
    again = edits(desk, SCHOOL, document, goals=retitled(document, "To use a swimming vest"))

    assert (once, right, again) == (REFUSED, [[GOAL]], REFUSED)
    assert desk.world.titles("nora", "goal") == {GOAL}
    assert desk.world.proposals("nora") == []
    assert [len(desk.world.take(each)) for each in (SCHOOL, NURSERY)] == [1, 1]


def test_a_service_that_leaves_it_out_of_a_whole_document_has_deleted_nothing(desk: Town) -> None:
    says(desk, MOTHER, "goal", title=GOAL)
    (document,) = desk.world.take(SCHOOL)

    refused = edits(desk, SCHOOL, document, goals=[], measures=[measure("m1", "Swimming on Tuesdays")])

    assert refused == {**REFUSED, "state": "merged"}
    assert told(desk, SCHOOL) == [[GOAL]]
    assert (desk.world.titles("nora", "goal"), desk.world.titles("nora", "measure")) == (
        {GOAL},
        {"Swimming on Tuesdays"},
    )


def test_not_even_whoever_coordinates_changes_it_or_lets_another(town: Town) -> None:
    open_offices(town.world)
    town.world.register(CONTROL)
    town.world.at_table("nora", SCHOOL, NURSERY, responsibility=NURSERY_LEADS)
    says(town, MOTHER, "goal", by="nursery-1", title=GOAL)
    (own,), (others,) = town.world.take(NURSERY), town.world.take(SCHOOL)

    coordinator = edits(town, NURSERY, own, goals=retitled(own, "To play indoors"))
    another = edits(town, SCHOOL, others, goals=retitled(others, "To play indoors"))
    listed = town.call(CONTROL, "GET", f"/v1/plans/{town.world.plans['nora']}/proposals").json()

    assert (coordinator, another, listed) == (REFUSED, REFUSED, [])
    assert town.world.titles("nora", "goal") == {GOAL}
    assert (told(town, NURSERY), told(town, SCHOOL)) == ([[GOAL]], [[GOAL]])


def test_others_own_goals_stay_proposals_beside_it(desk: Town) -> None:
    """A refusal of one thing takes nothing from the rest of the document."""
    says(desk, MOTHER, "goal", title=GOAL)
    (document,) = desk.world.take(SCHOOL)
    goals = [*retitled(document, "To use a vest"), {"id": "g1", "title": "Reads a page", "status": "active"}]

    part = edits(desk, SCHOOL, document, goals=goals)

    assert part == {**REFUSED, "state": "proposed"}
    assert [each.element["content"] for each in desk.world.proposals("nora")] == [
        {"title": "Reads a page", "status": "active"}
    ]


def test_what_the_family_says_anew_and_takes_back_reaches_those_who_were_told(desk: Town) -> None:
    id = says(desk, MOTHER, "goal", title=GOAL).json()["element"]
    first = told(desk, SCHOOL)
    says_anew(desk, FATHER, id, "goal", title="To swim to the island")
    second = told(desk, SCHOOL)
    takes_back(desk, MOTHER, id)
    third = told(desk, SCHOOL)

    assert (first, second, third) == ([[GOAL]], [["To swim to the island"]], [[]])
    assert desk.world.titles("nora", "goal") == set()


def test_a_comment_goes_where_what_it_is_on_may_go_and_no_further(town: Town) -> None:
    open_offices(town.world)
    town.world.register(CONTROL)
    child = town.world.at_table("nora", SCHOOL, NURSERY, consent=False)
    town.world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"sped"})
    plan = support_plan("nora@school-1", measures=[{**measure("m1", "Reads alone"), "topic": "special_education"}])
    town.settled(SCHOOL, town.post(SCHOOL, orjson.dumps(plan)))
    (on,) = (each.id for each in town.world.plan("nora").elements.values())

    made = says(town, MOTHER, "note", comments_on=on, words="It is too noisy there.").json()
    before = town.world.take(NURSERY)
    town.world.consent(child, "nora", "mother", "father", receivers=frozenset({"kindergarten"}))
    (after,) = town.world.take(NURSERY)

    assert {"sped", "education", "plan_measure"} <= set(made["categories"])
    assert before == []
    assert [(each["title"], each["text"], each["service"]) for each in after["notes"]] == [
        ("Reads alone", "It is too noisy there.", "family")
    ]


def test_a_parents_words_about_herself_are_hers_to_open(town: Town) -> None:
    open_offices(town.world)
    town.world.register(CONTROL)
    town.world.at_table("nora", SCHOOL, NURSERY)

    says(town, MOTHER, "voice", words="I cannot do any more.", about="parent")
    before = town.world.take(SCHOOL)
    town.world.consent(child_of(town), "nora", "mother", about=MOTHER)

    assert [each.get("childVoice") for each in before] == []
    assert [each["childVoice"][0]["words"] for each in town.world.take(SCHOOL)] == ["I cannot do any more."]


def test_who_said_it_and_what_shows_it_is_on_record_and_no_word_of_it(desk: Town) -> None:
    made = says(desk, MOTHER, "goal", title=GOAL).json()
    says_anew(desk, FATHER, made["element"], "goal", title="To swim to the island")
    lines = desk.call(CONTROL, "GET", f"/v1/trail/{made['element']}").json()
    (document,) = desk.world.take(SCHOOL)[-1:]
    edits(desk, SCHOOL, document, goals=retitled(document, "To use a vest"))

    with desk.world.hub.store.begin() as work:
        entries = work.audit.of(HOME, made["element"])
    assert [(each.action, each.detail.get("said_by"), each.detail.get("reference")) for each in entries] == [
        ("family.said", MOTHER, "journal-1"),
        ("family.said_anew", FATHER, "journal-1"),
        ("element.refused", None, None),
    ]
    assert entries[-1].detail["code"] == "family_words"
    assert "swim" not in str(entries) + str(lines) + str(made)


def test_it_goes_to_a_kindergarten_in_its_own_words(desk: Town) -> None:
    """The child's own voice, as each format can say it."""
    child = child_of(desk)
    says(desk, child, "voice", title="About the pool", words="I like the deep end.", categories=["plan_goal"])
    (document,) = desk.world.take(NURSERY)

    assert [(each["words"], each["service"]) for each in document["childVoice"]] == [("I like the deep end.", "family")]
    sent_back = edits(desk, NURSERY, document, childVoice=[])
    assert sent_back == {**REFUSED, "place": "voice"}
    assert nursery_plan("nora@kindergarten-1")["child"] == document["child"]
