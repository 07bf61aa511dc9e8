"""A child with a strictly confidential address: no value that tells the place reaches any document, header or receipt.

Generated over every mapping that writes: each field that names a place is filled with a marked one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hub.model.content import FIELDS
from hub.model.person import Child, Guardian, Maturity
from hub.model.plan import Element, Kind, Plan
from hub.model.responsibility import Facts, Responsibility
from hub.model.service import System
from hub.registry import load_registry
from hub.routing.hidden import opaque
from hub.routing.look import look
from hub.sync import portion_for, stamped
from tests.conftest import StandingClock
from tests.journeys.marks import MARKS, marks_in
from tests.journeys.systems import EVERYTHING, HOME, NURSERY_PLAN, SYSTEMS, agreed, measure, support_plan
from tests.journeys.world import World

PLACE = MARKS["address"]
UNIT = f"{PLACE} skole"
LOCATED = {"unit": UNIT, "place": PLACE, "phone": MARKS["telephone"], "email": MARKS["e-mail"], "responsible": UNIT}
REGISTRY = load_registry()
SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]


def writers() -> Iterator[tuple[str, str]]:
    """Every adapter with every plan document it writes."""
    for listed in REGISTRY.adapters():
        for kind in listed.adapter.manifest.writes if listed.adapter else ():
            if not kind.directed:
                yield listed.name, kind.name


def value(kind: Kind, name: str) -> Any:
    """A plain value of a field; a marked place where the field names one."""
    plain = {"date": "2026-08-17", "time": "2026-08-17T09:00:00+02:00", "number": 1, "list": ["2026-08-17"]}
    return LOCATED.get(name) or plain.get(FIELDS[kind][name], "active" if FIELDS[kind][name] == "code" else "Plain")


def filled(kind: Kind, **content: Any) -> Element:
    """An element of the school's with every field but free text filled."""
    told = {name: value(kind, name) for name, form in FIELDS[kind].items() if form != "text"} | content
    return stamped(Element(f"{kind}-1", kind, "ppt", frozenset({"education"}), told, keys={"": f"{kind}-1"}))


def plan_of(*more: Element) -> Plan:
    elements = [filled(kind) for kind in FIELDS if kind != "identity"]
    elements += [
        replace(filled("identity", fact=fact, value=PLACE), id=fact, categories=frozenset({"identity", fact}))
        for fact in ("residence", "workplace", "address")
    ]
    return Plan("plan-1", HOME, "child-1", 1, {each.id: each for each in (*elements, *more)})


def facts_of(clock: StandingClock, protection: Any = "strictly_confidential") -> Facts:
    today = date(2026, 8, 10)
    parents = (Guardian("mother-1", "mother"), Guardian("father-1", "father"))
    child = Child(
        "child-1", HOME, date(2018, 1, 2), guardians=parents, maturity=Maturity(False, "n", today, "q"), hearing=today,
        protection=protection, as_of=clock.now(),
    )  # fmt: skip
    categories = EVERYTHING | {"residence", "workplace", "address"}
    receivers = frozenset({"school", "kindergarten", "child_welfare", "nav_social", "municipal_health"})
    consents = tuple(
        agreed("child-1", f"{who}-1", who, categories=categories, receivers=receivers) for who in ("mother", "father")
    )
    return Facts(child, 1, consents, Responsibility(coordinator="municipal_health"))


def written(adapter: str, kind: str, plan: Plan, facts: Facts, clock: StandingClock) -> bytes:
    """What a system of that adapter would be sent of this plan."""
    service = next(iter(REGISTRY.adapter(adapter).manifest.services))
    system = System("receiver-1", HOME, service, adapter, "client-r", "310000000", document=kind)
    looked = look(plan, facts, system, REGISTRY, clock.now())
    assert looked.desk.lens is not None
    portion, grant = portion_for(looked.cut, system.id, looked.desk.lens.carries)
    return looked.desk.write(looked.desk.lens.put(None, portion, grant))


@pytest.mark.parametrize(("adapter", "kind"), [*writers()])
def test_no_field_that_names_a_place_is_written(adapter: str, kind: str, clock: StandingClock) -> None:
    told = written(adapter, kind, plan_of(), facts_of(clock), clock)
    open_told = written(adapter, kind, plan_of(), facts_of(clock, "none"), clock)

    assert not marks_in(told)
    assert marks_in(open_told), "the marks would have been written: else this proves nothing"


@pytest.mark.parametrize(("adapter", "kind"), [*writers()])
@pytest.mark.parametrize("where", ["measure", "meeting", "goal", "note"])
def test_a_label_that_repeats_the_name_of_a_known_place_waits(
    adapter: str, kind: str, where: Kind, clock: StandingClock
) -> None:
    named = replace(filled(where, title=f"Svømming ved {PLACE}"), id="named", keys={"": "named"})

    assert not marks_in(written(adapter, kind, plan_of(stamped(named)), facts_of(clock), clock))


def test_a_unit_that_takes_part_under_its_own_name_is_not_named(clock: StandingClock) -> None:
    unit = stamped(replace(filled("participant", name=UNIT, role="member"), id="unit", keys={"": "unit"}))
    person = stamped(replace(filled("participant", name="Tor Test", unit=UNIT), id="tor", keys={"": "tor"}))

    told = written("kindergarten", NURSERY_PLAN, plan_of(unit, person), facts_of(clock), clock)

    assert b"Tor Test" in told
    assert not marks_in(told)


def test_nothing_a_sender_calls_its_message_goes_along(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY, protection="strictly_confidential")
    told = support_plan("nora@school-1", measures=[measure("m1", "Quiet start")])
    world.tell(SCHOOL, told, correlation_id="xyphosgata-77-sak-4")

    (parcel,) = world.fetch(NURSERY)

    assert parcel.correlation_id == opaque(world.plans["nora"], NURSERY.id)
    assert not marks_in(parcel.body)


def test_a_receivers_silence_about_what_was_hidden_takes_nothing_away(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY, protection="strictly_confidential")
    told = measure("m1", "Quiet start", responsible=UNIT)
    world.tell(SCHOOL, support_plan("nora@school-1", measures=[told]))
    (document,) = world.take(NURSERY)
    assert PLACE not in str(document)

    document["measures"][0]["title"] = "Quiet end"
    world.tell(NURSERY, document)
    (proposal,) = world.proposals("nora")
    world.answer(proposal, accepted=True)

    (element,) = [each for each in world.plan("nora").elements.values() if each.kind == "measure"]
    assert (element.content["title"], element.content["responsible"]) == ("Quiet end", UNIT)


def test_what_two_people_release_still_names_no_place(world: World) -> None:
    world.at_table("nora", SCHOOL, NURSERY, protection="strictly_confidential")
    told = measure("m1", "Talks", responsible=UNIT, text="with Siri")
    world.tell(SCHOOL, support_plan("nora@school-1", measures=[told]))

    world.release(*world.holds("nora"))

    (document,) = world.take(NURSERY)
    assert "with Siri" in str(document)
    assert PLACE not in str(document)
