"""Door 3, deliver: decide again now, cut, write and mark `sending`; send; keep the receipt. Two transactions.

What is cut is the plan as it now is, so that no system gets its own older words back. The instant of dispatch is the
commit of the first, serialised with consent changes by the child's facts version. A row found in `sending` after a
crash is decided again and sent again under the same id, unless today's cut is another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from hub.errors import SetupError, UnusableError
from hub.model.discretion import spoken_code
from hub.model.envelope import FEEDBACK, MESSAGE_ANSWER, PROPOSAL_ANSWER, DeliveryState, Parcel, fresh_id
from hub.model.responsibility import Facts
from hub.model.service import System
from hub.policy import LIMIT, hides_client, still_known
from hub.ports import Clock, Delivery, Part, Store, View, Work
from hub.routing.addressed import decide_directed, held_whole
from hub.routing.came_of import blame
from hub.routing.catalogue import Catalogue
from hub.routing.feedback import give_feedback
from hub.routing.forward import decided, kept_back
from hub.routing.hidden import opaque
from hub.routing.look import Looked, look
from hub.routing.lost import ANEW, acknowledged
from hub.routing.order import LIFETIME, alone, newest_first_served, rests
from hub.routing.prepared import Prepared, Room, enter, own_link
from hub.routing.receipts import Receipts
from hub.routing.sender_told import tell_sender
from hub.routing.told import tell
from hub.routing.waits import Asked, holds, waits
from hub.routing.watch import Watch
from hub.sdk import Document, Posted
from hub.sync import portion_for, shown_now


class Dispatch:
    """Both transactions of door 3, for every way a system is reached."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        catalogue: Catalogue,
        watch: Watch,
        *,
        lifetime: timedelta = LIFETIME,
        known_for: timedelta = LIMIT,
    ) -> None:
        self._store, self._clock, self._catalogue, self._watch = store, clock, catalogue, watch
        self._lifetime, self._known_for = lifetime, known_for
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

    def urgent(self, system: System, limit: int) -> Sequence[str]:
        """What must leave before everything else that waits for this system, whatever the broker hands out first."""
        with self._store.begin() as work:
            return work.deliveries.urgent(system.id, limit, self._clock.now())

    def fetch(self, system: System, limit: int, apart: str = "") -> list[Parcel]:
        """A mailbox fetch is the dispatch: decided, cut and recorded for every fetch anew. Documents, or the kind that
        lies apart from them."""
        with self._store.begin() as work:
            rows = work.deliveries.due(system.id, limit, self._clock.now(), apart)
            done = self._prepare(work, rows, {})
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
            links = work.links.of(sorted({row.plan for row in rows if row.plan}), {row.system for row in rows})
        found = {}
        for row in rows:
            own = [link for link in links.get(row.plan or "", ()) if link.system == row.system]
            if own:
                found[row.id] = own_link(own, row.system, row.child).key.value
        return found

    def _told(self, done: Prepared) -> list[Parcel]:
        """After the commit: what was decided is counted."""
        self._watch.decided("dispatch", [(done.systems[row.receiver].service, row.outcome) for row in done.decisions])
        return done.parcels

    def _prepare(self, work: Work, rows: Sequence[Delivery], bases: Mapping[str, Document]) -> Prepared:
        if not rows:
            return Prepared({}, self._clock.now(), self._lifetime)
        room = enter(work, rows, bases)
        done = Prepared(room.systems, self._clock.now(), self._lifetime)
        kept, older = newest_first_served(rows)
        done.unsure |= {(row.plan, row.system) for row in older if row.state == "sending"}
        done.rows += [row._replace(state="superseded") for row in older]
        for row in kept:
            with self._watch.step("dispatch", row.traceparent, delivery=row.id) as trace:
                self._one(row._replace(traceparent=trace) if trace else row, room, done)
        done.write(work)
        return done

    def _one(self, row: Delivery, room: Room, done: Prepared) -> None:
        if done.at - row.since > self._lifetime:
            done.end(row, "expired", "lifetime")
            return
        try:
            if row.kind == PROPOSAL_ANSWER:
                tell(row, room, done, self._catalogue, self._known_for)
            elif row.kind == MESSAGE_ANSWER:
                tell_sender(row, room, done, self._known_for)
            elif row.kind == FEEDBACK:
                give_feedback(row, room, done, self._known_for)
            elif row.plan is None:
                self._send_directed(row, room, done)
            else:
                self._send_view(row, room, done)
        except UnusableError as unusable:
            state = "held" if unusable.code == "no_link" else "set_aside"
            done.end(row, state, spoken_code(unusable.code))
        except SetupError:
            done.end(row, "set_aside", "adapter_broken")
        except Exception as bug:  # one delivery's fault must not stop the others; it is kept by its class only
            self._watch.fault("dispatch", bug)
            done.end(row, "set_aside", "internal_error")

    def _send_view(self, row: Delivery, room: Room, done: Prepared) -> None:
        plan = room.plans[row.plan or ""]
        row = row._replace(plan_version=plan.version)
        facts = still_known(room.facts[plan.child], done.at, self._known_for)
        looked = look(plan, facts, room.systems[row.system], self._catalogue, done.at)
        view = room.views.get((plan.id, row.system)) or View(plan.id, row.system, row.municipality)
        if row.version is not None and row.version < view.version:
            done.end(row, "superseded", None)
            return
        if row.version is not None and looked.cut.digest != row.digest:
            row = _anew(row, done)
        if (row.plan, row.system) in done.unsure:
            view = room.views[plan.id, row.system] = acknowledged(view)
            done.views.append(view)
        asked_for = row.code == ANEW and looked.cut.digests
        stops = row.version is None and not asked_for and not looked.cut.news(view.sent)
        if row.version is None:
            held = [each for each in plan.elements.values() if kept_back(each, looked, view)]
            done.holds += holds(held, looked.decision, _cause(row), room.asked, done.at)
        ends = row._replace(state=_why_nothing(looked, row, room.asked)) if stops else row
        done.decisions.append(decided(looked.decision, _cause(row), ends, "dispatch", done.at))
        if row.version is None:
            if stops:
                done.end(row, ends.state, None)
                return
            view, row = _given(view, row, looked)
            done.versions.add((plan.id, row.system))
        body = self._render(looked, row, room)
        room.views[plan.id, row.system] = view
        done.views.append(view)
        if row.correlation_id is not None and _hides_case(looked, facts, room.service_of(row), done.at):
            row = row._replace(correlation_id=opaque(plan.id, row.system))
        done.leave(row, looked.desk.kind.name, body)

    def _render(self, looked: Looked, row: Delivery, room: Room) -> bytes:
        """The receiver's document: its own base where it has one, its own key, and the cut."""
        lens = looked.desk.lens
        if lens is None:
            raise UnusableError("unknown_kind", "the receiver's kind has no mapping")
        link = own_link(room.links.get(row.plan or "", ()), row.system, row.child)
        portion, grant = portion_for(looked.cut, row.system, lens.carries)
        document = lens.put(room.bases.get(row.id), portion, grant)
        document = lens.enrol(document, link.key)
        if not lens.child(document):
            way_out = "link the system by the kind of key its format demands"
            raise UnusableError(
                "no_link", "the receiver's format cannot name the child by the key linked", way_out=way_out
            )
        return looked.desk.write(document)

    def _send_directed(self, row: Delivery, room: Room, done: Prepared) -> None:
        known = room.facts.get(row.child or "")
        facts = still_known(known, done.at, self._known_for) if known else None
        found = decide_directed(room.parts[row.part], facts, room.systems, done.at, room.answers)
        key = room.key_for(row)
        cut = found.cut(key)
        before, version = row.version, row.version or 1
        if found.state == "waiting" and before is not None and row.digest != cut:
            row, version = _anew(row, done), before + 1
        done.decisions.append(found.row(row, "dispatch", done.at))
        if found.state == "held":
            done.holds.append(held_whole(room.parts[row.part], found, done.at))
        if found.state != "waiting":
            done.end(row, found.state, blame(found.decision))
            return
        correlation = opaque(row.part, row.system) if found.nameless else row.correlation_id
        left = row._replace(version=version, digest=cut, correlation_id=correlation)
        done.leave(left, row.kind, found.body(self._catalogue, key))


