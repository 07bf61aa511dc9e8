"""Who may call: one client is one system, one scope one room; and the vitals that ask for no token."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hub.api.problems import KEYED
from hub.api.vitals import Readiness
from hub.bootstrap import build
from hub.security.tokens import CONTROL, READ, WRITE
from tests.unit.api.conftest import KINDERGARTEN, OFFICE, SCHOOL, World, message_headers
from tests.unit.api.test_messages import GOOD, problem


def test_without_a_token_nobody_comes_in(world: World) -> None:
    answer = world.call("GET", "/v1/mailbox", by=None)

    assert problem(answer, 401, "no_token")["retryable"] is False
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


KEPT_KEYS = frozenset({"Acknowledgement"})
"""Requests whose form is not called `…In`."""


def test_a_token_that_is_not_good_says_why_and_not_whose(world: World) -> None:
    token = world.issuer.mint(SCHOOL.client_id, SCHOOL.organisation, [READ], seconds=-60)

    assert "expired" in problem(world.call("GET", "/v1/mailbox", token=token), 401, "invalid_token")["detail"]


@pytest.mark.parametrize(
    ("method", "path", "by", "scopes"),
    [
        ("GET", "/v1/mailbox", SCHOOL, [WRITE]),
        ("GET", "/v1/messages/x", SCHOOL, [READ]),
        ("GET", "/v1/status", SCHOOL, [READ, WRITE]),
        ("GET", "/v1/status", SCHOOL, [READ, WRITE, CONTROL]),
        ("GET", "/v1/mailbox", OFFICE, [CONTROL]),
        ("GET", "/v1/mailbox", OFFICE, [CONTROL, READ]),
    ],
)
def test_a_scope_opens_only_its_own_room_and_only_for_who_is_registered_for_it(
    world: World, method: str, path: str, by: Any, scopes: list[str]
) -> None:
    token = world.issuer.token_for(by, scopes=scopes)

    problem(world.call(method, path, token=token), 403, "insufficient_scope")


def test_another_system_of_the_same_organisation_is_only_that_other_system(world: World, plan: dict[str, Any]) -> None:
    address = world.send(GOOD, "m-1").headers["Location"]
    same_organisation = replace(KINDERGARTEN, organisation=SCHOOL.organisation)

    assert problem(world.call("GET", address, by=same_organisation), 404, "not_found")


def test_an_unregistered_client_of_a_registered_organisation_is_nobody(world: World) -> None:
    token = world.issuer.mint("client-unknown", SCHOOL.organisation, [WRITE])

    answer = world.call("POST", "/v1/messages", token=token, content=GOOD, headers=message_headers("m-1"))

    problem(answer, 403, "unknown_system")
    assert world.call("GET", "/v1/status").json()["parts"]["total"] == 0
    assert 'langbenk_api_refused_total{code="unknown_system"} 1' in world.call("GET", "/metrics", by=None).text


def test_every_room_of_the_api_asks_for_a_token(world: World) -> None:
    document = world.call("GET", "/openapi.json", by=None).json()
    operations = [
        (method.upper(), path.replace("{", "").replace("}", ""))
        for path, methods in document["paths"].items()
        for method in methods
        if path.startswith("/v1/")
    ]
    answers = {operation: world.call(*operation, by=None).status_code for operation in operations}

    assert len(answers) > 20
    assert set(answers.values()) == {401}


def test_alive_and_ready_say_yes_and_nothing_more(world: World) -> None:
    for path in ("/livez", "/readyz"):
        answer = world.call("GET", path, by=None)

        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_without_its_broker_it_is_not_ready(world: World) -> None:
    gone = {"broker_url": "amqp://guest:guest@127.0.0.1:1/nowhere"}
    hub = build(world.hub.settings.model_copy(update=gone))

    assert Readiness(hub).now() == {"database": True, "broker": False, "policy": True, "clock": True}
    hub.close()


def test_metrics_are_prometheus_text(world: World) -> None:
    answer = world.call("GET", "/metrics", by=None)

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "# TYPE langbenk_api_refused_total counter" in answer.text


def test_what_does_not_exist_is_a_problem_too(world: World) -> None:
    problem(world.call("GET", "/v1/nothing", by=None), 404, "not_found")
    wrong = world.call("DELETE", "/livez", by=None)

    problem(wrong, 405, "method_not_allowed")
    assert wrong.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    ("language", "title"), [("nn-NO, en", "Finst ikkje"), ("no", "Finnes ikke"), ("de", "Not found")]
)
def test_a_title_is_in_the_callers_language(world: World, language: str, title: str) -> None:
    answer = world.call("GET", "/v1/nothing", by=None, headers={"Accept-Language": language})

    assert answer.json()["title"] == title


def test_every_problem_type_leads_to_what_it_means(world: World) -> None:
    told = world.call("GET", "/v1/nothing", by=None).json()

    assert world.call("GET", told["type"], by=None).json()["code"] == "not_found"


def test_an_error_of_ours_is_told_without_its_text(world: World, caplog: pytest.LogCaptureFixture) -> None:
    @world.app.get("/broken/{name}")
    def broken(name: str) -> None:
        raise ZeroDivisionError(f"{name} lives in Storgata")

    with caplog.at_level(logging.INFO, logger="hub.api"):
        answer = world.call("GET", "/broken/Nordmann", by=None)

    problem(answer, 500, "internal")
    told = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("hub"))
    assert "Storgata" not in answer.text + told
    assert "Nordmann" not in told
    assert "'route': '/broken/{name}', 'status': 500" in told


def test_the_openapi_document_has_examples_and_problem_answers(world: World) -> None:
    document = world.call("GET", "/openapi.json", by=None).json()
    operations = [each for path, ways in document["paths"].items() if path.startswith("/v1/") for each in ways.values()]

    assert all(each["summary"] and each["description"] for each in operations)
    assert all(
        "application/problem+json" in answer["content"]
        for each in operations
        for status, answer in each["responses"].items()
        if status >= "400"
    )
    assert "ProblemDocument" in document["components"]["schemas"]
    assert "HTTPValidationError" not in str(document)
    assert world.call("GET", "/docs", by=None).status_code == 200


def test_the_openapi_document_tells_of_the_key_of_every_request_that_is_carried_out_once(world: World) -> None:
    document = world.call("GET", "/openapi.json", by=None).json()
    posts = {path: ways["post"] for path, ways in document["paths"].items() if "post" in ways and "/v1/" in path}
    unsaid = [
        path
        for path, each in posts.items()
        if "Idempotency-Key" not in [one["name"] for one in each.get("parameters", [])]
        or {"400", "422"} - each["responses"].keys()
        or (path != "/v1/messages" and "409" not in each["responses"])
    ]

    assert len(posts) > 40
    assert unsaid == []


def test_the_openapi_document_gives_examples_of_headers_that_can_be_sent(world: World) -> None:
    document = world.call("GET", "/openapi.json", by=None).json()
    shown = [
        str(one.get("example", ""))
        for ways in document["paths"].values()
        for each in ways.values()
        for one in each.get("parameters", [])
        if one["in"] == "header"
    ]

    assert all(example.isascii() and example.isprintable() for example in shown)


def test_the_openapi_document_says_that_fhir_has_errors_of_its_own_form(world: World) -> None:
    described = world.call("GET", "/openapi.json", by=None).json()["paths"]["/fhir/CarePlan/{id}"]["get"]["responses"]
    unknown = world.call("GET", "/fhir/CarePlan/x", by=KINDERGARTEN)

    assert list(described[str(unknown.status_code)]["content"]) == [unknown.headers["content-type"]]
    assert unknown.json()["resourceType"] == "OperationOutcome"


def test_the_openapi_document_tells_of_every_body_that_can_be_too_large(world: World) -> None:
    document = world.call("GET", "/openapi.json", by=None).json()
    takes = [each for ways in document["paths"].values() for each in ways.values() if "requestBody" in each]

    assert len(takes) > 40
    assert all("413" in each["responses"] for each in takes)


def test_a_problem_is_of_the_form_that_the_openapi_document_says(world: World, plan: dict[str, Any]) -> None:
    """What is now is an object or, of refusals, a list."""
    document = world.call("GET", "/openapi.json", by=None).json()
    form = Draft202012Validator(document["components"]["schemas"]["ProblemDocument"])
    told = {"person": "emp-12", "wish": "plan", "authority": "v-1", "reason": "not lasting"}
    stale = [
        world.call("POST", f"/v1/plans/{plan['id']}/{step}", json=body, headers={"If-Match": '"old"'})
        for step, body in (("refusals", told), ("coordination/wishes", {"person": "emp-12"}))
    ]

    assert [each.status_code for each in stale] == [412, 412]
    assert [fault.message for each in stale for fault in form.iter_errors(each.json())] == []


def test_the_documentation_sends_no_browser_to_another_host(world: World) -> None:
    page = world.call("GET", "/docs", by=None).text
    named = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)

    assert named and all(each.startswith("/docs/static/") for each in named)
    assert all(world.call("GET", each, by=None).status_code == 200 for each in named)
    assert "http" not in re.sub(r"http://www\.w3\.org\S*", "", page)


def test_a_name_that_the_caller_made_up_inside_a_request_is_not_repeated(world: World, plan: dict[str, Any]) -> None:
    """Every field whose own names are the caller's is known as one (`KEYED`)."""
    experience = {"person": "emp-12", "said_by": "p-1", "service": "school", "answers": {"Ola": "well"}}
    answer = world.call("POST", f"/v1/plans/{plan['id']}/experiences", json=experience)
    forms = world.call("GET", "/openapi.json", by=None).json()["components"]["schemas"]
    asked = {name: form["properties"] for name, form in forms.items() if name.endswith("In") or name in KEPT_KEYS}

    assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, "body.answers.*")
    assert {field for form in asked.values() for field, one in form.items() if _free(one)} == KEYED


def _free(field: dict[str, Any]) -> bool:
    names = {"additionalProperties", "patternProperties", "propertyNames"}
    return any(names & each.keys() for each in (field, *field.get("anyOf", ())))
