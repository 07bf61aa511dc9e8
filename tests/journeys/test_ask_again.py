"""Those who must consent change while consents stand: whoever coordinates is told once whom to ask and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hub.model.calendar import OSLO
from hub.model.person import Guardian, Relation
from hub.model.task import Task
from hub.ops.consents_waiting import Waiting, waiting
from tests.journeys.systems import HOME, SYSTEMS
from tests.journeys.world import World

SCHOOL, HEALTH, NAV = (SYSTEMS[each] for each in ("school", "health", "nav"))


def agreed(world: World, age: int, **told: object) -> str:
    """A child of whom both parents have said yes; born on the second of January."""
    return world.at_table("nora", SCHOOL, HEALTH, NAV, age=age, understands=None, **told)


def birthday(world: World) -> datetime:
    """Passes the child's next birthday, and lets the sweep act on the time; gives the instant of it."""
    year = world.hub.clock.now().year + 1
    world.clock.instant = datetime(year, 1, 3, 12, tzinfo=OSLO)
    world.sweep()
    return datetime(year, 1, 2, tzinfo=OSLO)


def tasks(world: World) -> list[Task]:
    with world.hub.store.begin() as work:
        return [each for each in work.tasks.of(HOME, world.plans["nora"]) if each.kind == "renew_consents"]


def again(world: World) -> list[Waiting]:
    with world.hub.store.begin() as work:
        return [each for each in waiting(work, world.desk) if each.what == "ask_again"]


@pytest.mark.parametrize(
    ("age", "rules", "to"),
    [(14, {"AGE-05", "AGE-07"}, "municipal_health"), (17, {"AGE-01", "CON-14"}, "coordinating_unit")],
)
def test_a_birthday_asks_for_the_young_persons_own_consent(world: World, age: int, rules: set[str], to: str) -> None:
    child = agreed(world, age)
    world.sweep()
    assert (tasks(world), again(world)) == ([], [])

    born = birthday(world)

    (task,), (told,) = tasks(world), again(world)
    assert (task.addressee, task.state, told.id) == (to, "open", task.id)
    assert (told.person, set(told.rules), told.since) == (child, rules, born)
    world.sweep()
    world.hub.facts_changed(child)
    assert len(tasks(world)) == 1


def test_each_birthday_that_changes_who_is_asked_is_an_occasion_of_its_own(world: World) -> None:
    child = agreed(world, 14)
    birthday(world)
    birthday(world)

    assert [each.state for each in tasks(world)] == ["withdrawn", "open"]
    (told,) = again(world)
    assert (told.person, "AGE-02" in told.rules) == (child, True)

    world.consent(child, "nora", "child")
    assert [each.state for each in tasks(world)] == ["withdrawn", "withdrawn"]
    assert again(world) == []


def test_a_birthday_that_changes_nobody_asks_nobody(world: World) -> None:
    agreed(world, 9)
    birthday(world)

    assert (tasks(world), again(world)) == ([], [])


@pytest.mark.parametrize(
    ("changed", "person", "rules"),
    [
        ({"guardians": ("mother", "father", "aunt")}, "nora-aunt", {"AGE-08"}),
        ({"guardians": ("mother", "aunt")}, "nora-aunt", {"AGE-08", "CON-14"}),
        ({"care_order": True}, "child_welfare", {"AGE-11", "CON-14"}),
    ],
)
def test_whoever_decides_for_the_child_now_is_asked(
    world: World, changed: dict[str, object], person: str, rules: set[str]
) -> None:
    child = agreed(world, 8)
    world.clock.go_on(days=1)
    names = changed.get("guardians")
    if isinstance(names, tuple):
        known: dict[str, Relation] = {"mother": "mother", "father": "father", "aunt": "other"}
        changed = {"guardians": tuple(Guardian(f"nora-{each}", known[each]) for each in names)}

    world.facts(child, **changed)

    (task,), (told,) = tasks(world), again(world)
    assert (task.state, told.person, set(told.rules)) == ("open", person, rules)
    assert told.since == world.hub.clock.now()


def test_a_task_that_was_answered_is_not_opened_again_for_the_same_occasion(world: World) -> None:
    agreed(world, 14)
    birthday(world)
    (task,) = tasks(world)
    with world.hub.store.begin() as work:
        work.tasks.put([replace(task, state="answered", answer="asked", once=None)])

    world.clock.go_on(seconds=timedelta(days=3).total_seconds())
    world.sweep()

    assert [each.state for each in tasks(world)] == ["answered"]
