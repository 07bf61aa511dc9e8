"""One reading of one receiver's view: what leaves for the first time, what is told again, and what has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hub.errors import UnusableError
from hub.model.envelope import fresh_id
from hub.model.plan import Content, Element, Kind
from hub.ports import AuditEntry, Delivery, Part, View, ViewVersion, Work
from hub.routing.forward import decided, kept_back
from hub.routing.look import Looked
from hub.routing.prepared import Prepared, Room, own_link
from hub.routing.receipts import SILENCE
from hub.routing.waits import holds
from hub.sync import portion_for, shown, shown_now
from hub.sync.keys import given_key, key_in
from hub.sync.version import GONE, carried

What = Literal["added", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Changed:
    """One element of a receiver's view. `id` and `key` are that system's alone; `was` is what it held before, where
    that is still known. `gone` has no content: deleted, or no longer for it to see, which nobody is told apart."""

    id: str
    kind: Kind
    key: str
    what: What
    owner: str | None = None
    categories: frozenset[str] = frozenset()
    content: Content | None = None
    was: Content | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed in a view from version `since` to `version`; nothing where the system has all of it."""

    plan: str
    since: int
    version: int
    at: datetime
    """When that version left."""
    elements: Sequence[Changed]
    delivery: str | None = None
    """What to acknowledge, or else by asking again since this version."""
    document: bytes | None = None
    """The whole view in the system's own format, where that was asked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one view, in its transaction."""

    work: Work
    room: Room
    done: Prepared
    row: Delivery
    cause: Part
    looked: Looked

    def answer(self, since: int, rows: Sequence[Delivery], *, whole: bool) -> Changes:
        plan, system, cut = self.looked.plan, self.looked.system, self.looked.cut
        view = self.room.views.get((plan.id, system.id)) or View(plan.id, system.id, plan.municipality)
        kept = self.work.view_versions.of(plan.id, system.id)
        before = {} if whole else _held(kept, since, view)
        changed = sorted(id for id in {*before, *cut.digests} if _value(before, id) != _value(cut.digests, id))
        told = bool(changed) or whole
        delivery, version, at = self._leave(view, kept, rows, told=told)
        elements = self._elements(before, changed, since)
        document = render(self.looked, self.room, self.row) if whole else None
        return Changes(plan.id, since, version, at, elements, delivery, document)

    def _leave(
        self, view: View, kept: Sequence[ViewVersion], rows: Sequence[Delivery], *, told: bool
    ) -> tuple[str | None, int, datetime]:
        """What leaves for the first time has a row of the ledger, which waits for its acknowledgement."""
        cut, done = self.looked.cut, self.done
        fresh = bool(cut.digests) and (not view.version or cut.digest != view.digest or bool(cut.news(view.sent)))
        on_its_way = [row for row in rows if row.state == "sending" and row.version == view.version]
        if not told or not fresh:
            self._note(on_its_way[-1] if on_its_way else self.row._replace(state="sending"))
            at = kept[-1].at if kept else done.at
            return (on_its_way[-1].id if on_its_way else None), view.version, at
        row = self.row if self.row.version is None else _anew(self.row, done.at)
        for each in rows:
            if each.id != row.id:
                done.end(each, "superseded", None)
        if row.id not in {each.id for each in rows}:
            done.added.append(row)
        held = [each for each in self.looked.plan.elements.values() if kept_back(each, self.looked, view)]
        done.holds += holds(held, self.looked.decision, self.cause, self.room.asked, done.at)
        version = view.version + 1
        row = row._replace(version=version, digest=cut.digest, plan_version=self.looked.plan.version)
        done.decisions.append(
            decided(self.looked.decision, self.cause, row._replace(state="sending"), "dispatch", done.at)
        )
        done.views.append(
            view._replace(version=version, digest=cut.digest, sent=shown_now(view.sent, cut.digests, view.seen))
        )
        done.versions.add((view.plan, view.system))
        done.leave(row._replace(next_at=done.at + SILENCE), row.kind, b"")
        return row.id, version, done.at

    def _note(self, row: Delivery) -> None:
        """What has left before is told again: the decision is kept, and no second row of the ledger is made."""
        known = row if row.version is not None else None
        kept = decided(self.looked.decision, self.cause, row, "dispatch", self.done.at)
        self.done.decisions.append(kept if known else kept._replace(delivery=None))
        detail = {"decision": kept.hash.hex()}
        self.done.audit.append(
            AuditEntry(kept.municipality, self.done.at, kept.receiver, "view.read", self.looked.plan.id, detail)
        )

    def _elements(self, before: Mapping[str, str], changed: Sequence[str], since: int) -> list[Changed]:
        told = {each.id: each for each in self.looked.cut.elements}
        was = self._was(before, changed, since)
        return [self._element(id, told.get(id), before, was.get(id)) for id in self._in_order(changed)]

    def _in_order(self, changed: Sequence[str]) -> list[str]:
        wanted = set(changed)
        living = [id for id in self.looked.plan.elements if id in wanted]
        return living + sorted(wanted.difference(living))

    def _element(self, id: str, now: Element | None, before: Mapping[str, str], was: Content | None) -> Changed:
        known, system = now or self.looked.plan.elements[id], self.looked.system
        marks = given_key(id, system.id), known.kind, key_in(known, system.id)
        if now is None or now.deleted:
            return Changed(*marks, "gone")
        what: What = "changed" if _value(before, id) != GONE else "added"
        content = carried(now.content, self.looked.desk.carries[now.kind])
        return Changed(*marks, what, now.owner, now.categories, content, was)

    def _was(self, before: Mapping[str, str], changed: Sequence[str], since: int) -> Mapping[str, Content]:
        """Earlier content, where what the view held then is exactly what may be told of that version today."""
        plan, system = self.looked.plan, self.looked.system
        rows = self.work.deliveries.of(plan.municipality, plan.id) if since and changed else ()
        at = next((row.plan_version for row in rows if (row.system, row.version) == (system.id, since)), None)
        older = self.work.plans.version([(plan.id, at)]).get((plan.id, at)) if at is not None else None
        if older is None:
            return {}
        opened = {each.id for each in self.looked.cut.elements}
        found = {}
        for id in changed:
            then = older.elements.get(id)
            if then is not None and id in opened and self.looked.value(then) == before.get(id):
                found[id] = carried(then.content, self.looked.desk.carries[then.kind])
        return found


