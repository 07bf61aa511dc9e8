"""A whole view anew: for a system that may have lost what it was sent, or whose record is no longer as it should be.

What waits gives way to one new delivery, decided and cut as any other; what its record may lack no longer counts as
known to be there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from hub.errors import UnusableError
from hub.model.envelope import DeliveryState
from hub.model.plan import Plan
from hub.model.service import System
from hub.policy import LIMIT
from hub.ports import AuditEntry, Clock, Delivery, Store, Ticket, View, Work
from hub.routing.catalogue import Catalogue
from hub.routing.forward import News, forward
from hub.routing.lost import ANEW
from hub.routing.own_view import seated
from hub.routing.written import Written, lay_tables, tickets, write
from hub.sync import faded


@dataclass(frozen=True, slots=True)
class Laid:
    """What became of it: the delivery that is now laid ready, or why there is none; and the tickets to publish."""

    delivery: str | None
    state: DeliveryState | None
    tickets: Sequence[Ticket] = ()


class Resync:
    """Safe to call from several threads; asking twice lays one delivery, the later."""

    def __init__(self, store: Store, clock: Clock, catalogue: Catalogue, known_for: timedelta = LIMIT) -> None:
        self._store, self._clock, self._catalogue, self._known_for = store, clock, catalogue, known_for

    def lay(self, system: System, plan: str, by: str, only: Collection[str] | None = None) -> Laid:
        """Lays the view ready anew. `only` are the elements its record lacks; all of them where that is not said."""
        with self._store.begin() as work:
            cause = seated(work, system, plan, self._clock.now())
            locked = work.plans.lock([plan], wait=True).get(plan)
            if locked is None:
                raise UnusableError("not_found", "there is no such plan, or its child has been erased", place="plan")
            table = lay_tables(work, self._clock, self._known_for, {plan: locked}, [plan])[plan]
            open_ = work.deliveries.open_for([(plan, system.id)])
            work.deliveries.update([row._replace(state="superseded", code=None) for row in open_])
            view = _unsure(work, locked, system, only)
            own = [link for link in table.links if link.system == system.id]
            table = replace(table, links=own, views={system.id: view}, waiting={}, whole=True)
            one = forward(locked, News([]), cause._replace(system=""), table, self._catalogue)
            one.deliveries = [_asked_for(each, locked) for each in one.deliveries]
            decisions = [row.hash.hex() for row in one.decisions]
            detail = {"system": system.id, "whole": only is None, "decisions": decisions}
            entry = AuditEntry(locked.municipality, table.at, by, "view.laid_anew", plan, detail)
            written = Written(forwarded=[one], views=[table.views[system.id]], audit=[entry])
            write(work, written)
        made: Delivery | None = next(iter(one.deliveries), None)
        if made is None:
            return Laid(None, None)
        return Laid(made.id, made.state, tickets(written, table.systems))


def _asked_for(row: Delivery, plan: Plan) -> Delivery:
    return row._replace(plan_version=plan.version, code=ANEW if row.state == "waiting" else row.code)


def _unsure(work: Work, plan: Plan, system: System, only: Collection[str] | None) -> View:
    """The view as it is where its record may lack what it was sent; what the system itself has said stays its base.

    It was shown that once: its absence says nothing, also where the cut that leaves has it no longer. That something is
    deleted is told again to those who were told of it.
    """
    view = work.views.of([plan.id], [system.id], lock=True).get((plan.id, system.id))
    view = view or View(plan.id, system.id, plan.municipality)
    lacks = {id: faded(value) for id, value in view.sent.items() if only is None or id in only}
    gone = {id: "" for id in lacks if (now := plan.elements.get(id)) and now.deleted}
    return view._replace(sent={**view.sent, **lacks, **gone})
