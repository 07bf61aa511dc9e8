"""City districts (*bydeler*): each has a coordinating unit of its own under the municipality's (law.md A-12).

A district is where a unit sits and no municipality: plans, links and services are the municipality's, and services that
lie outside the districts, as Oslo's schools and PPT, take part in all of them. What waits for the unit is its
own district's to see; where nobody knows the district, or nobody is of its unit, it is the municipality's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol, TypeVar

from hub.errors import SetupError
from hub.model.official import District
from hub.model.person import Child
from hub.model.responsibility import Facts
from hub.ops.enrol import Desk
from hub.ops.hands import Hand
from hub.policy.tasks import COORDINATING_UNIT
from hub.ports import Work

NEEDED = {each.name for each in fields(District)}
NO_DISTRICT = ("00", "99")
"""Endings that Statistics Norway gives to what is in no district."""


class AboutChild(Protocol):
    """Something that waits, about one child or about none."""

    @property
    def child(self) -> str | None: ...


T = TypeVar("T", bound=AboutChild)


@dataclass(frozen=True, slots=True)
class Units:
    """A municipality's coordinating units: the districts whose unit somebody is of, beside its own."""

    districts: frozenset[str]

    def of(self, child: Child | None) -> str | None:
        """The district whose unit answers for a child; `None` is the municipality's own. Of a child whose address is
        strictly confidential no district may learn that it lives there (ADR-01)."""
        if child is None or child.protection == "strictly_confidential" or child.district not in self.districts:
            return None
        return child.district

    def answer(self, hand: Hand, facts: Facts | None) -> bool:
        """Whether this hand works with such a child: of the unit that answers for it, of a service outside the
        districts, or whoever decides for the whole municipality."""
        everywhere = hand.system is not None or hand.decides or hand.service != COORDINATING_UNIT
        if hand.district is None and everywhere:
            return True
        return self.of(facts.child if facts else None) == hand.district


def units_of(work: Work, desk: Desk) -> Units:
    """A district counts once somebody is authorised for its unit."""
    declared = {each.number for each in work.directory.districts(desk.municipality)}
    people = work.directory.officials(desk.municipality) if declared else ()
    manned = {each.district for each in people if each.roles and each.service is None}
    return Units(frozenset(number for number in declared if number in manned))


def among(work: Work, desk: Desk, hand: Hand, rows: Sequence[T]) -> list[T]:
    """Of what waits that which is about children whom this hand works with."""
    units = units_of(work, desk)
    if not units.districts and hand.district is None:
        return list(rows)
    facts = work.persons.facts(sorted({row.child for row in rows if row.child}))
    return [row for row in rows if units.answer(hand, facts.get(row.child or ""))]


def declare(work: Work, desk: Desk, districts: Sequence[District]) -> None:
    """Registers them; nothing is removed. A district comes to count when somebody is authorised for its unit."""
    work.directory.declare(districts)
    for each in districts:
        desk.note(work, "district.declared", each.number)


def districts_from(rows: Sequence[Any]) -> list[District]:
    """Districts as data; `SetupError` says which row and why."""
    return [_district(row, f"districts[{number}]") for number, row in enumerate(rows)]


def must_be_district(number: str, municipality: str, place: str) -> str:
    """A number of this municipality's own."""
    if not re.fullmatch(rf"{municipality}\d\d", number) or number[-2:] in NO_DISTRICT:
        raise SetupError(f"{place}: must be six digits in quotes, the municipality's four and the district's two")
    return number


def _district(row: Any, place: str) -> District:
    if not isinstance(row, dict) or row.keys() != NEEDED:
        raise SetupError(f"{place}: must hold {', '.join(sorted(NEEDED))}, and nothing else")
    if not re.fullmatch(r"\d{4}", str(row["municipality"])):
        raise SetupError(f"{place}: municipality must be four digits, in quotes")
    number = must_be_district(str(row["number"]), row["municipality"], f"{place}.number")
    return District(row["municipality"], number, str(row["name"]))
