"""The kinds of tasks, as data in `tasks.yaml`: whose they are, until when, who follows, which answers there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from hub.errors import SetupError
from hub.model.calendar import after_weeks, deadline
from hub.model.service import Service, System

COORDINATING_UNIT = "coordinating_unit"
"""*Koordinerende enhet* (hol § 7-3): where a need for a plan comes in, and who answers where nobody else does."""
DECISION_AUTHORITY = "decision_authority"
"""Who decides for the municipality where it is unclear or disputed: the uppermost a task goes to."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. `by` names what alone answers it; `becomes` the kind that silence opens in its place.

    A `secret` one nobody sees but the service it is put to, and it goes up within that. `weeks` is the time that a law
    sets in weeks, in place of `days`. An answer that `tells` goes to whoever reported; `then` is what it opens. After
    one of `again` the same is asked once more, when the days have passed and it is owed still.
    """

    to: Literal["asked", "coordinator", "coordinating_unit"]
    days: int
    up: str
    answers: tuple[str, ...]
    nb: str
    nn: str
    en: str
    why: tuple[str, ...] = ()
    by: str | None = None
    becomes: str | None = None
    weeks: int | None = None
    secret: bool = False
    tells: bool = False
    then: Mapping[str, str] = field(default_factory=dict)
    again: tuple[str, ...] = ()


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by name."""
    text = (files("hub.policy") / "tasks.yaml").read_text(encoding="utf-8")
    try:
        return {name: _kind(row) for name, row in yaml.safe_load(text).items()}
    except (TypeError, AttributeError) as error:
        raise SetupError(f"tasks.yaml: {error}") from error


def is_secret(kind: str) -> bool:
    """Whether only the service that a task of this kind is put to may know that there is one."""
    return kinds()[kind].secret


def first_due(kind: str, start: datetime) -> datetime:
    """Until when a task of this kind is to be answered, if its time begins at `start`."""
    weeks = kinds()[kind].weeks
    return deadline(start, kinds()[kind].days) if weeks is None else after_weeks(start, weeks)


def above_task(kind: str, escalated_to: Service | None) -> str:
    """Whom an overdue task of this kind goes to next; `coordinator` is who coordinates then, `asked` whose it is."""
    return kinds()[kind].up if escalated_to is None or is_secret(kind) else DECISION_AUTHORITY


def coordinating(leader: Service | None) -> Service:
    """Who answers for a plan: the service that coordinates, else the coordinating unit."""
    return leader or COORDINATING_UNIT


def whose(kind: str, asked: Service | None, leader: Service | None) -> Service:
    """The service a task of this kind is put to."""
    match kinds()[kind].to:
        case "asked":
            if asked is None:
                raise ValueError(f"{kind} is put to a service that is named")
            return asked
        case "coordinator":
            return coordinating(leader)
        case "coordinating_unit":
            return COORDINATING_UNIT


def asked_in(service: Service, municipality: str, systems: Mapping[str, System], seated: Collection[str]) -> str | None:
    """The one system a service is asked in: at the plan's table, else its only one here. Of several, none."""
    own = sorted(id for id, each in systems.items() if (each.service, each.municipality) == (service, municipality))
    found = [id for id in own if id in seated] or own
    return found[0] if len(found) == 1 else None


def is_coordinators(kind: str) -> bool:
    """Whether a task of this kind passes on with the coordination."""
    return kinds()[kind].to == "coordinator"


def _kind(row: Mapping[str, object]) -> Kind:
    lists = {name: tuple(value) for name in ("answers", "why", "again") if isinstance(value := row.get(name), list)}
    return Kind(**{**row, **lists})  # type: ignore[arg-type]  # held to its form by `kinds`
