"""A consent's whole life: asked for, given, refused, unanswered, documented, withdrawn; each seen by what is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hub.model.consent import Consent, ConsentRequest, Evidence, Terms
from hub.model.person import Guardian
from hub.ops import consents, register
from hub.ops.consents import Asking, Said
from hub.policy.question import PARTS
from tests.conftest import StandingClock
from tests.journeys.record import Record, fhir_server
from tests.journeys.systems import EVERYTHING, SYSTEMS, measure, nursery_plan, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY, NAV, HEALTH = (SYSTEMS[each] for each in ("school", "kindergarten", "nav", "health"))
QUIET = measure("m1", "A quiet start to the day")
FORM = Terms(
    "The move to school.", EVERYTHING - {"programme"}, frozenset({"school"}), frozenset({"kindergarten", "nav_social"})
)


def ask(world: World, child: str, terms: Terms = FORM) -> ConsentRequest:
    with world.hub.store.begin() as work:
        return consents.ask(work, world.desk, Asking(child, terms, "emp-1"))


def told(world: World) -> Evidence:
    return Evidence("emp-1", world.hub.clock.now(), frozenset(PARTS))


def answer(world: World, request: ConsentRequest, person: str, word: Any, **more: Any) -> Consent:
    said = Said(person, word, **{"evidence": told(world), **more})
    with world.hub.store.begin() as work:
        given = consents.answer(work, world.desk, request.id, said)
    world.hub.facts_changed(request.child)
    world.work()
    return given


def says(world: World, *measures: dict[str, Any]) -> None:
    world.tell(SCHOOL, support_plan("nora@school-1", measures=list(measures or (QUIET,))))


def titles(documents: list[Any]) -> set[str]:
    return {each["title"] for document in documents for each in document.get("measures", ())}


def rules(world: World, stage: str = "forward") -> set[str]:
    """Every rule that found something in the decisions of a stage."""
    with world.hub.store.begin() as work:
        rows = work.decisions.of(world.desk.municipality, world.plans["nora"])
    found = [owner["findings"] for row in rows if row.stage == stage for owner in row.whole["owners"]]
    return {each["rule"] for findings in found for each in findings}


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
        waiting = consents.waiting(work, world.desk)
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


def test_under_a_care_order_child_welfare_is_asked_in_the_parents_place(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False, care_order=True)
    says(world)
    request = ask(world, child)

    answer(world, request, "child_welfare", "yes")

    assert [one.giver for one in request.questions] == ["child_welfare"]
    assert titles(world.take(NURSERY)) == {"A quiet start to the day"}


def test_a_yes_of_one_without_authority_opens_nothing_even_when_the_registers_change(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False, care_order=True)
    says(world)
    world.consent(child, "nora", "mother", "father")

    world.facts(child, care_order=False)
    world.work()

    assert world.take(NURSERY) == []


def test_parents_asked_about_a_young_persons_health_are_not_asked_and_do_not_count(world: World) -> None:
    child = world.at_table("nora", HEALTH, NURSERY, consent=False, age=16)
    health = replace(FORM, senders=frozenset({"municipal_health"}), categories=frozenset({"health"}))

    request = ask(world, child, health)

    assert [(one.giver, one.person) for one in request.questions] == [("child", child)]


@pytest.mark.parametrize(("giver", "opened"), [("mother", {"A quiet start to the day"}), ("other", set())])
def test_a_yes_given_while_the_register_is_away_counts_once_it_names_the_giver(
    world: World, giver: str, opened: set[str]
) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.facts(child, guardians=(), as_of=None)
    says(world)
    world.consent(child, "nora", giver)
    world.work()
    while_away = world.take(NURSERY)

    world.facts(child, guardians=(Guardian("nora-mother", "mother"),), as_of=world.hub.clock.now())
    world.work()

    assert (while_away, titles(world.take(NURSERY))) == ([], opened)


def test_a_strangers_yes_given_when_the_register_had_answered_never_opens(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    says(world)
    world.consent(child, "nora", "other")

    world.facts(child, guardians=(Guardian("nora-other", "other"),))
    world.work()

    assert world.take(NURSERY) == []
