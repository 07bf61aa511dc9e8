"""What travels: an arriving message, its receipt, and a delivery on its way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from os import urandom
from typing import Literal

PartState = Literal["pending", "held", "merged", "proposed", "unchanged", "passed", "duplicate", "refused", "set_aside"]
DeliveryState = Literal[
    "waiting", "sending", "held", "delivered", "denied", "superseded", "rejected", "expired", "set_aside"
]
PART_ENDS: frozenset[str] = frozenset(
    {"merged", "proposed", "unchanged", "passed", "duplicate", "refused", "set_aside"}
)
DELIVERY_ENDS: frozenset[str] = frozenset({"delivered", "denied", "superseded", "rejected", "expired", "set_aside"})
PROPOSAL_ANSWER = "no.langbenk.hub.v1.forslagssvar"
"""The kind of what a proposer is told of its proposal (*svar på forslag*): the hub's own, of no adapter."""
MESSAGE_ANSWER = "no.langbenk.hub.v1.meldingssvar"
"""The kind of what a sender by letter is told of a part that ended badly (*svar på melding*): the hub's own too."""
FEEDBACK = "no.langbenk.hub.v1.tilbakemelding"
"""The kind of what whoever reported to child welfare is told of it (*tilbakemelding*, bvl § 13-3): the hub's own."""
APART = frozenset({PROPOSAL_ANSWER, FEEDBACK})
"""Kinds that no adapter reads: they lie apart from the documents, each kind by itself."""
LETTERS = APART | {MESSAGE_ANSWER}
"""The hub's own letters about what somebody has sent: what comes of one says nothing of the message it is about."""


def fresh_id() -> str:
    """An id that nobody has used and nobody can guess: 32 hexadecimal digits. A quarter of a `uuid4`'s time."""
    return urandom(16).hex()


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message at door 1, from a system already known by its token or its AMQP user.

    `message_id` is the sender's own (*klientMeldingId*, Idempotency-Key): the same on every retry. `child_key` is given
    where the document names nobody. `claims` may hold only `basis` and `duty`, with the person who claims.
    """

    system: str
    municipality: str
    message_id: str
    kind: str
    body: bytes
    child_key: str | None = None
    receiver: str | None = None
    correlation_id: str | None = None
    claims: Mapping[str, object] = field(default_factory=dict)
    traceparent: str | None = None
    view_version: int | None = None
    """The version of its view of the plan that the sender's document was written on, where it says so."""


@dataclass(frozen=True, slots=True)
class PartReceipt:
    """What became of one part of a message; `code` says why it, or some of it, was refused or set aside."""

    part: str
    state: PartState
    code: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The hub's answer to a message: durable before it is given. `skipped` counts pupils without a link (a roster)."""

    id: str
    message_id: str
    kind: str
    received_at: datetime
    parts: tuple[PartReceipt, ...] = ()
    skipped: int = 0
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery that has been decided and may be handed to its receiver now.

    `id` is the delivery id (*klientMeldingId*), the same over all retries; `version` counts per plan and receiver.
    """

    id: str
    system: str
    kind: str
    version: int
    body: bytes
    correlation_id: str | None = None
    expires_at: datetime | None = None
    traceparent: str | None = None
    answers: tuple[str, str] | None = None
    """Id and kind of the receiver's own message that it answers, where it answers one."""
    urgent: bool = False
