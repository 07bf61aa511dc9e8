"""That a child is somebody's client is itself confidential (RED-02): a sender is not named where nothing covers it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from hub.routing.hidden import opaque
from hub.sdk.directed import INFO
from tests.journeys.systems import SYSTEMS, support_plan
from tests.journeys.world import World

NAV, NURSERY, SCHOOL = SYSTEMS["nav"], SYSTEMS["kindergarten"], SYSTEMS["school"]
CHILD_WELFARE = SYSTEMS["child_welfare"]
NEED = {"categories": ["adaptation"], "facts": {"hours": 4}}


def told(key: str = "nora@nav-1", *parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": {"kind": "own", "key": key},
        "title": "Fra NAV-kontoret",
        "free_text": any("text" in part for part in parts),
        "parts": [NEED, *parts],
    }


def agreed_to(world: World, *categories: str) -> None:
    child = world.at_table("nora", NAV, NURSERY, SCHOOL, consent=False)
    world.consent(child, "nora", "mother", "father", categories=frozenset(categories))


def test_a_sender_whose_client_nobody_may_know_of_is_not_named(world: World) -> None:
    agreed_to(world, "adaptation")
    world.tell(NAV, told(), INFO.name, receiver="kindergarten", correlation_id="nav-sak-2026-17")

    (parcel,) = world.fetch(NURSERY)

    assert b"hours" in parcel.body
    assert b"NAV" not in parcel.body
    author = orjson.loads(parcel.body)["from"]
    assert (author["service"], author["name"]["nb"]) == ("municipal_provider", "kommunal tjenesteyter")
    with world.hub.store.begin() as work:
        (row,) = work.deliveries.take([parcel.id])
    assert parcel.correlation_id == opaque(row.part, NURSERY.id)


def test_where_the_relation_is_agreed_to_the_sender_speaks_for_itself(world: World) -> None:
    agreed_to(world, "adaptation", "benefit")
    world.tell(NAV, told(), INFO.name, receiver="kindergarten", correlation_id="nav-sak-2026-17")

    (parcel,) = world.fetch(NURSERY)

    assert parcel.correlation_id == "nav-sak-2026-17"
    assert b"NAV" in parcel.body
    assert orjson.loads(parcel.body)["from"]["service"] == "nav_social"


def test_a_sender_says_nothing_itself_of_who_it_is(world: World) -> None:
    agreed_to(world, "adaptation", "benefit")
    world.tell(
        NAV, {**told(), "from": {"service": "police", "name": {"nb": "Politiet"}}}, INFO.name, receiver="kindergarten"
    )

    (document,) = world.take(NURSERY)

    assert document["from"]["name"] == {
        "nb": "sosialtjenesten i Nav",
        "nn": "sosialtenesta i Nav",
        "en": "municipal social services in NAV",
    }


def test_two_senders_who_may_not_be_named_cannot_be_told_apart(world: World) -> None:
    child = world.at_table("nora", NAV, CHILD_WELFARE, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", categories=frozenset({"adaptation"}))
    for each in (NAV, CHILD_WELFARE):
        world.tell(each, told(f"nora@{each.id}"), INFO.name, receiver="kindergarten", correlation_id=f"sak-{each.id}")

    first, second = world.take(NURSERY)

    assert first == second
    assert first["from"]["id"]


@pytest.mark.parametrize("label", ["Kari på NAV-kontoret", "se vedtak fra barnevernet"])
def test_a_label_that_names_a_service_waits_as_a_text_does(world: World, label: str) -> None:
    agreed_to(world, "adaptation")
    world.tell(NAV, told("nora@nav-1", {**NEED, "facts": {"contact": label}}), INFO.name, receiver="kindergarten")

    assert world.fetch(NURSERY) == []


def test_a_text_that_may_name_its_sender_waits(world: World) -> None:
    agreed_to(world, "adaptation")
    text = {"categories": ["adaptation"], "text": "we at NAV think so"}
    world.tell(NAV, told("nora@nav-1", text), INFO.name, receiver="kindergarten")

    assert world.fetch(NURSERY) == []
    with world.hub.store.begin() as work:
        (hold,) = work.holds.open("9999")
    assert {"RED-01", "RED-02"} <= set(hold.rules)


def test_that_a_child_goes_to_school_is_no_secret(world: World) -> None:
    child = world.at_table("nora", NURSERY, SCHOOL, consent=False)
    world.consent(child, "nora", "mother", "father", categories=frozenset({"adaptation"}))
    world.tell(NURSERY, told("nora@kindergarten-1"), INFO.name, receiver="school", correlation_id="case-4")

    assert [parcel.correlation_id for parcel in world.fetch(SCHOOL)] == ["case-4"]


@pytest.mark.parametrize(("categories", "seen"), [(("education",), False), (("education", "care_situation"), True)])
def test_a_row_that_says_who_takes_part_tells_of_a_client(
    world: World, categories: tuple[str, ...], seen: bool
) -> None:
    agreed_to(world, *categories)
    people = [
        {"id": "p1", "name": "Siri", "role": "contact", "worksIn": "school"},
        {"id": "p2", "name": "Tor", "role": "contact", "worksIn": "child_welfare"},
    ]
    world.tell(SCHOOL, support_plan("nora@school-1", participants=people))

    document = str(world.take(NURSERY))

    assert "Siri" in document
    assert ("Tor" in document, "child_welfare" in document) == (seen, seen)
