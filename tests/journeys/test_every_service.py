"""Every service of the acts has the same doors: it reports and receives, and gets no more than its due."""

from __future__ import annotations

import pytest

from hub.model.official import Official
from hub.model.responsibility import Responsibility
from hub.model.service import System
from hub.ops.config import systems_from
from hub.ops.coordination import dispute
from hub.ops.seats import answer, invite
from hub.sdk.directed import INFO, REPORT
from tests.journeys.offices import act, open_offices, taken, tasks
from tests.journeys.systems import EVERYTHING, HOME, SEND, SYSTEMS
from tests.journeys.test_directed import DUTY, EDUCATION, info, report
from tests.journeys.world import World

CHILD_WELFARE, SCHOOL, NURSERY = SYSTEMS["child_welfare"], SYSTEMS["school"], SYSTEMS["kindergarten"]
SERVICES = [
    *("private_kindergarten", "upper_secondary", "private_school", "after_school", "ppt", "follow_up_service"),
    "adult_education",
    *("school_health", "gp", "hospital", "bup", "dps", "dental"),
    *("nav_state", "nav_social", "bufetat", "crisis_centre", "family_counselling", "introduction_programme"),
]
ADAPTED = {"categories": ["adaptation"], "facts": {"hours": 4}}
REPORTERS = ["homework_help", "arts_school", "training_company"]
"""Those who have a duty to report and no part in plans."""


def registered(world: World, service: str) -> System:
    """A system of that service, registered as `config apply` does it, with an adapter that serves it and may report."""
    row = {"municipality": HOME, "service": service, "organisation": "310000000", "scopes": sorted(SEND)}
    row |= {"id": f"{service.replace('_', '-')}-2", "client_id": f"client-{service}"}
    usable = [one.adapter.manifest for one in world.hub.registry.adapters() if one.adapter]
    name = next(one.name for one in usable if service in one.services and REPORT in one.reads)
    (system,) = systems_from([row | {"adapter": name}], world.hub.registry)
    world.register(system)
    return system


@pytest.mark.parametrize("service", [*SERVICES, *REPORTERS])
def test_whoever_it_is_reports_to_child_welfare_and_is_told_nothing_of_the_plan(world: World, service: str) -> None:
    world.at_table("nora", SCHOOL, CHILD_WELFARE)
    sender = registered(world, service)

    world.tell(sender, report(), REPORT.name, claims=DUTY)

    assert world.take(CHILD_WELFARE) == [report()]
    assert world.fetch(sender) == []


@pytest.mark.parametrize("service", [each for each in SERVICES if each != "nav_social"])
def test_whoever_it_is_receives_what_was_agreed_to_and_nothing_else(world: World, service: str) -> None:
    receiver, agreed = registered(world, service), EVERYTHING - {"economy"}
    child = world.at_table("nora", NURSERY, receiver, consent=False, age=6, understands=None)
    world.consent(child, "nora", "mother", "father", receivers=frozenset({service}), categories=agreed)

    told = info(EDUCATION, {"categories": ["economy"], "facts": {"rent": "late"}})
    world.tell(NURSERY, told, INFO.name, receiver=service)

    assert [each["parts"] for each in world.take(receiver)] == [[EDUCATION]]


def test_the_social_services_may_open_a_case_of_unclear_coordination(world: World) -> None:
    open_offices(world)
    world.at_table("nora", SCHOOL, SYSTEMS["nav"], responsibility=Responsibility())
    act(world, "nora", "nav-1", lambda case: dispute(case, "nobody answers the family"))
    (task,) = tasks(world, "nora")

    assert (task.kind, task.addressee, task.subject) == ("decide_coordination", "coordinating_unit", "nav_social")
    assert "family" not in str(task)


def test_the_states_child_welfare_takes_part_and_is_named_to_nobody_who_may_not_know(world: World) -> None:
    open_offices(world)
    state = registered(world, "bufetat")
    world.authorise(Official("adviser-1", HOME, frozenset({"coordinator"}), "bufetat"))
    child = world.at_table("nora", NURSERY, CHILD_WELFARE, state, consent=False, age=6, understands=None)
    for receiver, agreed in (("kindergarten", {"adaptation"}), ("child_welfare", {"adaptation", "care_situation"})):
        said = {"receivers": frozenset({receiver}), "categories": frozenset(agreed)}
        world.consent(child, "nora", "mother", "father", **said)

    act(world, "nora", "nurse-1", lambda case: invite(case, "bufetat"))
    seated = taken(act(world, "nora", "adviser-1", lambda case: answer(case, "accept"))).facts.life.seat("bufetat")
    for receiver in ("kindergarten", "child_welfare"):
        told = {"subject": {"kind": "own", "key": f"nora@{state.id}"}, "title": "Fra oss", "free_text": False}
        world.tell(state, told | {"parts": [ADAPTED]}, INFO.name, receiver=receiver)
    (unnamed,), (named,) = world.take(NURSERY), world.take(CHILD_WELFARE)

    assert seated is not None and seated.answer == "accept"
    assert (named["from"]["service"], unnamed["from"]["service"]) == ("bufetat", "municipal_provider")
    assert named["parts"] == unnamed["parts"] == [ADAPTED]
    assert "bufetat" not in str(unnamed).lower()
