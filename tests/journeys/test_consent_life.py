"""A consent's whole life: asked for, given, refused, unanswered, documented, withdrawn; each seen by what is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from hub.ops import consents, consents_waiting, register
from tests.conftest import StandingClock
from tests.journeys.asking import HEALTH, NAV, NURSERY, QUIET, SCHOOL, answer, ask, rules, says, titles, told
from tests.journeys.record import Record, fhir_server
from tests.journeys.systems import measure, nursery_plan, support_plan
from tests.journeys.world import World


def test_what_was_said_before_goes_when_the_last_who_must_has_said_yes(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    says(world)
    request = ask(world, child)

    answer(world, request, "nora-mother", "yes")
    between = world.take(NURSERY)
    answer(world, request, "nora-father", "yes")

    assert [one.person for one in request.questions] == ["nora-mother", "nora-father"]
    assert (between, titles(world.take(NURSERY))) == ([], {"A quiet start to the day"})


def test_a_no_stops_it_and_the_same_persons_later_yes_lets_it_go(world: World, clock: StandingClock) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    says(world)
    request = ask(world, child)
    answer(world, request, "nora-mother", "yes")
    answer(world, request, "nora-father", "no", evidence=None)
    stopped = world.take(NURSERY)

    clock.go_on(hours=1)
    answer(world, request, "nora-father", "yes")

    assert (stopped, titles(world.take(NURSERY))) == ([], {"A quiet start to the day"})


def test_a_question_nobody_answers_is_no_consent_and_the_decision_says_so(world: World, clock: StandingClock) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    request = ask(world, child)
    answer(world, request, "nora-mother", "yes")
    clock.instant = request.deadline

    with world.hub.store.begin() as work:
        expired = consents.expire(work, clock)
    says(world)

    assert expired == 1
    assert world.take(NURSERY) == []
    assert "CON-02" in rules(world)


def test_an_oral_consent_holds_until_the_journal_shows_it(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    request = ask(world, child)
    answer(world, request, "nora-mother", "yes")
    oral = answer(world, request, "nora-father", "yes", form="oral", evidence=None)
    says(world)
    held, before = world.holds("nora"), world.take(NURSERY)

    with world.hub.store.begin() as work:
        waiting = consents_waiting.waiting(work, world.desk)
        register.document(work, world.desk, oral.id, told(world))
    world.hub.facts_changed(child)
    world.work()

    assert ([(one.what, one.id) for one in waiting], before) == ([("documentation", oral.id)], [])
    assert [(hold.receiver, hold.rules) for hold in held] == [(NURSERY.id, ("CON-03", "CON-05"))]
    assert titles(world.take(NURSERY)) == {"A quiet start to the day"}
    assert world.holds("nora") == []


def test_withdrawn_while_the_message_waits_in_the_queue_nothing_leaves(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    mother, _ = world.consent(child, "nora", "mother", "father")
    world.send(SCHOOL, support_plan("nora@school-1", measures=[QUIET]))

    world.withdraw(mother)
    world.work()

    assert world.take(NURSERY) == []


def test_withdrawn_while_it_lies_in_the_mailbox_it_is_no_longer_there(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    _, father = world.consent(child, "nora", "mother", "father")
    says(world)

    world.withdraw(father)

    assert world.take(NURSERY) == []


@pytest.fixture
def record() -> Iterator[Record]:
    with fhir_server() as made:
        yield made


def test_withdrawn_while_the_receiver_is_away_it_is_never_pushed(
    world: World, clock: StandingClock, record: Record
) -> None:
    world.register(replace(HEALTH, delivery="push", settings={"url": "http://127.0.0.1:9"}))
    child = world.at_table("nora", SCHOOL, HEALTH, consent=False)
    mother, _ = world.consent(child, "nora", "mother", "father")
    says(world)
    waiting = [row.state for row in world.deliveries("nora", HEALTH)]

    world.withdraw(mother)
    world.register(replace(HEALTH, delivery="push", settings={"url": record.url}))
    clock.go_on(hours=1)
    world.hub.sweep.turn(world.broker)
    world.work()

    assert waiting == ["waiting"]
    assert record.posted == []
    assert [row.state for row in world.deliveries("nora", HEALTH)] == ["denied"]


def test_withdrawn_while_it_is_held_a_release_sends_nothing(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    mother, _ = world.consent(child, "nora", "mother", "father", form="oral", documented=False)
    says(world)
    waiting = world.holds("nora")

    world.withdraw(mother)
    world.release(*waiting)

    assert waiting
    assert world.take(NURSERY) == []


def test_what_was_sent_before_the_withdrawal_stays_sent_and_nothing_is_called_back(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    mother, _ = world.consent(child, "nora", "mother", "father")
    says(world)
    world.take(NURSERY)

    world.withdraw(mother)
    world.hub.facts_changed(child)
    world.work()

    assert world.take(NURSERY) == []
    assert world.deliveries("nora", NURSERY)[0].state == "delivered"


def test_a_consent_that_names_from_whom_sends_these_ones_words_only(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, NAV, consent=False)
    request = ask(world, child)
    for parent in ("nora-mother", "nora-father"):
        answer(world, request, parent, "yes")
    says(world)

    world.tell(NURSERY, nursery_plan("nora@kindergarten-1", measures=[measure("k1", "Sleeps after lunch")]))

    assert {title for title in ("quiet start", "Sleeps") if title in str(world.take(NAV))} == {"quiet start"}
