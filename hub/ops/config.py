"""`langbenk config apply FILE`: registered systems and authorised people, as data. Nothing that is there is removed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import yaml

from hub.errors import SetupError
from hub.model.official import Agreement, District, Official, Routine
from hub.model.service import FAMILY, System
from hub.ops.agreements import agreements_from
from hub.ops.districts import districts_from
from hub.ops.enrol import Desk
from hub.ops.officials import officials_from
from hub.ops.routines import routines_from
from hub.policy.services import act_of
from hub.ports import Work
from hub.sdk import Adapter

CONTROL = "langbenk:control"
SCOPES = frozenset({CONTROL, "langbenk:messages.write", "langbenk:mailbox.read", "langbenk:consents.write"})
KEYS = {row.name for row in fields(System)}
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NEEDED = ("id", "municipality", "service", "client_id", "organisation")


class Adapters(Protocol):
    """What is asked of the registry: an adapter by name, or a `SetupError`."""

    def adapter(self, name: str) -> Adapter: ...


class Config(NamedTuple):
    """What a municipality has registered: its systems, the people it has authorised, whom it has agreed with, where it
    describes its services' routines, and its city districts."""

    systems: Sequence[System]
    officials: Sequence[Official]
    agreements: Sequence[Agreement]
    routines: Sequence[Routine]
    districts: Sequence[District]

    def of(self, municipality: str) -> Config:
        """One municipality's own."""
        return Config(
            [each for each in self.systems if each.municipality == municipality],
            [each for each in self.officials if each.municipality == municipality],
            [each for each in self.agreements if each.municipality == municipality],
            [each for each in self.routines if each.municipality == municipality],
            [each for each in self.districts if each.municipality == municipality],
        )

    @property
    def municipalities(self) -> list[str]:
        return sorted({row.municipality for rows in self for row in rows})


NAMES = ", ".join(f"`{name}:`" for name in Config._fields)


def read_config(file: Path, adapters: Adapters) -> Config:
    """The lists of a YAML file, under the names of `Config`. `SetupError` names the file, the row and the key."""
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise SetupError(f"{file.name}: cannot be read as YAML") from error
    if not isinstance(document, dict) or not document or document.keys() - set(Config._fields):
        raise SetupError(f"{file.name}: must hold {NAMES}, and nothing else")
    if not all(isinstance(rows, list) for rows in document.values()):
        raise SetupError(f"{file.name}: {NAMES} must each hold a list")
    try:
        return Config(
            systems_from(document.get("systems", []), adapters),
            officials_from(document.get("officials", [])),
            agreements_from(document.get("agreements", [])),
            routines_from(document.get("routines", [])),
            districts_from(document.get("districts", [])),
        )
    except SetupError as error:
        raise SetupError(f"{file.name}: {error}") from error


def systems_from(rows: Sequence[Any], adapters: Adapters) -> list[System]:
    """Systems as data into systems that can work; every error says which and why."""
    systems = [_system(row, f"systems[{number}]", adapters) for number, row in enumerate(rows)]
    for mark in ("id", "client_id", "amqp_user", "account"):
        values = [value for system in systems if (value := getattr(system, mark))]
        if len(values) != len(set(values)):
            raise SetupError(f"systems: two have the same {mark}")
    return systems


def apply(work: Work, desk: Desk, systems: Sequence[System]) -> None:
    """Registers them. What names one system in the world names exactly one, whoever registered it first."""
    others = work.directory.systems()
    for system in systems:
        _check_taken(system, desk, others)
    work.directory.put(systems)
    for system in systems:
        desk.note(work, "system.registered", system.id, service=system.service, adapter=system.adapter)


def _check_taken(system: System, desk: Desk, others: Mapping[str, System]) -> None:
    """Nobody takes over a system of another municipality, or the name another system is known by at a door."""
    before = others.get(system.id)
    if system.municipality != desk.municipality or (before and before.municipality != desk.municipality):
        raise SetupError(f"{system.id}: this id is not for your municipality to register; choose another")
    for mark in ("client_id", "amqp_user", "account"):
        value = getattr(system, mark)
        if value and any(getattr(row, mark) == value for row in others.values() if row.id != system.id):
            raise SetupError(f"{system.id}: its {mark} is registered for another system")


def _system(row: Any, place: str, adapters: Adapters) -> System:
    if not isinstance(row, dict):
        raise SetupError(f"{place}: must be a mapping of keys")
    place = str(row.get("id") or place)
    if unknown := sorted(str(key) for key in row.keys() - KEYS):
        raise SetupError(f"{place}: unknown key {', '.join(unknown)}; known are {', '.join(sorted(KEYS))}")
    if missing := [key for key in NEEDED if not row.get(key)]:
        raise SetupError(f"{place}: {', '.join(missing)} must be given")
    values: dict[str, Any] = {key: str(value) for key, value in row.items() if value is not None}
    scopes = frozenset(map(str, row.get("scopes") or ()))
    settings: Mapping[str, str] = {str(key): str(value) for key, value in (row.get("settings") or {}).items()}
    system = System(**{"adapter": "", **values, "scopes": scopes, "settings": settings})
    _check(system, place, adapters)
    return system


def _check(system: System, place: str, adapters: Adapters) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", system.id):
        raise SetupError(f"{place}: id must be small letters, digits and hyphens")
    if not re.fullmatch(r"\d{4}", system.municipality):
        raise SetupError(f"{place}: municipality must be four digits, in quotes")
    if not re.fullmatch(r"(0192:)?\d{9}", system.organisation):
        raise SetupError(f"{place}: organisation must be nine digits")
    if unknown := sorted(system.scopes - SCOPES):
        raise SetupError(f"{place}: unknown scope {', '.join(unknown)}")
    if system.service == FAMILY:
        raise SetupError(f"{place}: no system speaks for the family; POST /v1/plans/{{id}}/words does so on its behalf")
    if system.delivery not in ("mailbox", "amqp", "push"):
        raise SetupError(f"{place}: delivery must be mailbox, amqp or push")
    if "langbenk:messages.write" in system.scopes and act_of(system.service) is None:
        raise SetupError(f"{place}: {system.service} is no welfare service under an act, and can receive but not send")
    _check_account(system, place)
    if CONTROL in system.scopes:
        if system.adapter or len(system.scopes) > 1:
            raise SetupError(f"{place}: {CONTROL} belongs to no sector system: leave out adapter and other scopes")
        return
    _check_adapter(system, place, adapters)


def _check_account(system: System, place: str) -> None:
    """Over AMQP a system is known by its user, and its account is the name of its queue."""
    if system.account and not UUID.fullmatch(system.account):
        raise SetupError(f"{place}: account must be a UUID, the Fiks IO konto")
    if system.delivery == "amqp" and not (system.account and system.amqp_user):
        raise SetupError(f"{place}: delivery amqp needs account and amqp_user")


def _check_adapter(system: System, place: str, adapters: Adapters) -> None:
    if not system.adapter:
        raise SetupError(f"{place}: adapter must be given; `langbenk adapters` lists them")
    manifest = adapters.adapter(system.adapter).manifest
    if system.service not in manifest.services:
        raise SetupError(f"{place}: the adapter {manifest.name} serves {', '.join(manifest.services)}")
    written = [kind.name for kind in manifest.writes if not kind.directed]
    if system.document and system.document not in written:
        raise SetupError(f"{place}: document must be one the adapter writes: {', '.join(written)}")
