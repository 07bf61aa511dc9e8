"""Door 3, deliver: decide again now, cut, write and mark `sending`; send; keep the receipt. Two transactions.

What is cut is the plan as it now is, so that no system gets its own older words back. The instant of dispatch is the
commit of the first, serialised with consent changes by the child's facts version. A row found in `sending` after a
crash is decided again and sent again under the same id, unless today's cut is another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

from hub.errors import SetupError, UnusableError
from hub.model.discretion import spoken_code
from hub.model.envelope import DeliveryState, Parcel
from hub.model.plan import Element, Plan
from hub.model.responsibility import Facts
from hub.model.service import System
from hub.ports import AsideRow, AuditEntry, Clock, DecisionRow, Delivery, Hold, Link, Part, Store, View, Work
from hub.routing.catalogue import Catalogue
from hub.routing.directed import decide_directed, held_whole
from hub.routing.forward import Looked, decided, look
from hub.routing.order import alone, newest_first_served, rests
from hub.routing.receipts import Receipts
from hub.routing.waits import Asked, asked, holds, waits
from hub.routing.watch import Watch
from hub.sdk import Document, Posted
from hub.sync import portion_for

LIFETIME = timedelta(days=7)
"""How long a delivery may wait for its receipt; the default lifetime of Fiks IO (formats.md § 1.2)."""


@dataclass(slots=True)
class Prepared:
    """What one dispatch transaction leaves behind, and the parcels that may leave once it is committed."""

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
    systems: Mapping[str, System] = field(default_factory=dict)


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


class Dispatch:
    """Both transactions of door 3, for every way a system is reached."""

    def __init__(self, store: Store, clock: Clock, catalogue: Catalogue, watch: Watch) -> None:
        self._store, self._clock, self._catalogue, self._watch = store, clock, catalogue, watch
        self._receipts = Receipts(store, clock, watch)

    def prepare(self, ids: Sequence[str], bases: Mapping[str, Document] | None = None) -> list[Parcel]:
        """Decides these deliveries now. What is not among the parcels does not leave, and its row says why."""
        with self._store.begin() as work:
            rows = [row for row in work.deliveries.take(ids) if not rests(row, self._clock.now())]
            done = self._prepare(work, rows, bases or {})
        return self._told(done)

    def alone(self, ids: Sequence[str]) -> AbstractContextManager[list[str]]:
        """Those of these deliveries that no other worker may send, or overtake, until the block ends."""
        return alone(self._store, ids)

    def fetch(self, system: System, limit: int) -> list[Parcel]:
        """A mailbox fetch is the dispatch: decided, cut and recorded for every fetch anew."""
        with self._store.begin() as work:
            done = self._prepare(work, work.deliveries.due(system.id, limit, self._clock.now()), {})
        return self._told(done)

    def record(self, answers: Mapping[str, Posted], by: str | None = None) -> list[str]:
        """Keeps the receipts; gives the ids that are not on their way (to the system `by`). A second one is no news."""
        return self._receipts.record(answers, by)

    def put_off(self, ids: Sequence[str], code: str, after: float | None, limit: int) -> None:
        """The receiver was away: the rows come again later, each time further apart, and end set aside at the limit."""
        self._receipts.put_off(ids, code, after, limit)

    def keys(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Each delivery's child as its receiver knows it: what a base is fetched by."""
        with self._store.begin() as work:
            rows = [row for row in work.deliveries.take(ids) if row.plan]
            links = work.links.of(sorted({row.plan for row in rows if row.plan}))
        found = {}
        for row in rows:
            own = [link for link in links.get(row.plan or "", ()) if link.system == row.system]
            if own:
                found[row.id] = _own_link(own, row.system, row.child).key.value
        return found

    def _told(self, done: Prepared) -> list[Parcel]:
        """After the commit: what was decided is counted."""
        self._watch.decided("dispatch", [(done.systems[row.receiver].service, row.outcome) for row in done.decisions])
        return done.parcels

    def _prepare(self, work: Work, rows: Sequence[Delivery], bases: Mapping[str, Document]) -> Prepared:
        if not rows:
            return Prepared()
        room, now = self._room(work, rows, bases), self._clock.now()
        done = Prepared(systems=room.systems)
        kept, older = newest_first_served(rows)
        done.unsure |= {(row.plan, row.system) for row in older if row.state == "sending"}
        done.rows += [replace(row, state="superseded") for row in older]
        for row in kept:
            with self._watch.step("dispatch", row.traceparent, delivery=row.id) as trace:
                self._one(replace(row, traceparent=trace) if trace else row, room, done, now)
        work.deliveries.update(done.rows)
        work.deliveries.add(done.added)
        work.views.put(list({(view.plan, view.system): view for view in done.views}.values()))
        work.decisions.add(done.decisions)
        work.holds.add(done.holds)
        work.set_aside.add(done.aside)
        work.audit.add(done.audit)
        return done

    def _room(self, work: Work, rows: Sequence[Delivery], bases: Mapping[str, Document]) -> Room:
        plans = sorted({row.plan for row in rows if row.plan} | _plans_of_directed(work, rows))
        children = sorted({row.child for row in rows if row.child})
        # Locked in this order everywhere. The plan is read last: no later version is cut from an older plan.
        facts = work.persons.facts(children, lock=True)
        views = dict(work.views.of(plans, {row.system for row in rows}, lock=True))
        return Room(
            work.plans.current(sorted({row.plan for row in rows if row.plan})),
            facts,
            views,
            work.links.of(plans),
            work.directory.systems(),
            {part.id: part for part in work.ledger.find([row.part for row in rows if not row.plan])},
            bases,
            asked(work, {row.municipality for row in rows}, plans),
            _answers(work, rows),
        )

    def _one(self, row: Delivery, room: Room, done: Prepared, now: datetime) -> None:
        if now - row.created_at > LIFETIME:
            self._end(row, "expired", "lifetime", done, now)
            return
        try:
            if row.plan is None:
                self._send_directed(row, room, done, now)
            else:
                self._send_view(row, room, done, now)
        except UnusableError as unusable:
            state = "held" if unusable.code == "no_link" else "set_aside"
            self._end(row, state, spoken_code(unusable.code), done, now)
        except SetupError:
            self._end(row, "set_aside", "adapter_broken", done, now)
        except Exception as bug:  # one delivery's fault must not stop the others; it is kept by its class only
            self._watch.fault("dispatch", bug)
            self._end(row, "set_aside", "internal_error", done, now)

    def _send_view(self, row: Delivery, room: Room, done: Prepared, now: datetime) -> None:
        plan = room.plans[row.plan or ""]
        row = replace(row, plan_version=plan.version)
        looked = look(plan, room.facts[plan.child], room.systems[row.system], self._catalogue, now)
        view = room.views.get((plan.id, row.system)) or View(plan.id, row.system, row.municipality)
        if row.version is not None and row.version < view.version:
            self._end(row, "superseded", None, done, now)
            return
        if row.version is not None and looked.cut.digest != row.digest:
            row = self._anew(row, done, now)
        if (row.plan, row.system) in done.unsure:
            view = room.views[plan.id, row.system] = _acknowledged(view)
            done.views.append(view)
        stops = row.version is None and not looked.cut.news(view.sent)
        if row.version is None:
            held = [each for each in plan.elements.values() if _is_kept_back(each, looked, view)]
            done.holds += holds(held, looked.decision, _cause(row), room.asked, now)
        ends = replace(row, state=_why_nothing(looked, row, room.asked)) if stops else row
        done.decisions.append(decided(looked, _cause(row), ends, "dispatch", now))
        if row.version is None:
            if stops:
                self._end(row, ends.state, None, done, now)
                return
            view = replace(view, version=view.version + 1, digest=looked.cut.digest, sent=looked.cut.digests)
            row = replace(row, version=view.version, digest=view.digest)
        body = self._render(looked, row, room)
        room.views[plan.id, row.system] = view
        done.views.append(view)
        self._leave(row, looked.desk.kind.name, body, done, now)

    def _anew(self, row: Delivery, done: Prepared, now: datetime) -> Delivery:
        """Today's cut is another than the one that was sent: the earlier row ends, the new cut gets a new id."""
        self._end(row, "superseded", None, done, now)
        done.unsure.add((row.plan, row.system))
        fresh = replace(row, id=uuid4().hex, state="waiting", version=None, sent_at=None, attempts=0, created_at=now)
        done.added.append(fresh)
        return fresh

    def _render(self, looked: Looked, row: Delivery, room: Room) -> bytes:
        """The receiver's document: its own base where it has one, its own key, and the cut."""
        lens = looked.desk.lens
        if lens is None:
            raise UnusableError("unknown_kind", "the receiver's kind has no mapping")
        link = _own_link(room.links.get(row.plan or "", ()), row.system, row.child)
        portion, grant = portion_for(looked.cut, row.system, lens.carries)
        document = lens.put(room.bases.get(row.id), portion, grant)
        document = lens.enrol(document, link.key)
        if not lens.child(document):
            way_out = "link the system by the kind of key its format demands"
            raise UnusableError(
                "no_link", "the receiver's format cannot name the child by the key linked", way_out=way_out
            )
        return looked.desk.write(document)

    def _send_directed(self, row: Delivery, room: Room, done: Prepared, now: datetime) -> None:
        found = decide_directed(room.parts[row.part], room.facts.get(row.child or ""), room.systems, now, room.answers)
        done.decisions.append(found.row(row, "dispatch", now))
        if found.state == "held":
            done.holds.append(held_whole(room.parts[row.part], found, now))
        if found.state != "waiting":
            self._end(row, found.state, None, done, now)
            return
        key = next(
            (each.key for each in _every(room.links) if (each.system, each.child) == (row.system, row.child)), None
        )
        self._leave(replace(row, version=row.version or 1), row.kind, found.body(self._catalogue, key), done, now)

    def _leave(self, row: Delivery, kind: str, body: bytes, done: Prepared, now: datetime) -> None:
        row = replace(row, state="sending", sent_at=now, code=None)
        _replace_row(row, done)
        expires = row.created_at + LIFETIME
        done.parcels.append(
            Parcel(row.id, row.system, kind, row.version or 1, body, row.correlation_id, expires, row.traceparent)
        )
        detail = {"version": row.version, "decision": done.decisions[-1].hash.hex()}
        done.audit.append(AuditEntry(row.municipality, now, "hub", "delivery.dispatched", row.id, detail))

    def _end(self, row: Delivery, state: str, code: str | None, done: Prepared, now: datetime) -> None:
        row = replace(row, state=state, code=code)  # type: ignore[arg-type]  # the callers' literals
        _replace_row(row, done)
        if row.state == "set_aside":
            aside = AsideRow(uuid4().hex, row.municipality, "delivery", row.id, code or "unusable", None, now)
            done.aside.append(aside)
        detail = {"state": state, "code": code}
        done.audit.append(AuditEntry(row.municipality, now, "hub", "delivery.stopped", row.id, detail))


