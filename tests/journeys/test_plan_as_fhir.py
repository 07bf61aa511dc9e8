"""The plan as FHIR R4 over HTTP: what a health system may see, under the same decision as a delivery."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.careplan import CarePlan
from fhir.resources.R4B.operationoutcome import OperationOutcome

from tests.journeys.systems import EVERYTHING, SYSTEMS, measure, support_plan
from tests.journeys.town import Town

SCHOOL, HEALTH, NURSERY = SYSTEMS["school"], SYSTEMS["health"], SYSTEMS["kindergarten"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def nora(town: Town) -> Town:
    """Everybody agrees to everything but special education."""
    child = town.world.at_table("nora", SCHOOL, HEALTH, NURSERY, consent=False)
    town.world.consent(child, "nora", "mother", "father", categories=EVERYTHING - {"sped"})
    say(town, measure("m1", "Reading"), measure("m2", "Own teacher", topic="special_education"))
    return town


def say(town: Town, *measures: dict[str, Any]) -> None:
    body = orjson.dumps(support_plan("nora@school-1", measures=list(measures)))
    town.settled(SCHOOL, town.post(SCHOOL, body))


def read(town: Town, has: str | None = None) -> httpx.Response:
    headers = {"If-None-Match": has} if has else {}
    return town.call(HEALTH, "GET", f"/fhir/CarePlan/{town.world.plans['nora']}", headers=headers)


def search(town: Town, form: str) -> httpx.Response:
    return town.call(HEALTH, "POST", "/fhir/CarePlan/_search", content=form.encode(), headers=FORM)


def test_a_health_system_reads_what_it_may_see_and_nothing_else(nora: Town) -> None:
    answer = read(nora)

    plan = CarePlan.model_validate_json(answer.content)
    assert answer.headers["Content-Type"] == "application/fhir+json"
    assert (answer.headers["ETag"], plan.meta.versionId, plan.id) == ('W/"1"', "1", nora.world.plans["nora"])
    assert "Reading" in answer.text
    assert "Own teacher" not in answer.text
    assert "forward_redacted" in nora.world.decisions("nora", "dispatch")


def test_whoever_has_the_version_has_it_acknowledged_and_gets_none(nora: Town) -> None:
    first = read(nora)

    again = read(nora, first.headers["ETag"])

    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", 'W/"1"')
    assert "delivered" in [row.state for row in nora.world.deliveries("nora", HEALTH)]
    assert nora.empty_mailbox(HEALTH) == []


def test_a_change_is_the_next_version_of_that_view_and_a_withheld_change_is_none(nora: Town) -> None:
    first = read(nora)
    say(nora, measure("m1", "Reading"), measure("m2", "Own assistant", topic="special_education"))
    same = read(nora)

    say(nora, measure("m1", "Reading aloud"), measure("m2", "Own assistant", topic="special_education"))
    changed = read(nora)

    assert [each.headers["ETag"] for each in (first, same, changed)] == ['W/"1"', 'W/"1"', 'W/"2"']
    assert first.content == same.content


def test_it_is_found_by_the_systems_own_id_in_a_form(nora: Town) -> None:
    found = search(nora, "subject=Patient/nora@health-1")
    nobody = search(nora, "subject=Patient/ole@health-1")

    bundle = Bundle.model_validate_json(found.content)
    assert (bundle.type, bundle.total, bundle.entry[0].search.mode) == ("searchset", 1, "match")
    assert orjson.loads(nobody.content) == {"resourceType": "Bundle", "type": "searchset", "total": 0}


def test_what_has_not_changed_since_is_left_out(nora: Town) -> None:
    read(nora)
    now = nora.world.hub.clock.now()
    nora.world.clock.go_on(days=1)

    since = search(nora, f"subject=Patient/nora@health-1&_lastUpdated=ge{now.date()}")
    later = search(nora, f"subject=Patient/nora@health-1&_lastUpdated=ge{nora.world.hub.clock.now().date()}")

    assert (since.json()["total"], later.json()["total"]) == (1, 0)


@pytest.mark.parametrize(
    "form", ["", "colour=red", "subject=Patient/x&_lastUpdated=lt2026", "subject:Patient.identifier=|1"]
)
def test_a_search_that_cannot_be_made_is_an_operation_outcome(nora: Town, form: str) -> None:
    answer = search(nora, form)

    outcome = OperationOutcome.model_validate_json(answer.content)
    assert (answer.status_code, outcome.issue[0].severity) == (422, "error")


@pytest.mark.parametrize(
    ("by", "status", "code"), [(None, 401, "login"), (NURSERY, 403, "forbidden")], ids=["nobody", "another format"]
)
def test_whoever_may_not_read_it_gets_an_operation_outcome(nora: Town, by: Any, status: int, code: str) -> None:
    answer = nora.call(by, "GET", f"/fhir/CarePlan/{nora.world.plans['nora']}")

    outcome = OperationOutcome.model_validate_json(answer.content)
    assert (answer.status_code, outcome.issue[0].code) == (status, code)


def test_a_plan_at_whose_table_it_does_not_sit_is_not_found(nora: Town) -> None:
    nora.world.at_table("ole", SCHOOL)

    answers = [nora.call(HEALTH, "GET", f"/fhir/CarePlan/{id}") for id in (nora.world.plans["ole"], "no-such-plan")]

    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_the_capability_statement_is_valid_and_needs_no_token(town: Town) -> None:
    answer = town.call(None, "GET", "/fhir/metadata")

    statement = CapabilityStatement.model_validate_json(answer.content)
    assert (answer.status_code, statement.fhirVersion) == (200, "4.0.1")
