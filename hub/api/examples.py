"""An example of each JSON body that the API takes, kept as data and put into the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def examples() -> Mapping[str, Any]:
    """By `METHOD /path`, as they might be sent."""
    told: dict[str, Any] = yaml.safe_load((files("hub.api") / "examples.yaml").read_text(encoding="utf-8"))
    return told


def put_examples(document: Mapping[str, Any]) -> None:
    """Each beside its schema, wherever the body may be JSON; one that says its own example keeps it."""
    for path, ways in document["paths"].items():
        for method, operation in ways.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            told = examples().get(f"{method.upper()} {path}")
            if body is not None and told is not None:
                body.setdefault("example", told)
