"""Who may decide what waits in a municipality, by opaque id, and whom the municipality has agreed with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from hub.model.service import Service

Role = Literal[
    "coordinator",  # of record for the child, or of the municipality's coordinating unit
    "decision_authority",  # who decides for the municipality where it is unclear or disputed (COO-04)
    "health_personnel",  # named, for what only health personnel may weigh (hpl § 23, § 24)
    "health_lead",
    "address_handler",  # authorised for strictly confidential addresses (ADR-01)
    "address_lead",
    "head",  # of a service, who configures its routines and decides nothing that waits
]
ROLES: frozenset[Role] = frozenset(get_args(Role))


@dataclass(frozen=True, slots=True)
class Official:
    """A person whom the municipality has authorised (*bemyndiget*); no roles are left of one who has gone.

    `service` is where he or she works: a coordinator for the children it coordinates, and nobody's judge of what that
    service itself has sent. Without it the person belongs to the municipality's own office, or to the coordinating
    unit of a city `district`, which works with the children who live there.
    """

    person: str
    municipality: str
    roles: frozenset[Role]
    service: Service | None = None
    district: str | None = None


@dataclass(frozen=True, slots=True)
class District:
    """A city district (*bydel*) with a coordinating unit of its own, under the municipality's.

    `number` is Statistics Norway's: the municipality's four digits and two more, as 030101 of Oslo.
    """

    municipality: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Answering:
    """How a service answers tasks of one kind: whom of its staff it tells, by opaque id, in how many working days."""

    kind: str
    days: int | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Routine:
    """How a service works together with others (*rutine*): the https address where the municipality describes it, and
    what its own head has configured."""

    municipality: str
    service: Service
    link: str | None = None
    answering: tuple[Answering, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """A statutory cooperation agreement (*lovpålagt samarbeidsavtale*, hol § 6-2) between municipality and hospital.

    `services` are those it covers on the other side, `contact` where one turns, never a person's name.
    """

    reference: str
    municipality: str
    services: tuple[Service, ...]
    contact: str
    valid_from: date | None = None
    valid_to: date | None = None

    def stands(self, day: date) -> bool:
        """Whether it is in force on a day; it counts up to, and not on, `valid_to`."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)
