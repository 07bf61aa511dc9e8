"""What a dispatch reads before it decides, and what it leaves behind, to be written table by table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hub.errors import UnusableError
from hub.model.change import ChildKey
from hub.model.envelope import MESSAGE_ANSWER, Parcel, fresh_id
from hub.model.plan import Plan
from hub.model.responsibility import Facts
from hub.model.service import System
from hub.ports import AsideRow, AuditEntry, DecisionRow, Delivery, Hold, Link, Part, View, Work
from hub.routing.came_of import came_of
from hub.routing.lost import lost
from hub.routing.proposed import Proposed, proposed
from hub.routing.reported import Answer, answers
from hub.routing.unheard import unheard
from hub.routing.waits import Asked, asked
from hub.sdk import Document


@dataclass(slots=True)
class Prepared:
    """What one dispatch transaction leaves behind, and the parcels that may leave once it is committed."""

    systems: Mapping[str, System]
    at: datetime
    """The instant that everything in it is decided for."""
    lifetime: timedelta
    """How long a delivery may wait for its receipt."""
    parcels: list[Parcel] = field(default_factory=list)
    rows: list[Delivery] = field(default_factory=list)
    added: list[Delivery] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    decisions: list[DecisionRow] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    aside: list[AsideRow] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)
    unsure: set[tuple[str | None, str]] = field(default_factory=set)
    """(plan, system) whose last document was never acknowledged and has now been replaced."""
    versions: set[tuple[str, str]] = field(default_factory=set)
    """(plan, system) that have a new version of their view."""
    named: int = 0
    """How many of the decisions a line of the audit chain names already."""

    def leave(self, row: Delivery, kind: str, body: bytes, answers: tuple[str, str] | None = None) -> None:
        """It may leave as soon as this is committed."""
        row = row._replace(state="sending", sent_at=self.at, code=None)
        self._replace(row)
        expires = row.since + self.lifetime
        parcel = Parcel(row.id, row.system, kind, row.version or 1, body, row.correlation_id, expires, row.traceparent)
        self.parcels.append(replace(parcel, answers=answers, urgent=row.urgent))
        detail = {"version": row.version, **self._decided()}
        self.audit.append(AuditEntry(row.municipality, self.at, "hub", "delivery.dispatched", row.id, detail))

    def end(self, row: Delivery, state: str, code: str | None) -> None:
        """It does not leave, and its row says why."""
        row = row._replace(state=state, code=code)  # type: ignore[arg-type]  # the callers' literals
        self._replace(row)
        if row.state == "set_aside":
            aside = AsideRow(fresh_id(), row.municipality, "delivery", row.id, code or "unusable", None, self.at)
            self.aside.append(aside)
        detail = {"state": state, "code": code, **self._decided()}
        self.audit.append(AuditEntry(row.municipality, self.at, "hub", "delivery.stopped", row.id, detail))

    def write(self, work: Work) -> None:
        """All of it, table by table: the transaction is the caller's."""
        work.deliveries.update(self.rows)
        work.deliveries.add(self.added)
        came_of(work, [*self.rows, *self.added], self.at)
        work.views.put(list({(view.plan, view.system): view for view in self.views}.values()))
        work.view_versions.keep(self.versions, self.at)
        lost(work, [row for row in self.rows if row.state == "expired"])
        work.decisions.add(self.decisions)
        work.holds.add(self.holds)
        work.set_aside.add([*self.aside, *unheard(self.rows, self.at)])
        work.audit.add(self.audit)

    def _decided(self) -> dict[str, str]:
        """The decision by which it left or did not, by its hash; nothing where it ended before it was decided."""
        found = self.decisions[self.named :]
        self.named = len(self.decisions)
        return {"decision": found[-1].hash.hex()} if found else {}

    def _replace(self, row: Delivery) -> None:
        """A row made in this dispatch is added once, as it ends; one from before is updated."""
        for place, added in enumerate(self.added):
            if added.id == row.id:
                self.added[place] = row
                return
        self.rows.append(row)