def _hides_case(looked: Looked, facts: Facts, sender: str | None, now: datetime) -> bool:
    """Whether what the sender calls its case may not show; what a look has laid ready goes for no message at all, and
    must not tell by a case of its own who spoke last."""
    return looked.decision.placeless or sender is None or hides_client(facts, looked.system.party, sender, now)


def _given(view: View, row: Delivery, looked: Looked) -> tuple[View, Delivery]:
    """The next version of the view, and the row that carries it; what has left the view is remembered."""
    digest, sent = looked.cut.digest, shown_now(view.sent, looked.cut.digests, view.seen)
    view = view._replace(version=view.version + 1, digest=digest, sent=sent)
    return view, row._replace(version=view.version, digest=digest)


def _anew(row: Delivery, done: Prepared) -> Delivery:
    """Today's cut is another than the one that was sent: the earlier row ends, the new cut gets a new id."""
    done.end(row, "superseded", None)
    done.unsure.add((row.plan, row.system))
    fresh = row._replace(id=fresh_id(), state="waiting", version=None, sent_at=None, attempts=0, created_at=done.at)
    fresh = fresh._replace(revived_at=None)
    done.added.append(fresh)
    return fresh


def _cause(row: Delivery) -> Part:
    """What a decision at dispatch is kept under: the part that caused the delivery."""
    return Part(
        row.part, "", row.municipality, row.system, row.kind, "merged", row.created_at, plan=row.plan, child=row.child
    )


def _why_nothing(looked: Looked, row: Delivery, known: Asked) -> DeliveryState:
    """Nothing new is left to send: it waits for a human, today's facts took it away, or it was undone meanwhile."""
    if looked.cut.digest == row.digest:
        return "superseded"
    waiting = any(waits(each, looked.decision, known) for each in looked.plan.elements.values())
    return "held" if waiting else "denied"
