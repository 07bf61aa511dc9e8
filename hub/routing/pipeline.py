"""The turns of the workers: each takes a batch of ids from one queue, does its door's work, publishes, and settles.

A worker publishes after its own commit and settles last. If it dies in between, the ids come again and find the work
done; if they do not come again, the sweep finds what stayed open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from hub.errors import SetupError, TryAgainError, UnusableError
from hub.model.envelope import Parcel, fresh_id
from hub.model.plan import Plan
from hub.model.service import System
from hub.ports import AsideRow, AuditEntry, Broker, Clock, Delivery, Part, Store, Ticket, Work
from hub.routing.came_of import came_of
from hub.routing.catalogue import Catalogue, outbound
from hub.routing.deliver import Dispatch
from hub.routing.lost import lost
from hub.routing.order import LIFETIME
from hub.routing.queues import DIRECTED, INTAKE, deliver_queue
from hub.routing.receipts import AWAY
from hub.routing.reminders import Reminders
from hub.routing.unheard import unheard
from hub.routing.written import deliver_ticket
from hub.sdk import Document, Fetches, Posted

Run = Callable[[Sequence[str]], Sequence[Ticket]]
TIDIED = timedelta(minutes=10)
"""How long what has been thrown away is enough."""


class Kept(NamedTuple):
    """How long things are kept: documents after they are processed, what a view held once it has left, and what a
    caller was answered, so that it may repeat a request by its key."""

    documents: timedelta
    views: timedelta = timedelta(days=90)
    answers: timedelta = timedelta(days=7)


class Courier(Protocol):
    """Hands parcels to one receiver. One that could not be handed over now is answered with its `TryAgainError`."""

    def send(self, system: System, parcels: Sequence[Parcel]) -> Mapping[str, Posted | TryAgainError]: ...

    def close(self) -> None: ...


def work_turn(broker: Broker, queue: str, run: Run, limit: int, wait: float) -> int:
    """Doors 2 and directed: ids in, delivery tickets out. Gives the number of ids taken."""
    taken = broker.take(queue, limit, wait)
    if not taken:
        return 0
    try:
        made = run(list(dict.fromkeys(ticket.id for ticket in taken)))
        if made:
            broker.publish(made)
    except TryAgainError:
        broker.settle(taken, again=True)
        raise
    broker.settle(taken)
    return len(taken)


class DeliverTurn:
    """Door 3 for a system pushed to or on AMQP: prepare, send with no transaction open, keep the receipt."""

    def __init__(
        self, dispatch: Dispatch, courier: Courier, catalogue: Catalogue, clock: Clock, retry_limit: int
    ) -> None:
        self._dispatch, self._courier, self._catalogue = dispatch, courier, catalogue
        self._clock, self._retry_limit = clock, retry_limit

    def turn(self, broker: Broker, system: System, limit: int, wait: float) -> int:
        """Takes ids from the system's own queue; gives how many. What is urgent has left before any of them begins."""
        taken = broker.take(deliver_queue(system.id), limit, wait)
        if not taken:
            return 0
        try:
            if first := self._dispatch.urgent(system, limit):
                self.deliver(system, first)
            if rest := [id for id in dict.fromkeys(ticket.id for ticket in taken) if id not in first]:
                self.deliver(system, rest)
        except TryAgainError:
            broker.settle(taken, again=True)
            raise
        broker.settle(taken)
        return len(taken)

    def deliver(self, system: System, ids: Sequence[str]) -> None:
        """What the receiver cannot take now comes again later, further apart each time.

        One that has been registered to fetch for itself since a ticket was written finds the delivery in its mailbox.
        """
        if system.delivery == "mailbox":
            return
        with self._dispatch.alone(ids) as mine:
            try:
                self._deliver(system, mine)
            except UnusableError:
                self._one_by_one(system, mine)

    def _one_by_one(self, system: System, ids: Sequence[str]) -> None:
        """What the database cannot hold of one delivery costs no other: only that one is set aside."""
        for id in ids:
            try:
                self._deliver(system, [id])
            except UnusableError as unusable:
                self._dispatch.put_off([id], unusable.code, None, 0)

    def _deliver(self, system: System, ids: Sequence[str]) -> None:
        bases, away = self._bases(system, ids)
        ready = [id for id in ids if id not in away]
        answers = {**away, **self._courier.send(system, self._dispatch.prepare(ready, bases))}
        self._dispatch.record({id: each for id, each in answers.items() if isinstance(each, Posted)})
        for id, answer in answers.items():
            if isinstance(answer, TryAgainError):
                self._dispatch.put_off([id], AWAY, answer.after, self._retry_limit)

    def close(self) -> None:
        self._courier.close()

    def _bases(
        self, system: System, ids: Sequence[str]
    ) -> tuple[Mapping[str, Document], Mapping[str, Posted | TryAgainError]]:
        """Each receiver's own document, where it has an API that gives it; so that a write touches nothing else.

        Beside them the deliveries whose base cannot be had now: without it they may not be written.
        """
        try:
            desk = outbound(self._catalogue, system)
        except (SetupError, UnusableError):
            return {}, {}  # it has no base: what that means for each delivery its dispatch says
        if not isinstance(desk.adapter, Fetches) or system.delivery != "push":
            return {}, {}
        found: dict[str, Document] = {}
        away: dict[str, Posted | TryAgainError] = {}
        for id, key in self._dispatch.keys(ids).items():
            try:
                if (raw := desk.adapter.fetch(key, desk.kind.name, system.settings)) is not None:
                    found[id] = desk.read(raw)[0]
            except TryAgainError as error:
                return {}, dict.fromkeys(ids, error)
            except Exception as bug:  # one child's base must not stop the others
                away[id] = TryAgainError(f"the receiver's base cannot be read ({type(bug).__name__})")
        return found, away