def render(looked: Looked, room: Room, row: Delivery) -> bytes:
    """The whole view as a new document of the system's own format."""
    lens = looked.desk.lens
    if lens is None:
        raise UnusableError("unknown_kind", "the system's kind has no mapping")
    link = own_link(room.links.get(looked.plan.id, ()), row.system, row.child)
    portion, grant = portion_for(looked.cut, row.system, lens.carries)
    return looked.desk.write(lens.enrol(lens.put(None, portion, grant), link.key))


def _anew(row: Delivery, now: datetime) -> Delivery:
    """Another cut than the one that is on its way has an id of its own."""
    return row._replace(
        id=fresh_id(), state="waiting", version=None, sent_at=None, attempts=0, created_at=now, revived_at=None
    )


def _held(kept: Sequence[ViewVersion], since: int, view: View) -> Mapping[str, str]:
    """What the view held in that version."""
    if since == 0:
        return {}
    if since > view.version:
        way_out = f"ask since the version you have; the newest is {view.version}"
        raise UnusableError("ahead", "your system has been sent no such version", place="since", way_out=way_out)
    found = next((each for each in kept if each.version == since), None)
    if found is None:
        way_out = "ask for the whole: POST /v1/plans/{id}/resync, or changes since 0"
        raise UnusableError("too_old", "what that version held is no longer known", place="since", way_out=way_out)
    return shown(found.cut)


def _value(cut: Mapping[str, str], id: str) -> str:
    """An element that is not in a view is as good as deleted."""
    return cut.get(id, GONE)
