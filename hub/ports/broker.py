"""What travels inside the hub, and what distributes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Ticket:
    """A broker message inside the hub: ids only (claim check). `tag` is the broker's own handle for settling it."""

    queue: str
    id: str
    traceparent: str | None = None
    tag: Any = None


class Broker(Protocol):
    """Distributes work. At least once, in no promised order: order and durability come from the database.

    One instance belongs to one thread. A broken connection raises `TryAgainError`; calling again reconnects.
    """

    def publish(self, tickets: Sequence[Ticket]) -> None:
        """Returns only after the broker has confirmed all of them; pipelined, never one confirm at a time."""

    def take(self, queue: str, limit: int, wait: float) -> Sequence[Ticket]:
        """Up to `limit` messages, as soon as there is one, or none after `wait` seconds. Unsettled ones come again."""

    def settle(self, tickets: Sequence[Ticket], *, again: bool = False) -> None:
        """Acknowledges them; with `again` gives them back for another try."""

    def close(self) -> None:
        """Ends its connection; what was not settled comes again."""
