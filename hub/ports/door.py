"""AMQP towards systems, in KS Fiks IO's conventions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """An AMQP message to or from a system, in KS Fiks IO's conventions.

    `account` is the receiving *konto* on the way out and the sender's on the way in; `user` is the validated AMQP user
    (in only). `headers` are the named Fiks headers; `ttl` is milliseconds. `tag` is the broker's handle for settling.
    An `urgent` one goes out with AMQP's highest priority, which a receiver's queue may heed or not.
    """

    account: str
    type: str
    id: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    ttl: int | None = None
    user: str | None = None
    tag: Any = None
    urgent: bool = False


class Door(Protocol):
    """AMQP towards systems. Exists only on RabbitMQ; one instance belongs to one thread."""

    def admit(self, accounts: Iterable[str]) -> None:
        """Makes the queues of these accounts; those that exist are left as they are. Needed before a first letter."""

    def send(self, letters: Sequence[Letter]) -> Sequence[str]:
        """Returns after the broker has confirmed; gives the ids of letters no queue would take."""

    def take(self, limit: int, wait: float) -> Sequence[Letter]:
        """Letters on the hub's own account. One without a validated user comes with `user` None: refuse it."""

    def settle(self, letters: Sequence[Letter], *, again: bool = False) -> None:
        """Acknowledges them; with `again` gives them back for another try, which otherwise only a loss does."""

    def close(self) -> None:
        """Ends its connection; what was not settled comes again."""
