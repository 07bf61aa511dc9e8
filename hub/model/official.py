"""Who may decide what waits in a municipality: people by opaque id, and what each is authorised for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from hub.model.service import Service

Role = Literal[
    "coordinator",  # of record for the child, or of the municipality's coordinating unit
    "decision_authority",  # who decides for the municipality where it is unclear or disputed (COO-04)
    "health_personnel",  # named, for what only health personnel may weigh (hpl § 23, § 24)
    "health_lead",
    "address_handler",  # authorised for strictly confidential addresses (ADR-01)
    "address_lead",
]
ROLES: frozenset[Role] = frozenset(get_args(Role))


@dataclass(frozen=True, slots=True)
class Official:
    """A person whom the municipality has authorised (*bemyndiget*); no roles are left of one who has gone.

    `service` is where he or she works: a coordinator for the children it coordinates, and nobody's judge of what that
    service itself has sent. Without it the person belongs to the municipality's own office.
    """

    person: str
    municipality: str
    roles: frozenset[Role]
    service: Service | None = None
