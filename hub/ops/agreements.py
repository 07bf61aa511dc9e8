"""Cooperation agreements (*lovpålagte samarbeidsavtaler*, hol § 6-2): registered as data, found by service."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from hub.errors import SetupError
from hub.model.calendar import norwegian_day
from hub.model.discretion import is_reference
from hub.model.official import Agreement
from hub.ops.enrol import Desk
from hub.policy.services import services
from hub.ports import Work

NAMES = {one.name for one in fields(Agreement)}
NEEDED = {"reference", "municipality", "services", "contact"}


def agree(work: Work, desk: Desk, agreements: Sequence[Agreement]) -> None:
    """Registers them; nothing is removed. One that no longer stands has a `valid_to`."""
    work.directory.agree(agreements)
    for each in agreements:
        desk.note(work, "agreement.registered", each.reference, services=list(each.services))


def agreement_with(work: Work, desk: Desk, service: str) -> Agreement | None:
    """The agreement in force today that names this service."""
    return next((each for each in standing_agreements(work, desk) if service in each.services), None)


def standing_agreements(work: Work, desk: Desk) -> Sequence[Agreement]:
    """Those in force today, by reference."""
    today = norwegian_day(desk.clock.now())
    return [each for each in work.directory.agreements(desk.municipality) if each.stands(today)]


def agreements_from(rows: Sequence[Any]) -> list[Agreement]:
    """Agreements as data; `SetupError` says which row and why."""
    return [_agreement(row, f"agreements[{number}]") for number, row in enumerate(rows)]


def _agreement(row: Any, place: str) -> Agreement:
    if not isinstance(row, dict) or row.keys() - NAMES or not row.keys() >= NEEDED:
        raise SetupError(f"{place}: must hold {', '.join(sorted(NEEDED))}, and may hold valid_from and valid_to")
    if not re.fullmatch(r"\d{4}", str(row["municipality"])):
        raise SetupError(f"{place}: municipality must be four digits, in quotes")
    if not all(is_reference(str(row[name])) for name in ("reference", "contact")):
        raise SetupError(f"{place}: reference and contact hold no spaces, and nobody's number")
    said = row["services"] if isinstance(row["services"], list) else [row["services"]]
    if unknown := sorted(str(each) for each in said if each not in services()):
        raise SetupError(f"{place}: unknown service {', '.join(unknown)}; `hub/policy/services.yaml` lists them")
    days = [_day(row.get(name), f"{place}.{name}") for name in ("valid_from", "valid_to")]
    return Agreement(str(row["reference"]), str(row["municipality"]), tuple(said), str(row["contact"]), *days)


def _day(value: Any, place: str) -> date | None:
    if value is None or type(value) is date:
        return value
    raise SetupError(f"{place}: must be a day, written 2026-08-01")
