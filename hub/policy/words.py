"""The words of a decision: a disclosure is asked, each rule answers with a finding, an outcome comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from hub.model.consent import Consent
from hub.model.person import Child, Protection
from hub.model.service import Party

Outcome = Literal["forward", "forward_redacted", "hold", "deny"]
Stage = Literal[
    "control", "duty", "record", "asks", "guardians", "refusal", "consent", "basis", "redact", "text", "gate"
]
"""The steps of a decision in their order (README). What a finding opens, shuts or holds counts within its own
stage; at `asks` `opens` are the categories the question is about."""

MISSING = "MISSING"
"""In place of a rule: a register fact is not known, and what is not known holds."""
STALE = "STALE"
"""In place of a rule: what the registers said is too old to open anything. They answer it, nobody's release does."""


EMPTY: frozenset[str] = frozenset()
LOCATION: frozenset[str] = frozenset({"address", "residence", "workplace"})
NOTICE: frozenset[str] = frozenset({"notice"})
CLIENT_RELATION: frozenset[str] = frozenset({"client_relation"})
"""That the child is a client of the sender at all (RED-02)."""
"""What a control message carries in place of content."""

CONTENTLESS = frozenset(
    {"recall", "queue_view", "appoint", "plan_create", "plan_approve", "plan_accept", "plan_decline"}
    | {"handover_bvt", "ip_need_notice"}
)
CONTROL = CONTENTLESS | {"guardian_view"}
GATED = frozenset({"plan_update", "plan_change"})
VIEW = "view"
"""The kind of a plan view: decided element by element, without the gate but for COO-09 on the receiver."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The child as registers know it at `now`. The defaults know nothing, and what is not known opens nothing.

    `confirmed` is whether the registers have said so lately enough to be relied on.
    """

    id: str
    age: int | None = None
    unborn: bool = False
    understands: bool | None = None
    heard: bool = False
    guardians: frozenset[str] = EMPTY
    care_order: bool = False
    protection: Protection = "none"
    authority_block: bool = False
    opposes_health_disclosure: bool = False
    withheld: frozenset[str] = EMPTY
    deceased: bool = False
    municipality: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What would be told. `needed` None is everything; `third_party` are the categories about somebody else."""

    kind: str = "info"
    categories: frozenset[str] = EMPTY
    needed: frozenset[str] | None = None
    free_text: bool = False
    third_party: frozenset[str] = EMPTY
    third_party_consented: frozenset[str] = EMPTY
    third_party_doubted: frozenset[str] = EMPTY
    re_identifiable: bool = False
    hide_client_relation: bool = False
    matter: str = "ordinary"
    feedback_detail: str = "status"


@dataclass(frozen=True, slots=True)
class Basis:
    """A claimed legal basis without consent. `covers` None is every category; `reference` says where it is kept."""

    statute: str | None = None
    necessity: str | None = None
    decision_documented: bool = False
    weighty_reasons_documented: bool = False
    permission: bool = False
    regulation_names: frozenset[str] = EMPTY
    only_to_ease_adaptation: frozenset[str] = EMPTY
    covers: frozenset[str] | None = None
    reference: str | None = None
    registered: bool = False
    """Documented in the register of necessities, and not only claimed by the message."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order from child welfare (*pålegg*, bvl § 13-4)."""

    id: str | None = None
    provision: str | None = None
    covers: frozenset[str] = EMPTY


@dataclass(frozen=True, slots=True)
class Duty:
    """A claimed duty. `ground` None is no report; an empty text is a report without a ground."""

    ground: str | None = None
    order: Order | None = None
    danger: str | None = None
    substance_misuse_in_pregnancy: bool = False
    board_decision: bool = False


@dataclass(frozen=True, slots=True)
class Coordination:
    """Who coordinates, and what a plan message is about. Coordinators are named by service."""

    child_coordinator: str | None = None
    family_wants_child_coordinator: bool = True
    coordinator: str | None = None
    main_responsible: str | None = None
    appointed: str | None = None
    disputed: bool = False
    measure_owner: str | None = None
    appoint: str | None = None
    plan_exists: bool = False
    plan_consent: bool = False
    stafettlogg_open: bool = False
    participation_described: bool = False


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One disclosure: who would tell whom what about whom, when, and on what grounds."""

    sender: Party
    receiver: Party
    now: datetime
    subject: Subject
    message: Message
    purpose: str = "coordination"
    consents: tuple[Consent, ...] = ()
    bases: tuple[Basis, ...] = ()
    duty: Duty = Duty()
    plan: Coordination = Coordination()
    facts_version: int = 0
    child: Child | None = None
    """The register facts behind `subject`, for what is kept of the decision; a case has none."""
    claimed_by: str | None = None
    """Who claims the basis or the duty: an opaque id."""


class Finding(NamedTuple):
    """What one rule answers: categories it opens, shuts or holds; whom it asks; consents it voids or doubts.

    An empty finding says only that the rule's IF part was true.
    """

    opens: frozenset[str] = EMPTY
    shuts: frozenset[str] = EMPTY
    holds: frozenset[str] = EMPTY
    asks: frozenset[str] = EMPTY
    voids: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def effects(self) -> tuple[str, ...]:
        """The names of what this finding does."""
        return tuple(name for name, value in zip(self._fields, self, strict=True) if value)


NOTED = Finding()


class Found(NamedTuple):
    """A finding with the rule that made it and the stage it counts in."""

    rule: str
    stage: Stage
    finding: Finding
