"""Consent (*samtykke*): one person's answer about one set of categories, receivers, purposes and a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Answer = Literal["yes", "no", "none"]
Giver = Literal["mother", "father", "child", "child_welfare", "pregnant_person", "other"]


@dataclass(frozen=True, slots=True)
class Consent:
    """One record in the consent register. `person` gave it, in the capacity `giver`; `about` is whose information it
    opens (the child's id, or the giver's own id for information about the giver).

    Open ends: no `valid_from`/`valid_to` is unlimited. Empty `receivers`, `categories` or `purposes` cover nothing.
    """

    id: str
    child: str
    person: str
    giver: Giver
    about: str
    answer: Answer
    receivers: frozenset[str]
    categories: frozenset[str]
    purposes: frozenset[str]
    municipality: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    withdrawn_at: datetime | None = None
    form: Literal["written", "oral"] = "written"
    documented: bool = False
    informed: bool = True
    voluntary: bool = True
    background: bool = True
    kind: Literal["access", "plan_only"] = "access"
