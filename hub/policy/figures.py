"""What is published of a year's work, as data in `figures.yaml`: tables, their names, and how few are too few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import yaml

from hub.errors import SetupError

Name = Literal["year", "indicators", "experiences"]
"""The published reports."""

ANSWERS: Mapping[str, Mapping[str, str]] = {
    "disagree": {"nb": "Uenig", "nn": "Ueinig", "en": "Disagree"},
    "neither": {"nb": "Både og", "nn": "Både og", "en": "Neither"},
    "agree": {"nb": "Enig", "nn": "Einig", "en": "Agree"},
}
"""What a family may answer to the statements of the report `experiences`, which are the form as well."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One table: what its rows and columns are, whether it tells how long it took, its name, and what it is about."""

    rows: str
    nb: str
    nn: str
    en: str
    columns: str = ""
    timed: bool = False
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """`fewest` children a figure must be about; `together` rules, services and kinds that are counted as one."""

    fewest: int
    together: tuple[str, ...]
    reports: Mapping[Name, Mapping[str, Shape]]


@cache
def published() -> Published:
    """As the data has it."""
    text = (files("hub.policy") / "figures.yaml").read_text(encoding="utf-8")
    try:
        told = yaml.safe_load(text)
        names: tuple[Name, ...] = get_args(Name)
        reports = {name: {id: Shape(**row) for id, row in told[name].items()} for name in names}
        return Published(told["fewest"], (*told["rules"], *told["services"], *told["kinds"]), reports)
    except (TypeError, KeyError) as error:
        raise SetupError(f"figures.yaml: {error}") from error
