"""What the API needs of the hub: `hub.bootstrap` makes one; every room behind it is a port or a neighbour's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request

from hub.model.envelope import Arrival, Parcel, Receipt
from hub.model.service import System
from hub.ops.enrol import Desk
from hub.ops.population import Registers
from hub.ports import Clock, Hold, Keys, Proposal, Store, Ticket
from hub.registry import Registry
from hub.routing.own_view import OwnView
from hub.routing.reconcile import Reconcile
from hub.routing.replay import Replay
from hub.routing.resync import Laid
from hub.sdk import Posted, UnusableError
from hub.security.tokens import Tokens
from hub.settings import Settings


class Reception(Protocol):
    """Door 1. Belongs to the intake writer's thread."""

    def accept(self, arrivals: Sequence[Arrival]) -> Sequence[Receipt | UnusableError]: ...


class Mailbox(Protocol):
    """Door 3 for systems that fetch. May be called from several threads."""

    def fetch(self, system: System, limit: int) -> Sequence[Parcel]: ...

    def answers(self, system: System, limit: int) -> Sequence[Parcel]: ...

    def feedback(self, system: System, limit: int) -> Sequence[Parcel]: ...

    def acknowledge(self, system: System, answers: Mapping[str, Posted]) -> Sequence[str]: ...


class Hub(Protocol):
    """The assembled hub, as the API sees it."""

    @property
    def store(self) -> Store: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def registry(self) -> Registry: ...
    @property
    def reception(self) -> Reception: ...
    @property
    def mailbox(self) -> Mailbox: ...
    @property
    def replay(self) -> Replay: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def tokens(self) -> Tokens: ...
    @property
    def patience(self) -> timedelta: ...

    @property
    def own_view(self) -> OwnView: ...

    @property
    def reconcile(self) -> Reconcile: ...

    def lay_anew(self, system: System, plan: str, by: str) -> Laid:
        """Lays a system's whole view ready anew and wakes its worker; what waits gives way."""

    def publish(self, tickets: Sequence[Ticket]) -> None:
        """From any thread; raises `TryAgainError` where the broker does not answer."""

    def release(self, hold: Hold) -> None:
        """A hold was released or refused: what waited for it goes on, decided anew, or ends. Safe to call twice."""

    def settle(self, proposal: Proposal) -> None:
        """Makes an accepted proposal part of the plan, and ends what waited for a declined one. Safe to call twice."""

    def facts_changed(self, child: str) -> None:
        """Looks again at the child's plan: what is now allowed is laid ready, at once or by the sweep."""

    @property
    def registers(self) -> Registers: ...

    def enrolled(self, municipality: str, child: str) -> None:
        """Asks about a child just enrolled; a register that is away is asked again by the sweeping worker."""

    def ask_registers(self, municipality: str, child: str) -> None:
        """Asks the population register about one child, where there is one, and looks again at its plan."""

    def metrics_text(self) -> str:
        """Prometheus' text form."""


async def _the_hub(request: Request) -> Any:
    return request.app.state.hub


TheHub = Annotated[Hub, Depends(_the_hub)]


def desk(hub: Hub, system: System) -> Desk:
    """The control room's desk for a caller: its municipality, its name, the hub's clock."""
    return Desk(system.municipality, system.id, hub.clock)
