"""The OpenAPI document's examples: every JSON body has one, which holds against its own schema and at the door."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hub.api.examples import examples
from tests.unit.api.conftest import SCHOOL, World, message_headers

SEEN = {"Langbenk-Person": "emp-12", "If-Match": "*"}


def bodies(document: Any) -> dict[str, list[Any]]:
    """The JSON bodies by operation."""
    return {
        f"{method.upper()} {path}": [told for media, told in body["content"].items() if media.endswith("json")]
        for path, ways in document["paths"].items()
        for method, operation in ways.items()
        if (body := operation.get("requestBody"))
    }


@pytest.fixture
def document(world: World) -> Any:
    return world.call("GET", "/openapi.json", by=None).json()


def test_every_json_body_has_an_example_that_holds_against_its_schema(document: Any) -> None:
    found = bodies(document)
    faults = [
        f"{operation}: {fault.json_path} {fault.message}"
        for operation, told in found.items()
        for body in told
        for fault in Draft202012Validator({**document, **body["schema"]}).iter_errors(body.get("example", "none"))
    ]

    assert len(found) >= 40
    assert [operation for operation, told in found.items() if not told] == ["POST /fhir/CarePlan/_search"]  # a form
    assert [operation for operation, told in found.items() if any("example" not in each for each in told)] == []
    assert faults == []


def test_no_example_is_of_an_operation_that_is_gone(document: Any) -> None:
    assert sorted(examples().keys() - bodies(document).keys()) == []


def test_what_the_examples_say_can_be_read_at_the_door(world: World, document: Any) -> None:
    """There is no such child, hold or plan here; but no answer says that the body is wrong."""
    unread = {}
    for operation, body in examples().items():
        method, path = operation.split(" ")
        by_school = path.startswith(("/v1/messages", "/v1/mailbox"))
        answer = world.call(
            method, re.sub(r"\{\w+\}", "0f3c2a9b7e6d4c1f", path), json=body,
            headers=message_headers("m-1") if path == "/v1/messages" else SEEN,
            **({"by": SCHOOL} if by_school else {}),
        )  # fmt: skip
        if answer.status_code not in (200, 201, 202, 204, 403, 404):
            unread[operation] = answer.json()

    assert unread == {}
