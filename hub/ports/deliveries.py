"""The second ledger: what is on its way to a system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.model.envelope import DeliveryState


class Delivery(NamedTuple):
    """A row of the second ledger. `part` caused it; `plan_version` is what it was cut from; `version` is the
    receiver's own and is given, like `sent_at`, only at dispatch. A directed one has no plan and carries its part."""

    id: str
    municipality: str
    system: str
    kind: str
    part: str
    state: DeliveryState
    created_at: datetime
    plan: str | None = None
    child: str | None = None
    plan_version: int | None = None
    version: int | None = None
    digest: bytes = b""
    attempts: int = 0
    next_at: datetime | None = None
    sent_at: datetime | None = None
    receipt_at: datetime | None = None
    code: str | None = None
    correlation_id: str | None = None
    traceparent: str | None = None
    revived_at: datetime | None = None
    urgent: bool = False
    """A report or a danger to be averted: it goes before everything else that waits for its receiver."""

    @property
    def since(self) -> datetime:
        """From when its lifetime counts: who replays or releases a row gives it a new one."""
        return self.revived_at or self.created_at


class Deliveries(Protocol):
    """The second ledger: every view or directed message on its way to a system, and how it ended."""

    def add(self, deliveries: Sequence[Delivery]) -> None:
        """New rows."""

    def take(self, ids: Sequence[str]) -> Sequence[Delivery]:
        """Locks those still waiting or sending; one that another worker holds is waited for."""

    def due(self, system: str, limit: int, now: datetime, apart: str = "") -> Sequence[Delivery]:
        """For a mailbox, locked: what it has not been shown, the urgent and then the oldest first; then what it was
        shown and has not acknowledged, longest ago first. What lies `apart` is given by its kind alone."""

    def urgent(self, system: str, limit: int, now: datetime) -> Sequence[str]:
        """Ids of what is urgent and due to be sent to this system, oldest first, without locking."""

    def update(self, deliveries: Sequence[Delivery]) -> None:
        """Writes the new state of rows that were taken."""

    def revive(self, deliveries: Sequence[Delivery]) -> None:
        """Gives back rows that had ended or were held, as they now are; their lifetime counts from `revived_at`."""

    def open_for(self, keys: Iterable[tuple[str, str]]) -> Sequence[Delivery]:
        """Waiting and sending rows by (plan, system), for superseding."""

    def acknowledged_by(self, plan: str, system: str, at: datetime) -> int:
        """The newest version of its view that this system had acknowledged at this instant; 0 where there is none."""

    def held(self, municipality: str, plan: str) -> Sequence[Delivery]:
        """Rows of a plan that wait for a human's answer."""

    def of(self, municipality: str, subject: str) -> Sequence[Delivery]:
        """Deliveries of a plan or caused by a part, or the delivery of that id; oldest first, without locking."""

    def answers_to(self, parts: Iterable[str]) -> Mapping[str, Delivery]:
        """The last letter to the sender of each of these parts about how it ended; not one that gave way to another."""

    def unfinished(self, older_than: datetime, limit: int) -> Sequence[Delivery]:
        """For the sweep: rows to push or send that are due and not yet ended."""

    def late(self, before: datetime, limit: int) -> Sequence[Delivery]:
        """Urgent rows that wait or are sent, made before this instant, whose part has no code yet: its sender has been
        told nothing. Oldest first; those another has in hand are left out."""

    def outlived(self, since_before: datetime, limit: int) -> Sequence[Delivery]:
        """Waiting and sending rows whose lifetime began before this instant, locked."""
