"""A system reads its own view of a plan: what has changed in it since a version it has, or the whole of it.

The answer is a dispatch as any other: decided in this transaction, recorded, and under the view's next version where it
holds anything that has not left before. Whoever names a version it has, has acknowledged it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hub.errors import UnusableError
from hub.model.envelope import fresh_id
from hub.model.service import System
from hub.policy import LIMIT, still_known
from hub.ports import Clock, Delivery, Part, Store, ViewVersion, Work
from hub.routing.catalogue import Catalogue, outbound
from hub.routing.cause import cause_of
from hub.routing.look import Looked, look
from hub.routing.order import LIFETIME
from hub.routing.prepared import Prepared, Room, enter
from hub.routing.receipts import Receipts
from hub.routing.view_reading import Changes, Reading
from hub.routing.watch import Watch
from hub.sdk import Posted
from hub.sync.keys import given_key


class OwnView:
    """Reads and hands out; safe to call from several threads."""

    def __init__(
        self, store: Store, clock: Clock, catalogue: Catalogue, watch: Watch, known_for: timedelta = LIMIT
    ) -> None:
        self._store, self._clock, self._catalogue, self._known_for = store, clock, catalogue, known_for
        self._watch, self._receipts = watch, Receipts(store, clock, watch)

    def changes(self, system: System, plan: str, since: int) -> Changes:
        """Element by element. `ahead` and `too_old` where it cannot be said what has changed since that version."""
        return self._read(system, plan, since, whole=False)

    def whole(self, system: System, plan: str, has: int = 0) -> Changes:
        """All of it, in the system's own format; `has` is a version that the system says it has."""
        return self._read(system, plan, has, whole=True)

    def versions(self, system: System, plan: str) -> Sequence[ViewVersion]:
        """What is still known of the versions of that system's view, oldest first."""
        with self._store.begin() as work:
            seated(work, system, plan, self._clock.now())
            return work.view_versions.of(plan, system.id)

    def named(self, system: System, plan: str, address: str) -> str:
        """The element a system means by the `id` it was told of it; `not_found` for what is not in its view."""
        with self._store.begin() as work:
            cause = seated(work, system, plan, self._clock.now())
            now, child = work.plans.current([plan])[plan], cause.child or ""
            facts = still_known(work.persons.facts([child])[child], self._clock.now(), self._known_for)
        told = look(now, facts, system, self._catalogue, self._clock.now()).cut.elements
        found = next((each.id for each in told if given_key(each.id, system.id) == address), None)
        if found is None:
            raise UnusableError("not_found", "there is no such element that you may see", place="element")
        return found

    def _read(self, system: System, plan: str, since: int, *, whole: bool) -> Changes:
        self._acknowledge(system, plan, since)
        with self._store.begin() as work:
            cause = seated(work, system, plan, self._clock.now())
            rows = work.deliveries.open_for([(plan, system.id)])
            kind = outbound(self._catalogue, system).kind.name
            row = _next(rows) or _fresh(system, cause, self._clock.now(), kind)
            room = enter(work, [row], {})
            done = Prepared(room.systems, self._clock.now(), LIFETIME)
            found = Reading(work, room, done, row, cause, self._looked(room, system, plan, done.at))
            answer = found.answer(since, rows, whole=whole)
            done.write(work)
        self._watch.decided("dispatch", [(system.service, each.outcome) for each in done.decisions])
        return answer

    def _looked(self, room: Room, system: System, plan: str, at: datetime) -> Looked:
        now = room.plans[plan]
        return look(now, still_known(room.facts[now.child], at, self._known_for), system, self._catalogue, at)

    def _acknowledge(self, system: System, plan: str, version: int) -> None:
        """Of what is on its way to it, the version it says it has was delivered."""
        with self._store.begin() as work:
            seated(work, system, plan, self._clock.now())
            rows = work.deliveries.open_for([(plan, system.id)])
        had = [row.id for row in rows if row.version == version and row.state == "sending"]
        if had:
            self._receipts.record({id: Posted("delivered") for id in had}, system.id)


def seated(work: Work, system: System, plan: str, now: datetime) -> Part:
    """What a delivery to a system at the plan's table is laid to; `not_found` for every other, and for no plan."""
    mine = work.links.of([plan], [system.id]).get(plan, ())
    if not mine or mine[0].municipality != system.municipality:
        raise UnusableError("not_found", "there is no such plan at whose table your system sits", place="plan")
    parts, at = work.ledger.of(system.municipality, plan), work.plans.current([plan])[plan]
    cause = cause_of(at, parts, now)
    if cause is None:
        raise UnusableError("nothing_yet", "nobody has said anything about this plan yet", place="plan")
    return cause._replace(system=system.id)


def _next(rows: Sequence[Delivery]) -> Delivery | None:
    """The delivery that waits, else one on its way."""
    return next((row for row in rows if row.version is None), None) or (rows[-1] if rows else None)


def _fresh(system: System, cause: Part, now: datetime, kind: str) -> Delivery:
    return Delivery(
        fresh_id(), system.municipality, system.id, kind, cause.id, "waiting", now, plan=cause.plan, child=cause.child
    )
