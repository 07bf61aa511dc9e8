"""`config apply`: systems as data, each fault named by system and key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub.errors import SetupError
from hub.ops.config import apply, read_config, systems_from
from hub.ops.enrol import Desk
from hub.ops.officials import officials_from
from hub.ports import Store
from hub.registry import Listed, Registry
from hub.sdk import Document, Kind, Manifest

PLAN = "no.example.school.v1.plan"


class Example:
    """A whole adapter, only small."""

    manifest = Manifest(
        name="example",
        title="Example",
        services=("school",),
        reads=(),
        writes=(Kind(PLAN, "mappings:example/plan.v1.yaml"),),
        carries={},
    )

    def read(self, raw: bytes, kind: str) -> Document:
        return raw.decode()

    def write(self, document: Document, kind: str) -> bytes:
        return str(document).encode()


ADAPTERS = Registry([Listed("example", Example())])
GOOD: dict[str, Any] = {
    "id": "school-2",
    "municipality": "0001",
    "service": "school",
    "adapter": "example",
    "client_id": "client-2",
    "organisation": "0192:999888777",
    "document": PLAN,
    "scopes": ["langbenk:messages.write"],
    "settings": {"url": "https://school.example"},
}
CONTROL = {key: GOOD[key] for key in ("municipality", "organisation")} | {
    "id": "control-1",
    "service": "coordinating_unit",
    "client_id": "client-control",
    "scopes": ["langbenk:control"],
}


def test_a_file_registers_systems_and_says_so_in_the_audit(tmp_path: Path, store: Store, desk: Desk) -> None:
    file = tmp_path / "systems.yaml"
    file.write_text(
        """
systems:
  - {id: school-2, municipality: "0001", service: school, adapter: example, client_id: client-2,
     organisation: "999888777", scopes: ["langbenk:messages.write", "langbenk:mailbox.read"]}
  - {id: control-1, municipality: "0001", service: coordinating_unit, client_id: client-c,
     organisation: "999888777", scopes: ["langbenk:control"]}
"""
    )
    with store.begin() as work:
        apply(work, desk, read_config(file, ADAPTERS)[0])
    with store.begin() as work:
        systems = work.directory.systems()
        audit = [entry.action for entry in work.audit.of("0001", "school-2")]

    assert systems.keys() == {"school-1", "school-2", "control-1"}
    assert systems["school-2"].scopes == {"langbenk:messages.write", "langbenk:mailbox.read"}
    assert audit == ["system.registered"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"adpater": "x"}, "adpater"),
        ({"client_id": None}, "client_id"),
        ({"municipality": 301}, "four digits"),
        ({"organisation": "12"}, "nine digits"),
        ({"id": "School 2"}, "small letters"),
        ({"scopes": ["langbenk:all"]}, "langbenk:all"),
        ({"scopes": ["langbenk:control"]}, "belongs to no sector system"),
        ({"delivery": "pigeon"}, "delivery"),
        ({"adapter": "nowhere"}, "nowhere"),
        ({"adapter": ""}, "adapter"),
        ({"service": "nav_social"}, "serves school"),
        ({"document": "no.example.other"}, PLAN),
    ],
)
def test_a_system_that_cannot_work_is_named_with_the_reason(change: dict[str, Any], named: str) -> None:
    with pytest.raises(SetupError, match=named):
        systems_from([GOOD | change], ADAPTERS)


def test_two_systems_cannot_share_a_client(store: Store, desk: Desk) -> None:
    with pytest.raises(SetupError, match="client_id"):
        systems_from([GOOD, GOOD | {"id": "school-3"}], ADAPTERS)
    with pytest.raises(SetupError, match="client_id"), store.begin() as work:
        apply(work, desk, systems_from([GOOD | {"client_id": "client-school"}], ADAPTERS))


@pytest.mark.parametrize("text", ["", "- a", "systems: 1", "systems: []\nmore: 1", "a: [", "systems: [7]"])
def test_a_file_of_another_form_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "systems.yaml"
    file.write_text(text)

    with pytest.raises(SetupError, match=r"systems\.yaml"):
        read_config(file, ADAPTERS)


def test_a_control_client_has_the_control_scope_and_nothing_else() -> None:
    [system] = systems_from([CONTROL], ADAPTERS)

    assert (system.adapter, system.scopes) == ("", {"langbenk:control"})


def test_another_municipality_cannot_take_over_a_system(store: Store, desk: Desk, elsewhere: Desk) -> None:
    mine, theirs = systems_from([GOOD], ADAPTERS), systems_from([GOOD | {"municipality": "0002"}], ADAPTERS)
    with store.begin() as work:
        apply(work, desk, mine)

    with pytest.raises(SetupError, match="school-2: this id is not for your municipality"), store.begin() as work:
        apply(work, elsewhere, [replace(theirs[0], client_id="another")])


@pytest.mark.parametrize("mark", ["client_id", "amqp_user", "account"])
def test_what_another_system_is_known_by_cannot_be_registered_again(store: Store, desk: Desk, mark: str) -> None:
    first = replace(systems_from([GOOD], ADAPTERS)[0], amqp_user="user-2", account="account-2")
    second = replace(first, id="school-3", client_id="c", amqp_user="u", account="a")
    with store.begin() as work:
        apply(work, desk, [first])

    with pytest.raises(SetupError, match=f"school-3: its {mark} is registered"), store.begin() as work:
        apply(work, desk, [replace(second, **{mark: getattr(first, mark)})])


def test_whoever_has_no_act_cannot_be_registered_to_send() -> None:
    row = GOOD | {"service": "private_organisation"}
    with pytest.raises(SetupError, match="under an act"):
        systems_from([row], ADAPTERS)


@pytest.mark.parametrize("scopes", [["langbenk:messages.write"], ["langbenk:mailbox.read"], []])
def test_no_system_is_the_familys(scopes: list[str]) -> None:
    with pytest.raises(SetupError, match="speaks for the family"):
        systems_from([GOOD | {"service": "family", "scopes": scopes}], ADAPTERS)


def test_nobody_employed_acts_for_the_family() -> None:
    row = {"person": "emp-1", "municipality": "0001", "roles": ["coordinator"], "service": "family"}
    with pytest.raises(SetupError, match="unknown service"):
        officials_from([row])
