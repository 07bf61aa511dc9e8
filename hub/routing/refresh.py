"""After a human has decided, or the facts have changed: look again at a plan, and lay ready what is now allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hub.errors import UnusableError
from hub.model.envelope import DeliveryState
from hub.model.plan import Plan
from hub.model.responsibility import Facts
from hub.model.wire import element_from_json
from hub.policy import LIMIT, STALE, still_known
from hub.ports import AuditEntry, Clock, Hold, Part, Proposal, Store, Ticket, Work
from hub.routing.catalogue import Catalogue
from hub.routing.forward import forward
from hub.routing.waits import end_waits
from hub.routing.written import Written, deliver_ticket, lay_tables, tickets, write
from hub.sync import rebased, stamped


class Refresh:
    """Forwards without a new message. Everything is decided anew with today's facts; a release is only one of them."""

    def __init__(self, store: Store, clock: Clock, catalogue: Catalogue, known_for: timedelta = LIMIT) -> None:
        self._store, self._clock, self._catalogue, self._known_for = store, clock, catalogue, known_for

    def child(self, id: str) -> list[Ticket]:
        """A fact of the child has changed; a child without a plan needs nothing."""
        with self._store.begin() as work:
            facts = work.persons.facts([id]).get(id)
            plan = work.plans.of_child(facts.child.municipality, id) if facts else None
            again = self._asked_again(work, facts) if facts else []
        return [*again, *(self.plan(plan) if plan else [])]

    def plan(self, id: str) -> list[Ticket]:
        """Consents, protection or another fact of the child has changed."""
        with self._store.begin() as work:
            plan = self._locked(work, id)
            if not work.ledger.of(plan.municipality, plan.id):
                return []  # nobody has said anything yet, so there is nothing to tell
            written = self._look_again(work, plan, _cause(work, plan))
            systems = work.directory.systems()
            write(work, written)
        return tickets(written, systems)

    def hold(self, hold: Hold) -> list[Ticket]:
        """A hold was released or refused: what waited for it ends, and a release makes a new row."""
        with self._store.begin() as work:
            self._end_wait(work, hold)
            if hold.plan is None or hold.state != "released" or not hold.receiver:
                return self._directed_again(work, hold)
            plan = self._locked(work, hold.plan)
            cause = next(iter(work.ledger.find([hold.part])), None) or _cause(work, plan)
            written = self._look_again(work, plan, cause)
            systems = work.directory.systems()
            write(work, written)
        return tickets(written, systems)

    def proposal(self, proposal: Proposal) -> list[Ticket]:
        """An accepted proposal becomes the plan's next version and is forwarded to all, its proposer too."""
        with self._store.begin() as work:
            plan = self._locked(work, proposal.plan)
            made = element_from_json(dict(proposal.element))
            now, seen = plan.elements.get(made.id), (plan.id, proposal.base_version)
            base = work.plans.version([seen]).get(seen)
            element = rebased(stamped(made), base.elements.get(made.id) if base else None, now)
            if now and now.digest == element.digest:
                return []  # accepted before
            plan = replace(plan, version=plan.version + 1, elements={**plan.elements, element.id: element})
            cause = next(iter(work.ledger.find([proposal.part])), None) or _cause(work, plan)
            written = self._look_again(work, plan, replace(cause, system=""), changed=[element.id])
            written.plans = [(plan, cause.id)]
            systems = work.directory.systems()
            write(work, written)
        return tickets(written, systems)

    def _locked(self, work: Work, id: str) -> Plan:
        """The plan, once no other worker holds it."""
        plan = work.plans.lock([id], wait=True).get(id)
        if plan is None:
            raise UnusableError("unknown_plan", "there is no such plan, or its child has been erased", place="plan")
        return plan

    def _look_again(self, work: Work, plan: Plan, cause: Part, changed: Sequence[str] = ()) -> Written:
        table = lay_tables(work, self._clock, self._known_for, {plan.id: plan}, [plan.id])[plan.id]
        elements = [plan.elements[id] for id in changed]
        one = forward(plan, elements, replace(cause, system=""), table, self._catalogue)
        one.deliveries = [replace(each, plan_version=plan.version) for each in one.deliveries]
        detail = {"version": plan.version, "decisions": [row.hash.hex() for row in one.decisions]}
        entry = AuditEntry(plan.municipality, table.at, "hub", "plan.looked_at_again", plan.id, detail)
        return Written(forwarded=[one], views=list(table.views.values()), audit=[entry])

    def _end_wait(self, work: Work, hold: Hold) -> None:
        """The ledger rows that waited for this hold, and for no other, end."""
        if hold.plan and hold.receiver:
            end_waits(work, hold.municipality, hold.plan, hold.receiver, _instead(hold))
            return
        if any(_same_wait(each, hold) for each in work.holds.open(hold.municipality)):
            return
        if not hold.receiver:
            parts = [each for each in work.ledger.find([hold.part]) if each.state == "held"]
            work.ledger.end([replace(each, state="proposed") for each in parts])
            return
        waiting = [
            each
            for each in work.deliveries.of(hold.municipality, hold.part)
            if each.state == "held" and each.system == hold.receiver
        ]
        if hold.state == "refused":
            work.deliveries.update([replace(each, state=_instead(hold)) for each in waiting])

    def _asked_again(self, work: Work, facts: Facts) -> list[Ticket]:
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
        return [ticket for each in over for ticket in self._back_to_waiting(work, each)]

    def _directed_again(self, work: Work, hold: Hold) -> list[Ticket]:
        """A released directed message goes back to waiting; it is decided whole once more at its dispatch."""
        if hold.state != "released" or not hold.receiver or hold.plan:
            return []
        return self._back_to_waiting(work, hold)

    def _back_to_waiting(self, work: Work, hold: Hold) -> list[Ticket]:
        rows = [
            replace(each, state="waiting", next_at=self._clock.now())
            for each in work.deliveries.of(hold.municipality, hold.part)
            if each.state == "held" and each.system == hold.receiver
        ]
        work.deliveries.update(rows)
        systems = work.directory.systems()
        return [deliver_ticket(row) for row in rows if systems[row.system].delivery != "mailbox"]


def _instead(hold: Hold) -> DeliveryState:
    """How the row that waited ends: a release makes a new one."""
    return "superseded" if hold.state == "released" else "denied"


def _same_wait(one: Hold, other: Hold) -> bool:
    return one.id != other.id and (one.part, one.receiver) == (other.part, other.receiver)


def _cause(work: Work, plan: Plan) -> Part:
    """What a delivery without a message of its own is laid to: the plan's newest part."""
    parts = work.ledger.of(plan.municipality, plan.id)
    if not parts:
        raise UnusableError("nothing_yet", "no message has come for this plan yet", place="plan")
    return replace(parts[-1], correlation_id=None, traceparent=None)  # its receiver may know nothing of that message
