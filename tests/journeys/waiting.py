"""What waits in the journeys about holds, and the people around it."""

from __future__ import annotations

from typing import Any

from hub.model.official import Official
from hub.ops import hold_talk, hold_view, holds
from hub.ops.hold_view import Shown
from hub.ops.holds import Judgement
from hub.ops.officials import Barred
from hub.ports import Hold
from tests.journeys.systems import EVERYTHING, HOME, SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
ONE, OTHER, HANDLER, LEAD = "coordinator-9", "coordinator-8", "handler-9", "handler-8"
BEST = "she is met by people who know her"


def people(world: World) -> None:
    """Somebody of each role, and some who may not decide."""
    coordinates = frozenset({"coordinator"})
    world.authorise(
        Official(ONE, HOME, coordinates),
        Official(OTHER, HOME, coordinates),
        Official("teacher-1", HOME, coordinates, "school"),
        Official("nurse-1", HOME, coordinates, "municipal_health"),
        Official(HANDLER, HOME, frozenset({"address_handler"})),
        Official(LEAD, HOME, frozenset({"address_lead"})),
        Official("gone-1", HOME, frozenset()),
    )


def plan_of(*measures: dict[str, Any]) -> dict[str, Any]:
    return support_plan("nora@school-1", measures=list(measures))


def in_doubt(world: World) -> Hold:
    """The school's measure towards the kindergarten: free text, of which something has no consent."""
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"sped"})
    world.tell(SCHOOL, plan_of(measure("m1", "Reading alone", topic="special_education", text="with Siri")))
    (hold,) = world.holds("nora")
    return hold


def protected(world: World, **more: Any) -> Hold:
    """The same of a child with a strictly confidential address."""
    world.at_table("nora", SCHOOL, NURSERY, protection="strictly_confidential")
    world.tell(SCHOOL, plan_of(measure("m1", "Talks", text="with Siri", **more)))
    (hold,) = world.holds("nora")
    return hold


def says(world: World, hold: Hold, person: str, fields: tuple[str, ...] | None = None) -> Hold | Barred:
    """This person's word that it may be sent."""
    return world.judge(holds.release, hold, person, "read it", " ".join(hold.rules), BEST, fields)


def now(world: World, hold: Hold) -> Hold:
    with world.hub.store.begin() as work:
        found = work.holds.find(HOME, hold.id)
    assert found is not None
    return found


def seen(world: World, person: str) -> list[str]:
    with world.hub.store.begin() as work:
        found = holds.seen_by(work, world.desk, person)
    return [] if isinstance(found, Barred) else [hold.id for hold in found]


def shown(world: World, hold: Hold, person: str) -> Shown | Barred:
    with world.hub.store.begin() as work:
        return hold_view.show(work, world.desk, hold.id, person)


def handed(world: World, hold: Hold, person: str, to: Any) -> Hold | Barred:
    with world.hub.store.begin() as work:
        return hold_talk.hand_over(work, world.desk, hold.id, Judgement(person, "it is yours"), to)
