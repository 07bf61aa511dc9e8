"""The door: all a vendor imports in production. Our own adapters enter by it too."""

from hub.errors import SetupError, TryAgainError, UnusableError
from hub.model.change import ChildKey
from hub.model.consent import Consent, Evidence
from hub.sdk.adapter import (
    Adapter,
    Delivers,
    Document,
    Fetches,
    Pings,
    Polls,
    Posted,
    Stamp,
    TellsCarePlans,
    TellsConsents,
)
from hub.sdk.json_document import canonical_json, read_json, write_json
from hub.sdk.json_schema import Schema, load_schema
from hub.sdk.manifest import Kind, Manifest

__all__ = [
    "Adapter",
    "ChildKey",
    "Consent",
    "Delivers",
    "Document",
    "Evidence",
    "Fetches",
    "Kind",
    "Manifest",
    "Pings",
    "Polls",
    "Posted",
    "Schema",
    "SetupError",
    "Stamp",
    "TellsCarePlans",
    "TellsConsents",
    "TryAgainError",
    "UnusableError",
    "canonical_json",
    "load_schema",
    "read_json",
    "write_json",
]
