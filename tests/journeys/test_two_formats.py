"""One system that writes two formats: what one of them leaves out is not taken from the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hub.model.service import System
from tests.adapters.digisos import KIND, at, case, history
from tests.journeys.systems import PLAN_DOCUMENT, SYSTEMS
from tests.journeys.world import World

NAV, HEALTH = SYSTEMS["nav"], SYSTEMS["health"]
COLLEAGUE = replace(NAV, id="nav-2", client_id="client-nav-2")
"""Another system of the same service, which is told the same plan."""
APPLIED = {"type": "soknadsStatus", "hendelsestidspunkt": at(1), "status": "MOTTATT"}
WORK, COURSE = "Arbeidstrening", "Norskkurs"
FORM = "Søknad om økonomisk sosialhjelp"


@pytest.fixture
def table(world: World) -> World:
    world.register(COLLEAGUE)
    child = world.child("nora")
    for each in (NAV, COLLEAGUE):
        world.seat("nora", each, f"nora@{each.id}", about="nora-mother")
    world.seat("nora", HEALTH, "nora@health-1")
    world.consent(child, "nora", "mother", "father")
    return world


def written(
    table: World, *titles: str, by: System = NAV, cases: dict[str, str] | None = None, on: int | None = None
) -> None:
    """The service's plan document, whole; `cases` are measures by the key that DigiSos gives them, and `on` is the
    version of its view that it was written on."""
    told = {**{f"m-{title}": title for title in titles}, **(cases or {})}
    measures = [
        {"id": key, "owner": "nav_social", "categories": ["benefit"], "title": title, "status": "active"}
        for key, title in told.items()
    ]
    notice = "Visningen kan være ufullstendig. This view may be incomplete."
    document = {"schema": PLAN_DOCUMENT, "notice": notice, "child": {"id": f"nora@{by.id}"}, "measures": measures}
    _merged(table, by, document, view_version=on)


def told(table: World, *events: dict[str, Any], by: System = NAV) -> None:
    """The service's history as DigiSos tells it, whole."""
    _merged(table, by, history(APPLIED, *events), KIND, child_key=f"nora@{by.id}")


def _merged(table: World, by: System, *what: Any, **more: Any) -> None:
    receipt = table.tell(by, *what, **more)
    assert {part.state for part in receipt.parts} <= {"merged", "unchanged"}


def test_a_history_leaves_out_what_was_planned_and_takes_nothing_of_it_away(table: World) -> None:
    written(table, WORK, COURSE)

    told(table, case(2, "UNDER_BEHANDLING", tittel="Livsopphold"))

    assert table.titles("nora", "measure") == {WORK, COURSE, FORM, "Livsopphold"}


def test_a_history_still_takes_away_what_it_told_itself(table: World) -> None:
    written(table, WORK)
    told(table, case(2, "UNDER_BEHANDLING", tittel="Livsopphold"))

    told(table)

    assert table.titles("nora", "measure") == {WORK, FORM}


def test_a_plan_document_written_before_the_history_came_takes_nothing_of_it_away(table: World) -> None:
    written(table, WORK)
    told(table, case(2, "UNDER_BEHANDLING", tittel="Livsopphold"))

    written(table)

    assert table.titles("nora", "measure") == {FORM, "Livsopphold"}


@pytest.mark.parametrize("by", ["another format", "a colleague"])
def test_a_plan_document_that_comes_late_takes_nothing_away_that_its_people_were_told_since(
    table: World, by: str
) -> None:
    written(table, WORK, on=0)
    if by == "a colleague":
        written(table, COURSE, by=COLLEAGUE)
    else:
        told(table, case(2, "UNDER_BEHANDLING", tittel=COURSE))
    assert COURSE in str(table.take(NAV))

    written(table, WORK, on=0)

    assert {WORK, COURSE} <= table.titles("nora", "measure")


def test_a_colleagues_history_takes_nothing_away_that_its_system_was_told(table: World) -> None:
    written(table, WORK)
    table.take(COLLEAGUE)

    told(table, by=COLLEAGUE)
    told(table, case(2, "UNDER_BEHANDLING", tittel="Livsopphold"), by=COLLEAGUE)

    assert table.titles("nora", "measure") == {WORK, FORM, "Livsopphold"}


def test_a_system_is_told_in_its_own_format_what_it_said_in_another(table: World) -> None:
    written(table, WORK)
    told(table, case(2, "UNDER_BEHANDLING", tittel="Livsopphold"))

    (plan,) = table.take(NAV)

    assert {each["title"] for each in plan["measures"]} == {WORK, FORM, "Livsopphold"}


def test_what_both_formats_say_does_not_go_back_and_forth(table: World) -> None:
    """Each night both are sent as they stand: what was edited in one is not undone by the other."""
    told(table, case(2, "UNDER_BEHANDLING", tittel="Livsopphold"))
    written(table, cases={"soknad": FORM, "sak/1": "Livsopphold"})
    written(table, cases={"soknad": FORM, "sak/1": "Livsopphold og strøm"})
    version = table.plan("nora").version

    for _ in range(2):
        told(table, case(2, "UNDER_BEHANDLING", tittel="Livsopphold"))
        written(table, cases={"soknad": FORM, "sak/1": "Livsopphold og strøm"})

    assert table.titles("nora", "measure") == {FORM, "Livsopphold og strøm"}
    assert table.plan("nora").version == version


def test_what_was_edited_in_one_format_is_edited_again_in_the_other(table: World) -> None:
    told(table, case(2, "UNDER_BEHANDLING", tittel="Livsopphold"))
    written(table, cases={"soknad": FORM, "sak/1": "Livsopphold og strøm"})

    told(table, case(2, "UNDER_BEHANDLING", tittel="Livsopphold og husleie"))

    assert table.titles("nora", "measure") == {FORM, "Livsopphold og husleie"}
    (*_, plan) = table.take(NAV)
    assert {each["title"] for each in plan["measures"]} == {FORM, "Livsopphold og husleie"}