def _replace_row(row: Delivery, done: Prepared) -> None:
    """A row made in this dispatch is added once, as it ends; one from before is updated."""
    for place, added in enumerate(done.added):
        if added.id == row.id:
            done.added[place] = row
            return
    done.rows.append(row)


def _acknowledged(view: View) -> View:
    """The receiver may have lost what was last sent: only what it has acknowledged or said itself counts as known."""
    return replace(view, sent={id: value for id, value in view.sent.items() if view.seen.get(id) == value})


def _own_link(links: Sequence[Link], system: str, child: str | None) -> Link:
    """The receiver's own key for the child, or for the adult of the household it knows; never anybody else's."""
    own = [link for link in links if link.system == system]
    if not own:
        raise UnusableError("no_link", "the receiver has no link to this plan", way_out="make one at enrolment")
    return next((link for link in own if link.about == child), own[0])


def _every(links: Mapping[str, Sequence[Link]]) -> Iterator[Link]:
    return (link for at_table in links.values() for link in at_table)


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


def _cause(row: Delivery) -> Part:
    """What a decision at dispatch is kept under: the part that caused the delivery."""
    return Part(
        row.part, "", row.municipality, row.system, row.kind, "merged", row.created_at, plan=row.plan, child=row.child
    )


def _is_kept_back(element: Element, looked: Looked, view: View) -> bool:
    """Held now, and something the receiver does not have."""
    return element.id in looked.decision.held and view.sent.get(element.id) != looked.value(element)


def _why_nothing(looked: Looked, row: Delivery, known: Asked) -> DeliveryState:
    """Nothing new is left to send: it waits for a human, today's facts took it away, or it was undone meanwhile."""
    if looked.cut.digest == row.digest:
        return "superseded"
    waiting = any(waits(each, looked.decision, known) for each in looked.plan.elements.values())
    return "held" if waiting else "denied"
