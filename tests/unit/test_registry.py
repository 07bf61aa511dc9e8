"""Adapters by entry point: what is broken is listed with its reason, and everything else works."""

from __future__ import annotations

from typing import Any

import pytest

from hub.errors import SetupError
from hub.registry import Listed, Registry, listed, load_registry
from hub.sdk import Document, Kind, Manifest

DIRECTED = Kind("no.example.v1.report", directed=True, receiver="child_welfare")


def adapter(name: str = "acme-school", *, reads: tuple[Kind, ...] = (DIRECTED,)) -> type[Any]:
    class Acme:
        manifest = Manifest(name=name, title="Acme", services=("school",), reads=reads, writes=(), carries={})

        def read(self, raw: bytes, kind: str) -> Document:
            return raw.decode()

        def write(self, document: Document, kind: str) -> bytes:
            return str(document).encode()

        def ping(self, settings: dict[str, str]) -> None:
            return None

    return Acme


def fails() -> Any:
    raise ImportError("no module named acme_client")


def test_a_whole_adapter_is_found_by_its_name_in_either_spelling() -> None:
    registry = Registry([listed("acme-school", adapter)])

    assert registry.adapter("acme-school") is registry.adapter("acme_school")
    assert registry.kind("acme-school", DIRECTED.name) is DIRECTED
    assert registry.lens("acme-school", DIRECTED.name) is None


@pytest.mark.parametrize(
    ("load", "reason"),
    [
        (fails, "acme_client"),
        (lambda: object, "Manifest"),
        (lambda: adapter("another"), "another"),
        (lambda: adapter(reads=(Kind("no.example.v1.plan"),)), "lens"),
        (lambda: adapter(reads=(Kind("no.example.v1.plan", "mappings:nowhere.v1.yaml"),)), "nowhere"),
    ],
)
def test_a_broken_adapter_is_listed_with_its_reason_and_stops_nothing(load: Any, reason: str) -> None:
    registry = Registry([listed("acme-school", load), listed("other", lambda: adapter("other"))])
    [broken, whole] = registry.describe()

    assert (broken["state"], whole["state"]) == ("broken", "ok")
    assert reason in broken["reason"]
    with pytest.raises(SetupError, match=reason):
        registry.adapter("acme-school")


def test_an_adapter_that_is_not_installed_is_a_fault_of_the_setup() -> None:
    with pytest.raises(SetupError, match="langbenk adapters"):
        Registry([]).adapter("nowhere")


def test_two_packages_with_one_name_are_both_refused() -> None:
    registry = Registry([listed("acme-school", adapter), listed("acme_school", lambda: adapter("acme_school"))])

    with pytest.raises(SetupError, match="uninstall one"):
        registry.adapter("acme-school")


def test_what_an_adapter_can_do_is_described_as_json() -> None:
    [described] = Registry([listed("acme-school", adapter)]).describe()

    assert described == {
        "name": "acme-school",
        "title": "Acme",
        "state": "ok",
        "services": ["school"],
        "reads": ["no.example.v1.report"],
        "writes": [],
        "carries": {},
        "abilities": ["pings"],
        "auth": "oauth2",
        "max_bytes": 5_000_000,
        "tier": "bronze",
    }


def test_our_own_adapters_enter_by_the_same_door() -> None:
    names = {one.name for one in load_registry().adapters()}

    assert {"health", "child-welfare", "school", "nav", "kindergarten"} <= names


def test_a_listed_adapter_without_a_reason_is_usable() -> None:
    whole = adapter()()

    assert Registry([Listed("acme-school", whole)]).adapter("acme-school") is whole
