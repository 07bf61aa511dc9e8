"""Who coordinates a child's plan (*samordningsansvar*), and facts that answer one question only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hub.model.consent import Consent
from hub.model.person import Child


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The coordination facts of one child in one municipality (see `hub.policy.gate`).

    `child_coordinator` and `coordinator` name the *service* whose employee is appointed (*barnekoordinator*,
    *koordinator*); `main_responsible` is the service agreed on, `appointed` the one the municipality decided.
    """

    child_coordinator: str | None = None
    family_wants_child_coordinator: bool = True
    coordinator: str | None = None
    main_responsible: str | None = None
    appointed: str | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """People's release of one hold: a fact that answers this element, content and receiver only, never a shut.

    `person` said it last, `agreed_by` are all who did. `fields` names what of it may go, where that is not all.
    """

    element: str
    digest: str
    receiver: str
    person: str
    reason: str
    finding: str
    at: datetime
    fields: tuple[str, ...] | None = None
    agreed_by: tuple[str, ...] = ()

    @property
    def findings(self) -> frozenset[str]:
        """The rules it answers."""
        return named(self.finding)


def named(findings: str) -> frozenset[str]:
    """Rules as people write them, with commas or spaces between."""
    return frozenset(findings.replace(",", " ").split())


@dataclass(frozen=True, slots=True)
class Necessity:
    """A documented necessity (*nødvendighet*): a sender's service states, for a statute, why it must share."""

    sender: str
    receiver: str
    statute: str
    categories: frozenset[str]
    necessity: str
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything decided on, for one child, at one facts version. Missing facts hold or shut; they never open."""

    child: Child
    version: int = 0
    consents: tuple[Consent, ...] = ()
    responsibility: Responsibility = field(default_factory=Responsibility)
    necessities: tuple[Necessity, ...] = ()
    releases: Mapping[tuple[str, str, str], Release] = field(default_factory=dict)
    """Releases by (element, digest, receiver system)."""
