"""What consent and law do to what is on its way: redacted, held, denied, withdrawn, kept from a place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hub.sdk import Posted
from tests.journeys.systems import EVERYTHING, SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
PLAIN = measure("m1", "A quiet start to the day")
SPED = measure("m2", "Reading in a small group", topic="special_education")
NARROW = EVERYTHING - {"sped"}


def say(world: World, *measures: dict[str, Any], **more: Any) -> None:
    world.tell(SCHOOL, support_plan("nora@school-1", measures=list(measures), **more))


def titles(document: Any) -> set[str]:
    return {each["title"] for each in document.get("measures", ())}


def states(world: World) -> list[str]:
    """How the rows towards the kindergarten stand; told in the order of the alphabet, since the clock stands still."""
    return sorted(row.state for row in world.deliveries("nora", NURSERY))


def test_what_nobody_agreed_to_is_left_out_and_the_rest_goes(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", categories=NARROW)

    say(world, PLAIN, SPED)
    (document,) = world.take(NURSERY)

    assert titles(document) == {"A quiet start to the day"}
    assert "Reading" not in str(document)
    assert world.decisions("nora", "forward") == ["forward_redacted"]


def test_one_parent_is_not_enough(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother")

    say(world, PLAIN)

    assert world.take(NURSERY) == []
    assert states(world) == ["denied"]


def test_a_parent_who_says_no_stops_it(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY)
    world.consent(child, "nora", "father", answer="no")

    say(world, PLAIN)

    assert world.take(NURSERY) == []
    assert states(world) == ["denied"]


def test_a_consent_past_its_end_opens_nothing(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", valid_to=world.hub.clock.now())

    say(world, PLAIN)

    assert world.take(NURSERY) == []
    assert states(world) == ["denied"]


def test_a_consent_given_later_sends_what_was_said_before(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    say(world, PLAIN)

    world.consent(child, "nora", "mother", "father")
    (document,) = world.take(NURSERY)

    assert titles(document) == {"A quiet start to the day"}


def with_text(text: str) -> dict[str, Any]:
    """Free text in an element one of whose own categories is shut: no machine can cut it."""
    return {**SPED, "text": text}


def test_free_text_that_would_have_to_be_cut_waits_and_goes_when_a_person_releases_it(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", categories=NARROW)
    say(world, with_text("With Siri, three hours a week"))
    before, waiting = world.take(NURSERY), world.holds("nora")

    world.release(*waiting)
    (document,) = world.take(NURSERY)

    assert before == []
    assert [(hold.receiver, "RED-01" in hold.rules) for hold in waiting] == [(NURSERY.id, True)]
    assert "With Siri" in str(document)
    assert states(world) == ["delivered", "superseded"]


def test_a_release_lapses_when_the_element_changes(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", categories=NARROW)
    say(world, with_text("With Siri, three hours a week"))
    world.release(*world.holds("nora"))
    world.take(NURSERY)

    say(world, with_text("With Siri, who is told of the diagnosis"))

    assert "diagnosis" not in str(world.take(NURSERY))
    assert len(world.holds("nora")) == 1


def test_a_release_answers_one_receiver_only(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, SYSTEMS["nav"], consent=False)
    world.consent(child, "nora", "mother", "father", categories=NARROW)
    say(world, with_text("With Siri, three hours a week"))

    world.release(*[hold for hold in world.holds("nora") if hold.receiver == NURSERY.id])

    assert "With Siri" in str(world.take(NURSERY))
    assert "With Siri" not in str(world.take(SYSTEMS["nav"]))


def test_a_refused_hold_ends_denied_and_stays_where_it_is(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", categories=NARROW)
    say(world, with_text("With Siri, three hours a week"))

    world.refuse(*world.holds("nora"))

    assert world.take(NURSERY) == []
    assert world.holds("nora") == []
    assert states(world) == ["denied"]


def test_a_release_never_opens_what_is_shut(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    given = world.consent(child, "nora", "mother", "father", categories=NARROW)
    say(world, with_text("With Siri, three hours a week"))
    waiting = world.holds("nora")

    world.withdraw(*given)
    world.release(*waiting)

    assert world.take(NURSERY) == []


def test_a_consent_withdrawn_between_two_fetches_takes_the_document_back_from_the_mailbox(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    mother, _ = world.consent(child, "nora", "mother", "father")
    say(world, PLAIN)
    first = world.fetch(NURSERY)

    world.withdraw(mother)
    again = world.fetch(NURSERY)

    assert (len(first), again) == (1, [])
    assert states(world) == ["denied", "superseded"]


def test_a_fetch_that_was_never_acknowledged_comes_again_under_its_id(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    say(world, PLAIN)

    (first,), (again,) = world.fetch(NURSERY), world.fetch(NURSERY)

    assert (again.id, again.version, again.body) == (first.id, first.version, first.body)
    assert states(world) == ["sending"]


def test_a_consent_narrowed_between_two_fetches_gives_what_is_left_under_a_new_id(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    wide = world.consent(child, "nora", "mother", "father")
    say(world, PLAIN, SPED)
    (first,) = world.fetch(NURSERY)

    world.withdraw(*wide)
    world.consent(child, "nora", "mother", "father", categories=NARROW)
    (again,) = world.fetch(NURSERY)

    assert (first.version, again.version) == (1, 2)
    assert again.id != first.id
    assert (b"Reading" in first.body, b"Reading" in again.body, b"quiet start" in again.body) == (True, False, True)
    assert world.hub.mailbox.acknowledge(NURSERY, {first.id: Posted("delivered")}) == [first.id]
    assert world.hub.mailbox.acknowledge(NURSERY, {again.id: Posted("delivered")}) == []
    assert states(world) == ["delivered", "superseded"]


def test_what_was_fetched_and_lost_is_given_again_when_consent_comes_back(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    mother, _ = world.consent(child, "nora", "mother", "father")
    say(world, PLAIN)
    world.fetch(NURSERY)
    world.withdraw(mother)
    world.fetch(NURSERY)

    world.consent(child, "nora", "mother")
    (document,) = world.take(NURSERY)

    assert titles(document) == {"A quiet start to the day"}


def test_a_newer_view_takes_the_place_of_one_that_was_fetched_and_not_acknowledged(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    wide = world.consent(child, "nora", "mother", "father")
    say(world, PLAIN)
    world.fetch(NURSERY)
    say(world, PLAIN, SPED)

    world.withdraw(*wide)
    world.consent(child, "nora", "mother", "father", categories=NARROW)
    (document,) = world.take(NURSERY)

    assert titles(document) == {"A quiet start to the day"}
    assert states(world) == ["delivered", "superseded"]


def test_a_child_put_under_protection_while_a_view_waits_is_not_placed(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY)
    people = [
        {"id": "p1", "name": "Siri", "role": "contact", "worksIn": "school", "unit": "Eksempel skole"},
        {"id": "p2", "name": "Tor", "role": "contact", "worksIn": "school"},
    ]
    say(world, PLAIN, participants=people, meetings=[{"id": "t1", "title": "First meeting", "place": "Room 12"}])

    world.facts(child, protection="strictly_confidential")
    (document,) = world.take(NURSERY)

    assert titles(document) == {"A quiet start to the day"}
    assert "Eksempel skole" not in str(document)
    assert "Room 12" not in str(document)
    assert "Tor" in str(document)


def test_two_municipalities_on_one_hub_do_not_see_each_other(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY)
    away = replace(SCHOOL, id="school-away", municipality="8888", client_id="client-away")
    world.register(away)

    receipt = world.tell(away, support_plan("nora@school-1", measures=[measure("m9", "From another town")]))
    say(world, PLAIN)

    assert [(part.state, part.code) for part in receipt.parts] == [("refused", "no_link")]
    assert "another town" not in str(world.take(NURSERY))
    assert world.take(away) == []
    assert world.ledgers("8888") == ({"refused": 1}, {})
