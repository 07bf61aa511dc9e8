"""What an element is about: a label makes it stricter, and only its owner, on record, makes it less so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.systems import EVERYTHING, HOME, SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]


@pytest.fixture
def plan(world: World) -> str:
    """Everybody agrees to everything but special education."""
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"sped"})
    return world.plans["nora"]


def say(world: World, title: str, **more: Any) -> None:
    world.tell(SCHOOL, support_plan("nora@school-1", measures=[measure("m1", title, **more)]))


def told(world: World) -> list[str]:
    return [each["title"] for document in world.take(NURSERY) for each in document.get("measures", ())]


def categories(world: World) -> frozenset[str]:
    (element,) = world.plan("nora").elements.values()
    return element.categories


def test_an_owner_that_corrects_a_label_is_heard_though_the_words_are_the_same(world: World, plan: str) -> None:
    say(world, "Reading", topic="special_education")
    before = told(world)

    say(world, "Reading", topic="learning")

    assert before == []
    assert told(world) == ["Reading"]


def test_what_an_owner_takes_away_is_on_record(world: World, plan: str) -> None:
    say(world, "Reading", topic="special_education")
    (element,) = world.plan("nora").elements

    say(world, "Reading", topic="learning")

    with world.hub.store.begin() as work:
        (entry,) = work.audit.of(HOME, element)
    assert (entry.action, entry.actor, entry.detail["taken"]) == ("element.relabelled", SCHOOL.id, ["sped"])


def test_silence_about_the_label_takes_nothing_away(world: World, plan: str) -> None:
    say(world, "Reading", topic="special_education")

    say(world, "Reading aloud")

    assert "sped" in categories(world)
    assert told(world) == []


def test_what_nobody_has_classified_stays_so_through_an_edit_of_the_hubs_own_document(world: World, plan: str) -> None:
    say(world, "Reading", topic="a topic nobody knows")
    (document,) = world.take(SCHOOL) or [support_plan("nora@school-1", measures=[measure("m1", "Reading")])]

    edited = {**document, "measures": [{**each, "title": "Reading aloud"} for each in document["measures"]]}
    world.tell(SCHOOL, edited)

    assert "unclassified" in categories(world)
    assert told(world) == []


def test_an_owner_classifies_what_nobody_had(world: World, plan: str) -> None:
    say(world, "Reading", topic="a topic nobody knows")
    before = told(world)

    say(world, "Reading", topic="learning")

    assert before == []
    assert "unclassified" not in categories(world)
    assert told(world) == ["Reading"]


def test_an_older_document_that_comes_late_takes_no_category_away(world: World, plan: str) -> None:
    say(world, "Reading", topic="learning")
    say(world, "Reading", topic="special_education")

    say(world, "Reading", topic="learning")

    assert "sped" in categories(world)
