"""Every service of the acts has the same doors: it reports and receives, and gets no more than its due."""

from __future__ import annotations

import pytest

from hub.sdk.directed import INFO, REPORT
from tests.journeys.systems import EVERYTHING, SYSTEMS, system
from tests.journeys.test_directed import DUTY, EDUCATION, info, report
from tests.journeys.world import World

CHILD_WELFARE, SCHOOL = SYSTEMS["child_welfare"], SYSTEMS["school"]
SERVICES = [
    *("upper_secondary", "private_school", "after_school", "ppt", "follow_up_service", "adult_education"),
    *("school_health", "gp", "hospital", "bup", "dps", "dental"),
    *("nav_state", "crisis_centre", "family_counselling", "introduction_programme"),
]
REPORTERS = ["homework_help", "arts_school", "training_company"]
"""Those who have a duty to report and no part in plans."""


@pytest.mark.parametrize("service", [*SERVICES, *REPORTERS])
def test_whoever_it_is_reports_to_child_welfare_and_is_told_nothing_of_the_plan(world: World, service: str) -> None:
    sender = system(f"{service}-1", service, "kindergarten", "no.langbenk.kindergarten.v1.support-plan")
    world.at_table("nora", SCHOOL, CHILD_WELFARE)
    world.register(sender)

    world.tell(sender, report(), REPORT.name, claims=DUTY)

    assert world.take(CHILD_WELFARE) == [report()]
    assert world.fetch(sender) == []


@pytest.mark.parametrize("service", SERVICES)
def test_whoever_it_is_receives_what_was_agreed_to_and_nothing_else(world: World, service: str) -> None:
    receiver = system(f"{service}-1", service, "kindergarten", "no.langbenk.kindergarten.v1.support-plan")
    world.register(receiver)
    child = world.at_table("nora", SYSTEMS["kindergarten"], receiver, consent=False, age=6, understands=None)
    told = info(EDUCATION, {"categories": ["economy"], "facts": {"rent": "late"}})
    world.consent(
        child, "nora", "mother", "father", receivers=frozenset({service}), categories=EVERYTHING - {"economy"}
    )

    world.tell(SYSTEMS["kindergarten"], told, INFO.name, receiver=service)

    assert [each["parts"] for each in world.take(receiver)] == [[EDUCATION]]
