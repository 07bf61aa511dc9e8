"""The OpenAPI document: what FastAPI writes of the operations, with what holds for many of them at once."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from hub.api import problems
from hub.api.examples import put_examples
from hub.api.once import KEY, LONGEST, is_kept
from hub.api.outcomes import FHIR

ONCE = {
    "name": KEY,
    "in": "header",
    "required": False,
    "description": "your own id of the request: under it the request is carried out once, and answered alike",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    "example": "9b2e7c1a-6f0d-4b53-9a39-2f6c3b1d7e10",
}


def described(app: FastAPI) -> dict[str, Any]:
    """Made at the first call, and kept."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            license_info=app.license_info,
        )
        _our_problems(document)
        for path, ways in document["paths"].items():
            for method, operation in ways.items():
                _what_many_do(operation, once=is_kept(method.upper(), path))
                if path.startswith("/fhir/"):
                    _as_outcomes(operation["responses"])
        put_examples(document)
        app.openapi_schema = document
    return app.openapi_schema


def _our_problems(document: dict[str, Any]) -> None:
    """Our own error form in place of FastAPI's."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["ProblemDocument"] = problems.ProblemDocument.model_json_schema()


def _what_many_do(operation: dict[str, Any], *, once: bool) -> None:
    """Whoever takes a body can be sent too large a one, and whoever keeps its answers is asked for them by a key."""
    answers = operation["responses"]
    if "422" in answers:
        answers["422"] = _problem(422)
    if "requestBody" in operation:
        answers.setdefault("413", _problem(413))
    if once:
        operation["parameters"] = [*operation.get("parameters", []), ONCE]
        for status in (400, 409, 422):
            answers.setdefault(str(status), _problem(status))


def _as_outcomes(answers: dict[str, Any]) -> None:
    """Whoever asks for FHIR is told of an error in FHIR."""
    content = {FHIR: {"schema": {"type": "object", "required": ["resourceType", "issue"]}}}
    for status, told in answers.items():
        if status >= "400":
            told["content"] = content


def _problem(status: int) -> dict[str, Any]:
    return problems.documented(status)[status]
