"""The child a plan is about, as the registers know it. Ids are opaque; the national number never comes this far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Protection = Literal["none", "confidential", "strictly_confidential"]
"""Address protection (*adressesperre*): none, kode 7 (*fortrolig*), kode 6 (*strengt fortrolig*)."""

Relation = Literal["mother", "father", "other"]
"""Who a holder of parental responsibility is to the child; a co-mother (*medmor*) is a mother."""


@dataclass(frozen=True, slots=True)
class Guardian:
    """A holder of parental responsibility (*foreldreansvar*), from the population register."""

    person: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Maturity:
    """An assessment of whether the child understands what a consent means: who assessed, when, which question."""

    understands: bool
    assessor: str
    assessed_on: date
    question: str


DATED = ("guardians", "care_order", "authority_block", "opposes_health_disclosure", "withheld")
"""Facts of a child that say since when they are as they are: who decides for it, and what the municipality records."""


@dataclass(frozen=True, slots=True)
class Written:
    """When one of the `DATED` facts was last changed."""

    fact: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Child:
    """What registers say of a child at an instant; `None` is "not known" and never opens anything.

    `hearing` is when the child was informed and heard before sharing (*hørt*), `withheld` the categories hidden from
    the guardians' view, `as_of` when the register facts were last confirmed. `municipality` keeps the plan; `residence`
    is said where the child lives in another one (COO-09), `district` in which city district of its own it lives.
    """

    id: str
    municipality: str
    birth_date: date | None = None
    unborn: bool = False
    guardians: tuple[Guardian, ...] = ()
    care_order: bool = False
    protection: Protection = "none"
    deceased: bool = False
    maturity: Maturity | None = None
    hearing: date | None = None
    authority_block: bool = False
    opposes_health_disclosure: bool = False
    withheld: frozenset[str] = frozenset()
    as_of: datetime | None = None
    residence: str | None = None
    district: str | None = None
    written: tuple[Written, ...] = ()
    """Since when each of the `DATED` facts is as it is, where it has been changed here."""

    def written_at(self, fact: str) -> datetime | None:
        """When this fact was last changed; `None` where it never was."""
        return next((one.at for one in self.written if one.fact == fact), None)

    def age(self, on: date) -> int | None:
        """Whole years on a date, from the register's birth date and never from the number."""
        if self.birth_date is None or self.unborn:
            return None
        had_birthday = (on.month, on.day) >= (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - (0 if had_birthday else 1)
