"""The people of services and of the municipality's own office, and how a journey lets one of them act on a plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hub.model.official import Official
from hub.model.service import System
from hub.model.task import Task
from hub.ops.casework import Casework, take_up
from hub.ops.hands import hand_of
from hub.ops.officials import Barred
from hub.ops.tasks import Reply, answer_task
from tests.journeys.systems import HOME
from tests.journeys.world import World

T = TypeVar("T")
AUTHORITY, UNIT = "authority-1", "coordinator-1"
OF_SERVICES = {
    "teacher-1": "school",
    "nursery-1": "kindergarten",
    "caseworker-1": "child_welfare",
    "nurse-1": "municipal_health",
    "nav-1": "nav_social",
    "therapist-1": "bup",
    "sfo-1": "after_school",
}
"""One person of each service, by opaque id."""


CONTROL = System(
    *("control-1", HOME, "coordinating_unit", "", "client-control", "310000000"),
    scopes=frozenset({"langbenk:control"}),
)
"""The municipality's own control room."""


def open_offices(world: World) -> None:
    """Registers them; each acts for the service the register says."""
    world.authorise(*(Official(who, HOME, frozenset({"coordinator"}), of) for who, of in OF_SERVICES.items()))


def act(world: World, name: str, person: str, step: Callable[[Casework], T | Barred]) -> T | Barred:
    """One step of one person on the named child's plan, and everything that follows from it."""
    with world.hub.store.begin() as work:
        case = take_up(work, world.desk, hand_of(work, world.desk, person), world.plans[name])
        done = case if isinstance(case, Barred) else step(case)
    if isinstance(case, Casework) and not isinstance(done, Barred):
        world.hub.facts_changed(case.plan.child)
    world.work()
    return done


def tasks(world: World, name: str, kind: str = "") -> list[Task]:
    """Open ones of the named child's plan."""
    with world.hub.store.begin() as work:
        found = work.tasks.open(HOME, world.plans[name])
    return [each for each in found if kind in ("", each.kind)]


def reply(world: World, task: Task, person: str, answer: str, reason: str | None = None) -> Task | Barred:
    """A plain answer to a task."""
    with world.hub.store.begin() as work:
        hand = hand_of(work, world.desk, person)
        assert not isinstance(hand, Barred), person
        return answer_task(work, world.desk, hand, task.id, Reply(answer, reason))


def leads(world: World, name: str) -> str | None:
    """The one coordinator of record."""
    case = act(world, name, AUTHORITY, lambda case: case)
    assert isinstance(case, Casework)
    return case.leader


def taken(done: Casework | Barred) -> Casework:
    """A step that was taken, with the plan as it then stands."""
    assert isinstance(done, Casework), done
    return done


def barred(done: object) -> str:
    """Why a step was not taken, by its code."""
    assert isinstance(done, Barred), done
    return done.code
