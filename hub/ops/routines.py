"""Where a municipality describes a service's routines (P-07): a link each, registered as data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from hub.errors import SetupError
from hub.model.discretion import is_reference
from hub.model.official import Routine
from hub.ops.enrol import Desk
from hub.policy.directory import directory
from hub.ports import Work

NEEDED = {"municipality", "service", "link"}
LONGEST = 255


def describe(work: Work, desk: Desk, routines: Sequence[Routine]) -> None:
    """Registers them; a service's link takes the place of the one before. What its head has configured stays."""
    known = {each.service: each for each in work.directory.routines(desk.municipality)}
    work.directory.describe(
        [replace(each, answering=known[each.service].answering) if each.service in known else each for each in routines]
    )
    for each in routines:
        desk.note(work, "routine.registered", each.service)


def routines_of(work: Work, desk: Desk) -> Mapping[str, str]:
    """This municipality's links by service."""
    return {each.service: each.link for each in work.directory.routines(desk.municipality) if each.link}


def routines_from(rows: Sequence[Any]) -> list[Routine]:
    """Links as data; `SetupError` says which row and why."""
    return [_routine(row, f"routines[{number}]") for number, row in enumerate(rows)]


def must_be_link(link: str, place: str) -> str:
    """An address of a page anybody may open: https, with a host, without a password and nobody's number."""
    try:
        told = urlsplit(link)
        port_is_one = told.port is None or told.port > 0
    except ValueError as error:
        raise SetupError(f"{place}: must be a link that starts with https://") from error
    if told.scheme != "https" or not told.hostname or not port_is_one:
        raise SetupError(f"{place}: must be a link that starts with https://")
    if "@" in told.netloc or not is_reference(link) or len(link) > LONGEST:
        raise SetupError(f"{place}: must hold no password, no space and nobody's number")
    return link


def _routine(row: Any, place: str) -> Routine:
    if not isinstance(row, dict) or row.keys() != NEEDED:
        raise SetupError(f"{place}: must hold {', '.join(sorted(NEEDED))}, and nothing else")
    if not re.fullmatch(r"\d{4}", str(row["municipality"])):
        raise SetupError(f"{place}: municipality must be four digits, in quotes")
    if row["service"] not in directory():
        raise SetupError(f"{place}: unknown service; `langbenk services` lists them")
    return Routine(str(row["municipality"]), row["service"], must_be_link(str(row["link"]), f"{place}.link"))
