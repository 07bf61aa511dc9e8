"""Who may answer for a child: under a care order, as a stranger, and while the register is away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.model.person import Guardian
from tests.journeys.asking import FORM, HEALTH, NURSERY, SCHOOL, answer, ask, says, titles
from tests.journeys.world import World


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