@dataclass(frozen=True, slots=True)
class Room:
    """What was read for a batch of deliveries, once."""

    plans: Mapping[str, Plan]
    facts: Mapping[str, Facts]
    views: dict[tuple[str, str], View]
    links: Mapping[str, Sequence[Link]]
    systems: Mapping[str, System]
    parts: Mapping[str, Part]
    bases: Mapping[str, Document]
    asked: Asked
    answers: Sequence[Hold]
    """Released holds of directed messages."""
    senders: Mapping[str, str]
    """The system that sent the part a view goes for, by part."""
    proposed: Mapping[str, Proposed] = field(default_factory=dict)
    """What a proposer is told of, by the delivery that tells it."""
    messages: Mapping[str, str] = field(default_factory=dict)
    """The sender's own id of the message it is told of, by part."""
    answered: Mapping[str, Answer] = field(default_factory=dict)
    """What whoever reported is told, by the delivery that tells it."""

    def service_of(self, row: Delivery) -> str | None:
        """The service whose message a delivery goes for; `None` of a system that has left."""
        sender = self.systems.get(self.senders.get(row.part, ""))
        return sender.service if sender else None

    def key_for(self, row: Delivery) -> ChildKey | None:
        """The receiver's own key for the child of a directed message, where it has one."""
        at_table = (link for links in self.links.values() for link in links)
        return next((link.key for link in at_table if (link.system, link.child) == (row.system, row.child)), None)


def enter(work: Work, rows: Sequence[Delivery], bases: Mapping[str, Document]) -> Room:
    """Locks what a dispatch decides by, and reads the rest."""
    plans = sorted({row.plan for row in rows if row.plan} | _plans_of_directed(work, rows))
    children = sorted({row.child for row in rows if row.child})
    # Locked in this order everywhere. The plan is read last: no later version is cut from an older plan.
    facts = work.persons.facts(children, lock=True)
    receivers = {row.system for row in rows}
    views = dict(work.views.of(plans, receivers, lock=True))
    told = proposed(work, rows)
    return Room(
        work.plans.current(sorted({row.plan for row in rows if row.plan} | {each.plan for each in told.values()})),
        facts,
        views,
        work.links.of(plans, receivers),
        work.directory.systems(),
        {part.id: part for part in work.ledger.find([row.part for row in rows if not row.plan])},
        bases,
        asked(work, {row.municipality for row in rows}, plans),
        _answers(work, rows),
        work.ledger.senders([row.part for row in rows if row.plan]),
        told,
        _own_ids(work, rows),
        answers(work, rows),
    )


def _own_ids(work: Work, rows: Sequence[Delivery]) -> Mapping[str, str]:
    """What senders call the messages that letters to them are about."""
    found: dict[str, str] = {}
    for row in rows:
        if row.kind == MESSAGE_ANSWER and (part := next(iter(work.ledger.of(row.municipality, row.part)), None)):
            receipt = work.inbox.receipt(row.municipality, row.system, part.message)
            found[part.id] = receipt.message_id if receipt else ""
    return found


def own_link(links: Sequence[Link], system: str, child: str | None) -> Link:
    """The receiver's own key for the child, or for the adult of the household it knows; never anybody else's."""
    own = [link for link in links if link.system == system]
    if not own:
        raise UnusableError("no_link", "the receiver has no link to this plan", way_out="make one at enrolment")
    return next((link for link in own if link.about == child), own[0])


def _plans_of_directed(work: Work, rows: Sequence[Delivery]) -> set[str]:
    """A directed message about a child with a plan finds the receiver's own key at that plan's table."""
    found = {work.plans.of_child(row.municipality, row.child) for row in rows if not row.plan and row.child}
    return {plan for plan in found if plan}


def _answers(work: Work, rows: Sequence[Delivery]) -> list[Hold]:
    """What people have answered about directed messages of children the hub does not know."""
    parts: dict[str, list[str]] = {}
    for row in rows:
        if row.plan is None and row.child is None:
            parts.setdefault(row.municipality, []).append(row.part)
    return [hold for municipality, ids in parts.items() for hold in work.holds.released(municipality, ids)]
