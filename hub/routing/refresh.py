"""Look again at a plan: a human has decided, a fact or the time has changed; lay ready what is now allowed.

Whatever changes a fact asks for a look in the same transaction, so a look that nobody lived to take is owed, and the
sweep takes it. Taking one twice does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hub.errors import TryAgainError, UnusableError
from hub.model.plan import Plan
from hub.model.responsibility import Facts
from hub.model.service import System
from hub.policy import LIMIT, STALE, next_change, still_known
from hub.ports import AuditEntry, Broker, Clock, Delivery, Hold, Part, Store, Ticket, Work
from hub.routing.came_of import came_of
from hub.routing.catalogue import Catalogue
from hub.routing.cause import cause_of, of_plan
from hub.routing.forward import News, forward
from hub.routing.owed import open_owed, soonest
from hub.routing.renewals import renew
from hub.routing.settle import Settled, settle
from hub.routing.watch import Watch
from hub.routing.written import Written, deliver_ticket, lay_tables, tickets, write

AGAIN = timedelta(minutes=1)
"""How long a look that was taken and not finished is left to its worker."""


class Refresh:
    """Forwards without a new message. Everything is decided anew with today's facts; a release is only one of them."""

    def __init__(
        self, store: Store, clock: Clock, catalogue: Catalogue, watch: Watch, known_for: timedelta = LIMIT
    ) -> None:
        self._store, self._clock, self._catalogue, self._watch = store, clock, catalogue, watch
        self._known_for = known_for

    def child(self, id: str) -> list[Ticket]:
        """A fact of the child has changed; a child without a plan needs nothing."""
        with self._store.begin() as work:
            facts = work.persons.facts([id]).get(id)
            plan = work.plans.of_child(facts.child.municipality, id) if facts else None
        return self.plan(plan) if plan else []

    def plan(self, id: str, part: str | None = None) -> list[Ticket]:
        """Makes true what was decided, and tells each system at the table what it may now be told.

        `part` is what a new delivery is laid to; where it is not said, the plan's newest.
        """
        with self._store.begin() as work:
            asked = work.looks.asked(id)  # first: what is asked for while this reads stays owed
            plan = self._locked(work, id)
            facts = work.persons.facts([plan.child])[plan.child]
            systems = work.directory.systems()
            written, again = Written(), self._asked_again(work, facts)
            now, parts = self._clock.now(), work.ledger.of(plan.municipality, plan.id)
            settled = settle(work, plan, still_known(facts, now, self._known_for), parts, now)
            again += [each for each in settled.told if systems[each.system].delivery == "amqp"]
            if cause := _cause(settled, parts, part, now):
                written = self._look_again(work, settled, cause)
            write(work, written)
            plan, now = written.plans[-1][0] if written.plans else plan, self._clock.now()
            renew(work, plan, facts, now)
            work.looks.done(plan.id, asked, soonest(next_change(facts, now), open_owed(work, plan, facts, now)))
        return [*_woken(again, systems), *tickets(written, systems)]

    def hold(self, hold: Hold) -> list[Ticket]:
        """A hold was released or refused: what waited for it ends, and a release makes a new row."""
        if hold.plan is not None:
            return self.plan(hold.plan, hold.part)
        with self._store.begin() as work:
            found, systems = work.deliveries.of(hold.municipality, hold.part), work.directory.systems()
            told = came_of(work, [row for row in found if row.state == "denied"], self._clock.now())
        return _woken([*told, *(row for row in found if row.state == "waiting")], systems)

    def catch_up(self, broker: Broker, patience: timedelta, limit: int = 1_000) -> int:
        """Takes the looks that have been owed for a while; gives how many. One that fails is owed still."""
        now = self._clock.now()
        with self._store.begin() as work:
            plans = work.looks.take(now - patience, limit, now + AGAIN)
        for plan in plans:
            if made := self._tried(plan):
                broker.publish(made)
        return len(plans)

    def _tried(self, plan: str) -> list[Ticket]:
        try:
            return self.plan(plan)
        except TryAgainError:
            raise
        except Exception as fault:  # one plan's fault must not stop the others; it is kept by its class only
            self._watch.fault("look", fault)
            return []

    def _locked(self, work: Work, id: str) -> Plan:
        """The plan, once no other worker holds it."""
        plan = work.plans.lock([id], wait=True).get(id)
        if plan is None:
            raise UnusableError("unknown_plan", "there is no such plan, or its child has been erased", place="plan")
        return plan

    def _look_again(self, work: Work, settled: Settled, cause: Part) -> Written:
        plan = settled.plan
        tables = lay_tables(work, self._clock, self._known_for, {plan.id: plan}, [plan.id])
        table = replace(tables[plan.id], whole=True)
        elements = [plan.elements[id] for id in settled.changed]
        one = forward(plan, News(elements), cause._replace(system=""), table, self._catalogue)
        one.deliveries = [each._replace(plan_version=plan.version) for each in one.deliveries]
        detail = {"version": plan.version, "decisions": [row.hash.hex() for row in one.decisions]}
        entry = AuditEntry(plan.municipality, table.at, "hub", "plan.looked_at_again", plan.id, detail)
        written = Written(forwarded=[one], views=list(table.views.values()), audit=[entry])
        if settled.changed:
            written.plans = [(plan, cause.id)]
        return written

    def _asked_again(self, work: Work, facts: Facts) -> list[Delivery]:
        """Directed messages that waited for a register go back to waiting for their dispatch, and are decided there."""
        child, now = facts.child, self._clock.now()
        if still_known(facts, now, self._known_for).child.as_of is None:
            return []
        over = [
            each
            for each in work.holds.open(child.municipality)
            if each.plan is None and each.child == child.id and STALE in each.rules
        ]
        work.holds.decide([replace(each, state="lapsed", decided_at=now) for each in over])
        rows = [
            row._replace(state="waiting", next_at=now, revived_at=now)
            for each in over
            for row in work.deliveries.of(each.municipality, each.part)
            if (row.state, row.system) == ("held", each.receiver)
        ]
        work.deliveries.revive(rows)
        return rows


def _woken(rows: Sequence[Delivery], systems: Mapping[str, System]) -> list[Ticket]:
    """A mailbox is fetched from; every other receiver is woken."""
    return [deliver_ticket(row) for row in rows if systems[row.system].delivery != "mailbox"]


def _cause(settled: Settled, parts: Sequence[Part], id: str | None, now: datetime) -> Part | None:
    """The part of that id, or else what any delivery of the plan is laid to."""
    named = next((part for part in parts if part.id == (id or settled.part)), None)
    found = named or cause_of(settled.plan, parts, now)
    return found or (of_plan(settled.plan, now) if settled.changed else None)
