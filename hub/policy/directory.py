"""The directory in words: what each service does, who answers for it, and what the law asks of it (F-07, O-07)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from hub.errors import SetupError
from hub.model.service import FAMILY
from hub.policy.explain import LANGUAGES, Language
from hub.policy.services import services
from hub.policy.statutes import acts, split

Said = Mapping[Language, str]
NO_SERVICE = frozenset({"guardian", FAMILY})
"""Those for whom the services are there."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What the law asks of a service, the time it sets for that where it sets one, and the provision."""

    code: str
    words: Said
    within: Said | None
    cite: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One service as the directory tells of it. `coordinates` is whether the municipality can appoint it (COO-05)."""

    service: str
    act: str | None
    owner: str
    does: Said
    answers: Said
    coordinates: bool
    coordination: Said
    duties: tuple[Duty, ...]


@cache
def directory() -> Mapping[str, Entry]:
    """Every service by name, in the order of `services.yaml`."""
    told = yaml.safe_load((files("hub.policy") / "directory.yaml").read_text(encoding="utf-8"))
    try:
        return {name: _entry(name, told) for name in services() if name not in NO_SERVICE}
    except (KeyError, TypeError) as error:
        raise SetupError(f"directory.yaml: {error}") from error


def _entry(name: str, told: Mapping[str, Any]) -> Entry:
    known, row = services()[name], told["services"][name]
    act = acts()[known.act]["name"] if known.act in acts() else None
    return Entry(
        name,
        act,
        known.owner,
        _said(row),
        _said(told["owners"][known.owner]),
        known.appointable,
        _said(told["coordinates"]["may" if known.appointable else "may_not"]),
        tuple(_duty(code, cite, told["duties"][code]) for code, cite in row["duties"].items()),
    )


def _duty(code: str, cite: str, row: Mapping[str, Any]) -> Duty:
    within = _said(row["within"]) if "within" in row else None
    act, section = split(cite)
    return Duty(code, _said(row), within, f"{acts()[act]['name']} {section}")


def _said(row: Mapping[str, Any]) -> Said:
    return {language: str(row[language]) for language in LANGUAGES}
