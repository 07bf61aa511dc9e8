"""What a batch of updates leaves behind, gathered first and then written table by table; and what it reads before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hub.model.plan import Plan
from hub.model.service import System
from hub.model.task import Task
from hub.policy import still_known
from hub.ports import AsideRow, AuditEntry, Clock, Delivery, Hold, Part, Proposal, Ticket, View, Work
from hub.routing.forward import Forwarded, Table
from hub.routing.queues import deliver_queue
from hub.routing.waits import asked, end_waits


@dataclass(slots=True)
class Written:
    """Everything a batch leaves behind, to be written table by table."""

    plans: list[tuple[Plan, str | None]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    forwarded: list[Forwarded] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    aside: list[AsideRow] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)
    letters: list[Delivery] = field(default_factory=list)
    """To senders, about their own messages."""
    looks: dict[str, datetime] = field(default_factory=dict)
    """When plans must be looked at, since something in them comes to be owed then."""


def lay_tables(
    work: Work, clock: Clock, limit: timedelta, plans: Mapping[str, Plan], ids: Sequence[str]
) -> dict[str, Table]:
    """Who sits at each plan's table, with the facts, what they were told and what waits; one query a kind of row.

    Facts older than their `limit` are no longer confirmed.
    """
    facts = work.persons.facts([plans[id].child for id in ids])
    links, systems = work.links.of(ids), work.directory.systems()
    waiting = asked(work, {plans[id].municipality for id in ids}, ids)
    rows: dict[str, dict[str, Delivery]] = {id: {} for id in ids}
    for row in work.deliveries.open_for((id, link.system) for id in ids for link in links.get(id, ())):
        if row.state == "waiting":
            rows[row.plan or ""][row.system] = row
    by_plan: dict[str, dict[str, View]] = {id: {} for id in ids}
    for (id, system), view in work.views.of(ids).items():  # after the rows are locked: a dispatch may just have ended
        by_plan[id][system] = view
    at = clock.now()
    known = {child: still_known(each, at, limit) for child, each in facts.items()}
    return {
        id: Table(
            at, known[plans[id].child], links.get(id, ()), systems, dict(by_plan[id]), waiting, rows[id], by_plan[id]
        )
        for id in ids
    }


def write(work: Work, written: Written) -> None:
    """Everything lands together or not at all: the transaction is the caller's."""
    versions = {part: plan.version for plan, part in written.plans}
    gave_way = {row.id: row for one in written.forwarded for row in one.gave_way}
    made = [
        each._replace(
            plan_version=each.plan_version or versions[each.part],
            state="superseded" if each.id in gave_way else each.state,
        )
        for one in written.forwarded
        for each in one.deliveries
    ]
    fresh = {each.id for each in made}
    work.deliveries.update([row._replace(state="superseded") for id, row in gave_way.items() if id not in fresh])
    work.plans.add(written.plans)
    work.ledger.end(written.parts)
    work.views.put(written.views)
    work.deliveries.add([*made, *written.letters])
    work.decisions.add([row for one in written.forwarded for row in one.decisions])
    work.holds.add([*written.holds, *(hold for one in written.forwarded for hold in one.holds)])
    _lapse(work, [hold for one in written.forwarded for hold in one.lapsed])
    work.proposals.add(_not_yet_made(work, written.proposals))
    work.tasks.add(written.tasks)
    work.set_aside.add([*written.aside, *(row for one in written.forwarded for row in one.aside)])
    work.audit.add(written.audit)
    work.looks.sooner(written.looks)


def _lapse(work: Work, holds: Sequence[Hold]) -> None:
    """Nobody need answer these any more; what waited for them has been superseded."""
    if not holds:
        return
    work.holds.decide(holds)
    for municipality, plan in sorted({(each.municipality, each.plan or "") for each in holds}):
        end_waits(work, municipality, plan)


def deliver_ticket(delivery: Delivery) -> Ticket:
    """Wakes the worker of the receiver's own queue."""
    return Ticket(deliver_queue(delivery.system), delivery.id, delivery.traceparent)


def tickets(written: Written, systems: Mapping[str, System]) -> list[Ticket]:
    """A mailbox is fetched from; every other receiver is woken."""
    gave_way = {row.id for one in written.forwarded for row in one.gave_way}
    laid = [*(each for one in written.forwarded for each in one.deliveries), *written.letters]
    return [
        deliver_ticket(each)
        for each in laid
        if each.state == "waiting" and each.id not in gave_way and systems[each.system].delivery != "mailbox"
    ]


def _not_yet_made(work: Work, proposals: Sequence[Proposal]) -> list[Proposal]:
    """A system that sends its whole document again makes no second proposal of the same value."""
    made = {
        _value(each)
        for plan, municipality in {(each.plan, each.municipality) for each in proposals}
        for each in work.proposals.of(municipality, plan)
        if each.state == "open"
    }
    return [each for each in proposals if _value(each) not in made]


def _value(proposal: Proposal) -> tuple[object, ...]:
    return proposal.plan, proposal.system, proposal.element.get("id"), proposal.element.get("digest")
