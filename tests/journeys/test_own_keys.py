"""A receiver may have keys of its own for what the hub gave it."""

from __future__ import annotations

import orjson

from hub.sdk import Posted
from tests.journeys.systems import SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, KINDERGARTEN = SYSTEMS["school"], SYSTEMS["kindergarten"]


def test_the_receivers_own_key_is_used_towards_it_from_then_on(world: World) -> None:
    child = world.child("nora")
    world.seat("nora", SCHOOL, "pupil-1")
    world.seat("nora", KINDERGARTEN, "child-1")
    world.consent(child, "nora", "mother", "father")
    world.tell(SCHOOL, support_plan("pupil-1", measures=[measure("m1", "Read aloud")]))
    (parcel,) = world.fetch(KINDERGARTEN)
    given = orjson.loads(parcel.body)["measures"][0]["id"]
    world.hub.mailbox.acknowledge(KINDERGARTEN, {parcel.id: Posted("delivered", keys={given: "tiltak-7"})})

    world.tell(SCHOOL, support_plan("pupil-1", measures=[measure("m1", "Read aloud twice")]))
    (document,) = world.take(KINDERGARTEN)

    assert [each["id"] for each in document["measures"]] == ["tiltak-7"]
