"""Consent against a hub that runs: asked and answered over HTTP, registered by a health record, ended by the sweep."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Any

import orjson
import pytest

from hub.policy.question import PARTS
from hub.security.tokens import CONSENTS
from tests.adapters.fhir import bundle, goal, patient, plan, to
from tests.adapters.test_health_consent import CATEGORY, foreign
from tests.conftest import StandingClock
from tests.journeys.ear import CONTROL
from tests.journeys.systems import SYSTEMS, measure, support_plan
from tests.journeys.town import Town
from tests.journeys.world import PATIENCE, World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
HEALTH = replace(SYSTEMS["health"], scopes=SYSTEMS["health"].scopes | {CONSENTS})
TOLD = {"received_by": "emp-3", "told": list(PARTS)}
EXTENSION = "https://langbenk.no/fhir/StructureDefinition/consent-told"


@pytest.fixture
def chosen() -> dict[str, str]:
    return {"sweep_seconds": "0.05"}


@pytest.fixture
def child(world: World) -> str:
    world.register(CONTROL, HEALTH)
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.seat("nora", HEALTH, "pat-nora")
    return child


def control(town: Town, method: str, path: str, body: Any = None) -> Any:
    answer = town.call(CONTROL, method, path, json=body)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def asked(town: Town, child: str) -> Any:
    form = {
        "senders": ["school"],
        "receivers": ["kindergarten"],
        "categories": ["education", "plan_measure", "wellbeing"],
    }
    return control(
        town, "POST", "/v1/consent-requests", form | {"child": child, "person": "emp-3", "background": "Bytte."}
    )


def school_says(town: Town, title: str) -> None:
    document = support_plan("nora@school-1", measures=[measure("m1", title)])
    town.settled(SCHOOL, town.post(SCHOOL, orjson.dumps(document)))


def eventually(look: Callable[[], Any], good: Callable[[Any], bool]) -> Any:
    """What a look gives once it is good."""
    until, pause = monotonic() + PATIENCE, threading.Event()
    while not good(found := look()):
        assert monotonic() < until, f"still {found}"
        pause.wait(0.02)
    return found


def test_what_a_family_says_over_http_is_what_is_sent(town: Town, child: str) -> None:
    request = asked(town, child)
    school_says(town, "A quiet start")
    before = town.empty_mailbox(NURSERY)
    given = [
        control(
            town,
            "POST",
            f"/v1/consent-requests/{request['id']}/answers",
            {"person": who, "answer": "yes", "evidence": TOLD},
        )
        for who in ("nora-mother", "nora-father")
    ]
    opened = eventually(lambda: town.empty_mailbox(NURSERY), bool)
    control(town, "POST", f"/v1/consents/{given[0]['id']}/withdrawal")
    school_says(town, "A quiet end")
    after = town.empty_mailbox(NURSERY)

    assert (before, after) == ([], [])
    assert "A quiet start" in str(opened)


def test_the_running_sweep_ends_questions_that_nobody_answers(town: Town, child: str, clock: StandingClock) -> None:
    request = asked(town, child)
    clock.go_on(days=30)

    shown = eventually(
        lambda: control(town, "GET", f"/v1/consent-requests/{request['id']}"),
        lambda found: all(one["state"] == "expired" for one in found["questions"]),
    )

    records = control(town, "GET", f"/v1/persons/{child}/consents")
    assert [one["answer"] for one in records] == ["none", "none"]
    assert shown["text"]["no_answer"].endswith("regner vi det som at du ikke samtykker.")


def test_a_health_record_registers_what_both_parents_signed_and_its_goals_go(town: Town, child: str) -> None:
    document = bundle(plan(subject="Patient/pat-nora", goal=to("Goal/g1")), goal("g1"), patient("pat-nora"))
    town.settled(HEALTH, town.post(HEALTH, orjson.dumps(document), media="application/fhir+json"))
    before = town.empty_mailbox(NURSERY)

    answer = town.call(HEALTH, "POST", "/v1/consents/documents", json=signed_by_both())
    opened = eventually(lambda: town.empty_mailbox(NURSERY), bool)

    assert answer.status_code == 201, answer.text
    assert [(one["giver"], one["authority"]) for one in answer.json()] == [("mother", True), ("father", True)]
    assert (before, "Sover" in str(opened)) == ([], True)


def signed_by_both() -> dict[str, Any]:
    """One form with two signatures, about the health service's own information, for the kindergarten."""
    actors = foreign()["provision"]["actor"]
    service = {"system": actors[0]["reference"]["identifier"]["system"]}
    named = [
        {**actor, "reference": {"type": "Organization", "identifier": {**service, "value": name}}}
        for actor, name in zip(actors, ("kindergarten", "municipal_health"), strict=True)
    ]
    codes = [{"coding": [{"system": CATEGORY, "code": each}]} for each in ("health", "plan_goal")]
    father = {**foreign()["contained"][0], "id": "far", "relationship": [{"coding": [{"code": "FTH"}]}]}
    return foreign(
        patient={"reference": "Patient/pat-nora"},
        dateTime="2026-08-10",
        contained=[*foreign()["contained"], father],
        performer=[{"reference": "#mor"}, {"reference": "#far"}],
        extension=[{"url": EXTENSION, "valueCode": part} for part in PARTS],
        provision=foreign()["provision"] | {"actor": named, "code": codes, "period": {"start": "2026-08-10"}},
    )
