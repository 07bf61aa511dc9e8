"""The plan document: the whole plan in the plan's own words, for systems whose own format nobody else may write."""

from __future__ import annotations

from functools import cache

from hub.sdk.adapter import Document
from hub.sdk.json_document import read_json, write_json
from hub.sdk.json_schema import Schema, load_schema
from hub.sdk.manifest import Kind

PLAN_DOCUMENT = Kind("no.langbenk.plan.v1.document", lens="mappings:plan/plan-document.v1.yaml")
CARRIES: tuple[str, ...] = (
    *("frame", "identity", "goal", "resource", "need", "participant"),
    *("contribution", "measure", "cooperation", "meeting", "voice", "note"),
)
"""What it holds of a plan: everything."""


@cache
def _schema() -> Schema:
    return load_schema("mappings", "plan/plan-document.v1.schema.json")


def read_plan(raw: bytes) -> Document:
    """A plan document that a system sends back, held to its schema; `UnusableError` names the place."""
    document = read_json(raw)
    _schema().check(document)
    return document


def write_plan(document: Document) -> bytes:
    """The same document as bytes."""
    return write_json(document)
