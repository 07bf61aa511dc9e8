"""A room's face shows what its list says, and nothing else. What vendors import is written down here a second time."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

import pytest

FACES = (
    "hub.sdk",
    "hub.conformance",
    "hub.policy",
    "hub.mapping",
    "hub.sync",
    "hub.ports",
    "hub.broker",
    "hub.storage",
)
FOR_VENDORS = {
    "hub.sdk": {
        *("Adapter", "ChildKey", "Delivers", "Document", "Fetches", "Kind", "Manifest", "Pings", "Polls", "Posted"),
        *("Consent", "Evidence", "Schema", "SetupError", "Stamp", "TellsCarePlans", "TellsConsents", "TryAgainError"),
        "UnusableError",
        *("canonical_json", "load_schema", "read_json", "write_json"),
    },
    "hub.conformance": {"CHECKS", "AdapterConformance", "Result", "Subject", "report", "samples_in"},
}
"""A name that leaves this list breaks adapters: a new major version, and a line in the changelog."""


@pytest.mark.parametrize("face", FACES)
def test_what_is_listed_is_there_and_in_order(face: str) -> None:
    module = import_module(face)

    assert [each for each in module.__all__ if not hasattr(module, each)] == []
    assert len(set(module.__all__)) == len(module.__all__)


@pytest.mark.parametrize("face", ["hub.sdk", "hub.conformance", "hub.policy", "hub.mapping", "hub.sync", "hub.ports"])
def test_what_is_there_is_listed(face: str) -> None:
    module = import_module(face)

    assert _visible(module) == set(module.__all__)


@pytest.mark.parametrize(("face", "names"), FOR_VENDORS.items())
def test_vendors_find_what_they_found_yesterday(face: str, names: set[str]) -> None:
    assert set(import_module(face).__all__) == names


def _visible(module: ModuleType) -> set[str]:
    return {
        each for each, value in vars(module).items() if not each.startswith("_") and not isinstance(value, ModuleType)
    }
