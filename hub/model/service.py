"""Who takes part: a welfare service (*velferdstjeneste*), and the system it works in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Service = str
"""A service of `policy/services.yaml`, for example `school`, `bup`, `nav_social`; open here, closed there."""

PROVIDER: Service = "municipal_provider"
"""In place of a service that may not be named (RED-02): *kommunal tjenesteyter*. No service; nobody owns by it."""

FAMILY: Service = "family"
"""Who owns what the child and its family say for themselves. No system and nobody employed is of it (law.md § 3.4)."""

FETCHES = "langbenk:mailbox.read"
"""The scope of a system that fetches from its mailbox."""

DeliveryMode = Literal["mailbox", "amqp", "push"]


@dataclass(frozen=True, slots=True)
class Party:
    """A service in a municipality (four digits), as policy sees sender and receiver."""

    service: Service
    municipality: str


@dataclass(frozen=True, slots=True)
class System:
    """A registered sector system (*fagsystem*): who it is follows from its registration, never from a message.

    `adapter` names an installed adapter; `client_id` is the OAuth2 client, `amqp_user` the RabbitMQ user, `account` its
    Fiks IO account (*konto*, uuid). `document` is the kind it is sent; `settings` go to the adapter unread.
    """

    id: str
    municipality: str
    service: Service
    adapter: str
    client_id: str
    organisation: str
    delivery: DeliveryMode = "mailbox"
    document: str = ""
    scopes: frozenset[str] = frozenset()
    supplier: str | None = None
    amqp_user: str | None = None
    account: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def party(self) -> Party:
        """The system as policy sees it."""
        return Party(self.service, self.municipality)
