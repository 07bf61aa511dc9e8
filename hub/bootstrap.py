"""The only place where parts meet: settings in, a hub out. Everything else is handed what it needs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from functools import cached_property, partial
from urllib.parse import unquote, urlsplit

from hub.broker import open_broker, open_door
from hub.broker.asking import Asking
from hub.broker.front import AmqpCourier, Front
from hub.broker.pool import Pool, Publishers
from hub.clock import SystemClock
from hub.errors import SetupError, TryAgainError
from hub.model.service import System
from hub.ops.population import Registers
from hub.ports import Broker, Clock, Door, Hold, Keys, Proposal, Store, Ticket
from hub.registers import open_population
from hub.registry import Registry, load_registry
from hub.routing.courier import EachItsWay, PushCourier
from hub.routing.deliver import Dispatch
from hub.routing.directed import DirectedUpdates
from hub.routing.in_time import InTime
from hub.routing.mailbox import Mailbox
from hub.routing.overdue import Overdue
from hub.routing.own_view import OwnView
from hub.routing.pipeline import Courier, DeliverTurn, Kept, Sweep
from hub.routing.receive import Reception
from hub.routing.reconcile import Hands, Reconcile
from hub.routing.refresh import Refresh
from hub.routing.replay import Replay
from hub.routing.resync import Laid, Resync
from hub.routing.update import Updates
from hub.security.identifiers import check
from hub.security.jwks import public_keys
from hub.security.keys import load_keys
from hub.security.tokens import Tokens
from hub.settings import Settings
from hub.storage import open_store
from hub.telemetry import Telemetry

DOORS = 8
"""Connections to RabbitMQ by which letters leave a process, however many systems they are for."""

_log = logging.getLogger("hub")


class Hub:
    """An assembled hub. Brokers and doors belong to the thread that asks for them; everything else is shared."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None, registry: Registry | None = None) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.registry = registry or load_registry()
        usable = {each.name: each.adapter is not None for each in self.registry.adapters()}
        self.telemetry = Telemetry(self.clock, usable, settings.trace_sample, self.patience)
        self.watch = self.telemetry.watch
        self._publishers = Publishers(self.make_broker)
        self._doors = Pool(self.make_door, DOORS)

    @cached_property
    def keys(self) -> Keys:
        if self.settings.master_key is None:
            raise SetupError("LANGBENK_MASTER_KEY is not set: `langbenk key new` makes one")
        former = self.settings.former_master_keys
        return load_keys(self.settings.master_key.get_secret_value(), former.get_secret_value() if former else "")

    @cached_property
    def store(self) -> Store:
        return open_store(self.settings.database_url, self.keys, self.clock)

    @cached_property
    def tokens(self) -> Tokens:
        if not self.settings.issuer or not self.settings.jwks:
            raise SetupError(
                "LANGBENK_ISSUER and LANGBENK_JWKS say whose access tokens are believed; neither has a default"
            )
        public = public_keys(self.settings.jwks)
        return Tokens(
            self.settings.issuer, self.settings.audience, public, self.clock, leeway=self.settings.token_leeway
        )

    @cached_property
    def registers(self) -> Registers:
        """Empty where no population register is set up: facts then come by the API alone."""
        sources = open_population(self.settings.under("population"))
        return Registers(self.store, self.keys, self.clock, sources, self._known_for)

    @cached_property
    def reception(self) -> Reception:
        number_check = partial(check, environment=self.settings.environment)
        return Reception(self.store, self.keys, self.clock, self.registry, number_check, self.publish, self.watch)

    @cached_property
    def dispatch(self) -> Dispatch:
        return Dispatch(
            self.store, self.clock, self.registry, self.watch, lifetime=self._lifetime, known_for=self._known_for
        )

    @cached_property
    def mailbox(self) -> Mailbox:
        return Mailbox(self.dispatch)

    @cached_property
    def updates(self) -> Updates:
        return Updates(self.store, self.clock, self.registry, self.watch, self._known_for)

    @cached_property
    def directed(self) -> DirectedUpdates:
        return DirectedUpdates(self.store, self.clock, self.registry, self.watch, self._known_for)

    @cached_property
    def refresh(self) -> Refresh:
        return Refresh(self.store, self.clock, self.registry, self.watch, self._known_for)

    @cached_property
    def own_view(self) -> OwnView:
        return OwnView(self.store, self.clock, self.registry, self.watch, self._known_for)

    @cached_property
    def resync(self) -> Resync:
        return Resync(self.store, self.clock, self.registry, self._known_for)

    @cached_property
    def reconcile(self) -> Reconcile:
        hands = Hands(self.reception, self.lay_anew, self.watch)
        return Reconcile(self.store, self.clock, self.registry, hands, self._known_for)

    @cached_property
    def replay(self) -> Replay:
        return Replay(self.store, self.clock, self.registry, self._known_for)

    @cached_property
    def sweep(self) -> Sweep:
        kept = Kept(timedelta(days=self.settings.document_days), timedelta(days=self.settings.view_days))
        return Sweep(self.store, self.clock, timedelta(seconds=self.settings.sweep_seconds), kept, self._lifetime)

    @cached_property
    def overdue(self) -> Overdue:
        return Overdue(self.store, self.clock)

    @cached_property
    def in_time(self) -> InTime:
        return InTime(self.store, self.clock, self.patience)

    @property
    def patience(self) -> timedelta:
        """How long a report or a danger may take before it is an alarm."""
        return timedelta(minutes=self.settings.urgent_minutes)

    @property
    def _lifetime(self) -> timedelta:
        return timedelta(days=self.settings.delivery_days)

    @property
    def _known_for(self) -> timedelta:
        return timedelta(hours=self.settings.register_hours)

    def deliver_turn(self, system: System) -> DeliverTurn:
        """For one system that is pushed to or speaks AMQP."""
        courier = EachItsWay(self.make_courier, system)
        return DeliverTurn(self.dispatch, courier, self.registry, self.clock, self.settings.retry_limit)

    def make_courier(self, system: System) -> Courier:
        if system.delivery == "amqp":
            return AmqpCourier(self._doors, self.clock, self.watch)
        return PushCourier(self.registry, self.clock, self.watch)

    def front(self) -> Front:
        """Letters in over AMQP; belongs to the calling thread."""
        own = unquote(urlsplit(self.settings.broker_url).username or "guest")
        door = self.make_door()
        asking = Asking(door, self.store, self.clock)
        return Front(door, self.store, self.reception, self.dispatch, asking, self.watch.turned_away, own)

    def make_broker(self) -> Broker:
        return open_broker(self.settings.broker_url)

    def make_door(self) -> Door:
        if not self.settings.account:
            raise SetupError("LANGBENK_ACCOUNT is not set: the hub's own Fiks IO account (uuid)")
        return open_door(self.settings.broker_url, self.settings.account)

    def publish(self, tickets: Sequence[Ticket]) -> None:
        """Through a broker of the hub's own, from any thread."""
        self._publishers.publish(tickets)

    def release(self, hold: Hold) -> None:
        """What waited for this hold ends or goes on, decided anew. Safe to call twice, and while it still waits."""
        if hold.state != "open":
            self._look(partial(self.refresh.hold, hold))

    def settle(self, proposal: Proposal) -> None:
        """Makes an accepted proposal part of the plan, and ends what waited for a declined one. Safe to call twice."""
        self._look(partial(self.refresh.plan, proposal.plan, proposal.part))

    def facts_changed(self, child: str) -> None:
        """Looks again at the child's plan: what is now allowed is laid ready."""
        self._look(partial(self.refresh.child, child))

    def lay_anew(self, system: System, plan: str, by: str, only: Collection[str] | None = None) -> Laid:
        """Lays a system's view ready anew and wakes its worker; what waits gives way."""
        laid = self.resync.lay(system, plan, by, only)
        self._look(lambda: laid.tickets)
        return laid

    def enrolled(self, municipality: str, child: str) -> None:
        """Asks about a child just enrolled; a register that is away is asked again by the sweeping worker."""
        try:
            self.ask_registers(municipality, child)
        except TryAgainError:
            _log.warning("asked_later")

    def ask_registers(self, municipality: str, child: str) -> None:
        """Asks the population register about one child, where there is one, and looks again at its plan."""
        for each in self.registers.ask(municipality, [child]):
            self.facts_changed(each)

    def follow_registers(self) -> int:
        """One turn: reads what has happened, and asks about those whose facts grow old. Gives how many changed."""
        changed = [*self.registers.follow(), *self.registers.keep_fresh()]
        for each in dict.fromkeys(changed):
            self.facts_changed(each)
        return len(changed)

    def metrics_text(self) -> str:
        return self.telemetry.prometheus(self.store)

    def close(self) -> None:
        self.telemetry.close()
        self._publishers.close()
        self._doors.close()
        if "store" in self.__dict__:
            self.store.close()

    def _look(self, look: Callable[[], Sequence[Ticket]]) -> None:
        """At once, if that can be. If the database or the broker is away the sweep does it: a look is owed."""
        try:
            if tickets := look():
                self.publish(tickets)
        except TryAgainError:
            _log.warning("looked_at_later")


def build(settings: Settings, *, clock: Clock | None = None, registry: Registry | None = None) -> Hub:
    """A hub as it is set. Raises `SetupError` when something it needs first is missing or wrong."""
    return Hub(settings, clock=clock, registry=registry)
