"""In a plan: what a receiver may have of a service it may not know of comes from a municipal provider (RED-02)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from hub.model.service import System
from hub.ops.citizen_log import Reader
from hub.routing.hidden import opaque
from hub.sdk.directed import INFO
from tests.journeys.post import Line
from tests.journeys.systems import BUNDLE, PLAN_DOCUMENT, SYSTEMS, support_plan
from tests.journeys.test_citizen_log import log
from tests.journeys.world import World

NAV, CHILD_WELFARE, NURSERY, SCHOOL = (SYSTEMS[name] for name in ("nav", "child_welfare", "kindergarten", "school"))
HEALTH = SYSTEMS["health"]
RECEIVERS = {
    "a kindergarten's support plan": NURSERY,
    "our own plan document": replace(NURSERY, adapter="child-welfare", document=PLAN_DOCUMENT),
    "FHIR": replace(NURSERY, adapter="health", document=BUNDLE),
}
PROVIDER, IN_WORDS = "municipal_provider", "kommunal tjenesteyter"
NOTICE = "Visningen kan være ufullstendig. This view may be incomplete."


def adaptation(title: str = "Four hours a day", **more: Any) -> dict[str, Any]:
    told = {"id": "m1", "categories": ["adaptation"], "title": title, "status": "active", "responsible": "Kari Testmo"}
    return {**told, "code": "nav-42", "kind": "work_support", **more}


def plan_document(sender: System, *measures: dict[str, Any], name: str = "nora", **parts: Any) -> dict[str, Any]:
    child = {"id": f"{name}@{sender.id}"}
    return {"schema": PLAN_DOCUMENT, "notice": NOTICE, "child": child, "measures": list(measures), **parts}


def at_table(world: World, *categories: str, receiver: System = NURSERY, name: str = "nora") -> str:
    world.register(receiver)
    child = world.at_table(name, NAV, CHILD_WELFARE, receiver, SCHOOL, consent=False)
    if receiver.adapter == "health":  # whose references take no @
        world.seat(name, receiver, f"{name}-{receiver.id}")
    world.consent(child, name, "mother", "father", categories=frozenset(categories))
    return child


def agreed_later(world: World, child: str, *categories: str) -> list[str]:
    return world.consent(child, "nora", "mother", "father", categories=frozenset(categories))


@pytest.mark.parametrize("receiver", RECEIVERS.values(), ids=RECEIVERS)
def test_a_measure_goes_without_the_name_of_a_service_nobody_may_know_of(world: World, receiver: System) -> None:
    at_table(world, "adaptation", "plan_measure", receiver=receiver)
    world.tell(NAV, plan_document(NAV, adaptation()), correlation_id="nav-sak-2026-17")

    (parcel,) = world.fetch(receiver)

    said = parcel.body.decode()
    assert "Four hours a day" in said
    assert (PROVIDER in said, IN_WORDS in said) == (True, True)
    assert not [word for word in ("nav", "Kari", "work_support") if word in said.replace("navn", "")]
    assert parcel.correlation_id == opaque(world.plans["nora"], receiver.id)


@pytest.mark.parametrize("receiver", RECEIVERS.values(), ids=RECEIVERS)
def test_whoever_agrees_to_the_relation_too_is_told_whose_it_is(world: World, receiver: System) -> None:
    child = at_table(world, "adaptation", "plan_measure", receiver=receiver)
    world.tell(NAV, plan_document(NAV, adaptation()), correlation_id="nav-sak-2026-17")
    agreed_later(world, child, "benefit")

    (parcel,) = world.fetch(receiver)

    assert parcel.correlation_id == "nav-sak-2026-17"
    assert (b"nav_social" in parcel.body, b"Kari Testmo" in parcel.body) == (True, True)
    assert PROVIDER.encode() not in parcel.body


def test_what_a_service_says_of_its_own_trade_is_not_told_without_it(world: World) -> None:
    at_table(world, "adaptation", "plan_measure")
    world.tell(
        NAV, plan_document(NAV, adaptation(categories=["adaptation", "benefit"]), adaptation(id="m2", categories=[]))
    )

    assert world.fetch(NURSERY) == []


def test_two_services_that_may_not_be_named_cannot_be_told_apart(world: World) -> None:
    seen = []
    for name, each, who, code in (("nora", NAV, "Kari Testmo", "nav-42"), ("jens", CHILD_WELFARE, "Ola Prøve", "3.12")):
        at_table(world, "adaptation", "plan_measure", name=name)
        told = adaptation(responsible=who, code=code)
        world.tell(each, plan_document(each, told, name=name), correlation_id=f"sak-{each.id}")
        (document,) = world.take(NURSERY)
        seen.append(document["measures"])

    assert [{**each, "id": ""} for each in seen[0]] == [{**each, "id": ""} for each in seen[1]]


@pytest.mark.parametrize("title", ["Samtale med NAV", "Avtale med Kari", "Møte på barnevernkontoret"])
def test_a_label_that_names_the_service_or_its_people_waits(world: World, title: str) -> None:
    at_table(world, "adaptation", "plan_measure")
    world.tell(NAV, plan_document(NAV, adaptation(title)))

    assert world.fetch(NURSERY) == []
    (hold,) = [each for each in world.holds("nora") if each.receiver == NURSERY.id]
    assert {"RED-01", "RED-02"} <= set(hold.rules)


def test_a_text_that_people_release_still_names_no_service(world: World) -> None:
    at_table(world, "adaptation", "plan_measure")
    world.tell(NAV, plan_document(NAV, adaptation(description="after lunch")))
    assert world.fetch(NURSERY) == []

    world.release(*[each for each in world.holds("nora") if each.receiver == NURSERY.id])

    (document,) = world.take(NURSERY)
    (told,) = document["measures"]
    assert (told["text"], told["service"], told["responsible"]) == ("after lunch", PROVIDER, IN_WORDS)


@pytest.mark.parametrize("receiver", RECEIVERS.values(), ids=RECEIVERS)
def test_a_write_back_of_what_was_unnamed_takes_nothing_from_the_owner(world: World, receiver: System) -> None:
    at_table(world, "adaptation", "plan_measure", receiver=receiver)
    world.tell(NAV, plan_document(NAV, adaptation()))
    (parcel,) = world.fetch(receiver)
    world.take(receiver)

    world.tell(receiver, orjson.loads(parcel.body))
    assert world.proposals("nora") == []
    world.tell(receiver, orjson.loads(parcel.body.replace(b"Four hours a day", b"Five hours a day")))
    (proposal,) = world.proposals("nora")
    world.answer(proposal, accepted=True)

    (element,) = [each for each in world.plan("nora").elements.values() if each.kind == "measure"]
    assert element.owner == "nav_social"
    assert {**element.content, "title": ""} == {
        "title": "",
        "status": "active",
        "responsible": "Kari Testmo",
        "code": "nav-42",
        "kind": "work_support",
    }
    assert element.content["title"] == "Five hours a day"


def test_when_the_relation_is_no_longer_agreed_to_the_next_document_names_nobody(world: World) -> None:
    child = at_table(world, "adaptation", "plan_measure")
    agreed = agreed_later(world, child, "benefit")
    world.tell(NAV, plan_document(NAV, adaptation()))
    (document,) = world.take(NURSERY)
    assert document["measures"][0]["service"] == "nav_social"

    world.withdraw(*agreed)
    world.sweep()

    (document,) = world.take(NURSERY)
    assert (document["measures"][0]["service"], document["measures"][0]["responsible"]) == (PROVIDER, IN_WORDS)


def test_a_row_that_says_who_takes_part_stays_out(world: World) -> None:
    at_table(world, "adaptation", "plan_measure")
    row = {"id": "p1", "name": "Kari Testmo", "role": "contact", "categories": ["adaptation"]}
    world.tell(NAV, plan_document(NAV, adaptation(), participants=[row]))

    (document,) = world.take(NURSERY)

    assert "participants" not in document
    assert "Kari" not in str(document)


def test_the_kept_decision_says_that_the_owner_was_not_named(world: World) -> None:
    at_table(world, "adaptation", "plan_measure")
    world.tell(NAV, plan_document(NAV, adaptation()))
    world.take(NURSERY)

    with world.hub.store.begin() as work:
        row = [each for each in work.decisions.of("9999", world.plans["nora"]) if each.receiver == NURSERY.id][-1]
    (line,) = [each for each in row.whole["elements"] if each["answer"] == "open"]
    assert "RED-02" in line["rules"]
    assert row.outcome == "forward_redacted"


def test_a_plan_made_by_a_service_that_may_not_be_named_is_a_municipal_providers(world: World) -> None:
    at_table(world, "plan_goal", "education")
    world.tell(SCHOOL, support_plan("nora@school-1", title="Individuell plan", author="child_welfare"))
    world.answer(world.proposals("nora")[0], accepted=True)

    (document,) = world.take(NURSERY)
    assert (document["title"], document["author"]) == ("Individuell plan", PROVIDER)
    world.tell(NURSERY, {**document, "title": "Planen"})
    for proposal in world.proposals("nora"):
        world.answer(proposal, accepted=True)

    (frame,) = [each for each in world.plan("nora").elements.values() if each.kind == "frame"]
    assert (frame.content["title"], frame.content["author"]) == ("Planen", "child_welfare")


@pytest.mark.services
def test_over_amqp_no_header_names_the_service(line: Line) -> None:
    world, case = line.world, "nav-sak-2026-17"
    child = world.at_table("jens", *SYSTEMS.values(), consent=False)
    world.consent(child, "jens", "mother", "father", categories=frozenset({"adaptation", "plan_measure"}))
    world.tell(NAV, plan_document(NAV, adaptation(), name="jens"), correlation_id=case)
    letters = [line.nursery.get()]
    facts = {"categories": ["adaptation"], "facts": {"hours": 4}}
    told = {"subject": {"kind": "own", "key": "jens@nav-1"}, "title": "Fra Nav", "free_text": False, "parts": [facts]}
    world.tell(NAV, told, INFO.name, receiver="kindergarten", correlation_id=case)
    letters.append(line.nursery.get())

    assert {each.headers["avsender-id"] for each in letters} == {line.school.hub}
    said = "".join(f"{name}={text};" for each in letters for name, text in each.headers.items()).lower()
    assert "nav" not in said.replace("avsender-navn", "")
    assert [PROVIDER.encode() in each.body for each in letters] == [True, True]
    assert not any(word in each.body.lower() for each in letters for word in (b"nav_", b"fra nav", case.encode()))


@pytest.mark.parametrize("reader", ["guardian", "child"])
def test_the_log_says_of_what_went_unnamed_that_a_municipal_provider_told_it(world: World, reader: Reader) -> None:
    child = at_table(world, "adaptation", "plan_measure")
    world.tell(NAV, plan_document(NAV, adaptation()))
    world.take(NURSERY)

    assert {each.sender for each in log(world, child, reader).entries if each.state == "sent"} == {PROVIDER}