class Sweep:
    """Publishes again what stays open. Part of correctness: a killed worker leaves committed, unpublished rows."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        patience: timedelta,
        kept: Kept,
        lifetime: timedelta = LIFETIME,
    ) -> None:
        self._store, self._clock = store, clock
        self._patience, self._kept, self._lifetime = patience, kept, lifetime
        self._reminders = Reminders(patience)
        self._tidy_at = datetime.min.replace(tzinfo=UTC)

    def turn(self, broker: Broker, limit: int = 1_000) -> int:
        """Gives how many ids were published again."""
        now = self._clock.now()
        with self._store.begin() as work:
            parts = work.ledger.unfinished(now - self._patience, limit)
            deliveries = work.deliveries.unfinished(now - self._patience, limit)
            systems = work.directory.systems()
        rows = [row for row in deliveries if _is_pushed(row, systems)]
        due, going = self._reminders.due(parts, now), self._reminders.due(rows, now)
        open_ids = {(INTAKE, part.plan) if part.plan else (DIRECTED, part.id): part.traceparent for part in due}
        tickets = [Ticket(queue, id, trace) for (queue, id), trace in open_ids.items()]
        tickets += [deliver_ticket(row) for row in going]
        if tickets:
            broker.publish(tickets)
        self._reminders.published([*due, *going], [*parts, *rows], now)
        return len(tickets)

    def expire(self, limit: int = 1_000) -> int:
        """Ends what its receiver did not take within a delivery's lifetime, a mailbox nobody empties too.

        Each plan is owed a look, which lays ready what its receiver still lacks: one that comes back finds it whole.
        """
        now = self._clock.now()
        with self._store.begin() as work:
            outlived = work.deliveries.outlived(now - self._lifetime, limit)
            rows = [row._replace(state="expired", code="lifetime") for row in outlived]
            work.deliveries.update(rows)
            lost(work, rows)
            came_of(work, rows, now)
            work.set_aside.add(unheard(rows, now))
            work.audit.add([AuditEntry(row.municipality, now, "hub", "delivery.expired", row.id, {}) for row in rows])
        return len(rows)

    def tidy(self, limit: int = 1_000) -> int:
        """Deletes documents that were processed long enough ago, and what views held longer ago than is told of.

        To find them the database reads all parts there ever were, so when there is no more it rests for a while.
        """
        now = self._clock.now()
        if now < self._tidy_at:
            return 0
        with self._store.begin() as work:
            gone = (
                work.view_versions.forget(now - self._kept.views, limit),
                work.answers.forget(now - self._kept.answers, limit),
                work.ledger.clean(now - self._kept.documents, limit),
            )
        self._tidy_at = now if max(gone) >= limit else now + TIDIED
        return sum(gone)

    def collect_dead(self, broker: Broker, queues: Iterable[str]) -> int:
        """What a broker gave up on becomes set-aside rows; the work itself is found by the next turn."""
        count = 0
        for queue in queues:
            dead = broker.take(f"{queue}.aside", 100, 0)
            if dead:
                with self._store.begin() as work:
                    work.set_aside.add([_aside(ticket, _whose(work, ticket), self._clock) for ticket in dead])
                broker.settle(dead)
                count += len(dead)
        return count


def _is_pushed(row: Delivery, systems: Mapping[str, System]) -> bool:
    return row.system in systems and systems[row.system].delivery != "mailbox"


def _whose(work: Work, ticket: Ticket) -> str:
    """The municipality whose operator can deal with it; none where what it named is gone."""
    queue = ticket.queue.removesuffix(".aside")
    here = {deliver_queue(each.id): each.municipality for each in work.directory.systems().values()}
    if queue in here:
        return here[queue]
    found: Iterable[Plan | Part] = work.ledger.find([ticket.id])
    if queue == INTAKE:
        found = work.plans.current([ticket.id]).values()
    return next((each.municipality for each in found), "")


def _aside(ticket: Ticket, municipality: str, clock: Clock) -> AsideRow:
    return AsideRow(fresh_id(), municipality, "ticket", ticket.id, "tried_too_often", ticket.queue, clock.now())
