"""Door 2, update and forward: get, merge and decide for a batch of plans, then write it all in one transaction.

The pure work comes first and sets bad parts aside; then the batch is written table by table. Only a database error, or
a fault of ours in forwarding, rolls back: the batch is run again in halves, and a plan alone part by part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson

from hub.errors import SetupError, TryAgainError, UnusableError
from hub.mapping import Lens
from hub.model.discretion import spoken_code, spoken_place
from hub.model.life import Life
from hub.model.plan import Plan
from hub.policy import LIMIT
from hub.policy.owed import soon
from hub.ports import AuditEntry, Clock, Part, Store, Ticket, Work
from hub.routing.catalogue import Catalogue, Desk, inbound
from hub.routing.ended import ended, on_record, proposal, set_aside
from hub.routing.forward import Forwarded, News, Table, forward
from hub.routing.letters import letters
from hub.routing.sender import revealing, sender_of
from hub.routing.unclear import unclear
from hub.routing.waits import about, asked_of
from hub.routing.watch import Watch
from hub.routing.written import Written, lay_tables, tickets, write
from hub.routing.written_on import base_of, remember, written_on
from hub.sync import Base, Merge, merge

AT_ONCE = 256
"""Parts merged in one transaction, at most."""

Turn = tuple[list[Ticket], list[str]]
"""Tickets to publish, and plans that are not finished."""


class Updates:
    """Takes pending parts in their number's order. Several may run at once: a plan's row lock keeps them apart."""

    def __init__(
        self, store: Store, clock: Clock, catalogue: Catalogue, watch: Watch, known_for: timedelta = LIMIT
    ) -> None:
        self._store, self._clock, self._catalogue, self._watch = store, clock, catalogue, watch
        self._known_for = known_for

    def run(self, plans: Sequence[str]) -> list[Ticket]:
        """Tickets for what is to be delivered; the caller publishes them after this has returned.

        A plan that another worker holds is done last: what came since that worker read it may wait for nobody else.
        """
        made, left = self._run(plans, wait=False)
        while left:
            more, left = self._run(left, wait=True)
            made += more
        return made

    def _run(self, ids: Sequence[str], wait: bool) -> Turn:
        try:
            return self._turn(ids, AT_ONCE, wait)
        except (TryAgainError, SetupError):
            raise
        except Exception as refused:
            self._watch.fault("update", refused)
            if len(ids) == 1:
                return self._part_by_part(ids[0]), []
            half = len(ids) // 2
            (made, left), (more, later) = self._run(ids[:half], wait), self._run(ids[half:], wait)
            return [*made, *more], [*left, *later]

    def _turn(self, ids: Sequence[str], limit: int, wait: bool) -> Turn:
        """One transaction: tickets, and the plans with work left in them."""
        with self._store.begin() as work:
            plans = work.plans.lock(ids, wait=wait)
            held = [] if wait else [id for id in ids if id not in plans]
            parts = work.ledger.pending(list(plans), limit)
            if not parts:
                return [], held
            written = self._work_out(work, dict(plans), parts)
            systems = work.directory.systems()
            write(work, written)
        decisions = [row for one in written.forwarded for row in one.decisions]
        self._watch.decided("forward", [(systems[row.receiver].service, row.outcome) for row in decisions])
        return tickets(written, systems), [*held, *plans] if len(parts) == limit else held

    def _part_by_part(self, plan: str) -> list[Ticket]:
        """One of this plan's parts cannot be written: that one is set aside, and the others are not."""
        made: list[Ticket] = []
        more = [plan]
        while more:
            try:
                step, more = self._turn([plan], 1, True)
                made += step
            except (TryAgainError, SetupError):
                raise
            except Exception as refused:
                if (told := self._set_first_aside(plan, refused)) is None:
                    break
                made += told
        return made

    def _work_out(self, work: Work, plans: dict[str, Plan], parts: Sequence[Part]) -> Written:
        busy = list(dict.fromkeys(part.plan for part in parts if part.plan))
        tables = lay_tables(work, self._clock, self._known_for, plans, busy)
        if on := written_on(work, parts, {id: table.views for id, table in tables.items()}):
            tables = {id: replace(table, written_on=on) for id, table in tables.items()}
        written = Written()
        for part in parts:
            plan = plans[part.plan or ""]
            with self._watch.step("merge", part.traceparent, part=part.id) as trace:
                traced = part._replace(traceparent=trace) if trace else part
                plans[plan.id] = self._one(traced, plan, tables[plan.id], written)
        written.views = [view for id in busy for view in tables[id].changed_views()]
        written.letters = letters(work, written.parts, self._clock.now())
        return written

    def _one(self, part: Part, plan: Plan, table: Table, written: Written) -> Plan:
        """Merges one part; a part that cannot be used is set aside and harms nothing else."""
        try:
            desk = inbound(self._catalogue, table.systems[part.system], part.kind)
            merged = self._merge(part, plan, table, desk)
        except UnusableError as unusable:
            set_aside(part, spoken_code(unusable.code), spoken_place(unusable.place), written, table.at)
            return plan
        except SetupError:
            set_aside(part, "adapter_broken", None, written, table.at)
            return plan
        except Exception as bug:  # a fault of ours in one part must not stop the others; it is kept by its class only
            self._watch.fault("merge", bug)
            set_aside(part, "internal_error", None, written, table.at)
            return plan
        self._keep(part, merged, table, written)
        written.audit += on_record(part, plan, merged, table.at)
        if at := soon(plan, merged.changed, table.at):
            written.looks[plan.id] = min(at, written.looks.get(plan.id, at))
        return merged.plan

    def _merge(self, part: Part, plan: Plan, table: Table, desk: Desk) -> Merge:
        if why := _not_open(table.facts.life):
            raise UnusableError(*why)
        if desk.lens is None or part.document is None:
            raise UnusableError("unreadable", "the part has no document that a mapping reads")
        document = orjson.loads(part.document)
        portion = revealing(desk.lens.get(document))
        system = table.systems[part.system]
        base = base_of(system, part, table.views, table.written_on.get(part.id))
        if not any(portion.values()) and not _is_emptied(desk.lens, document, base):
            raise UnusableError("nothing_mapped", "no row of the mapping finds anything in it", place="document")
        sender = sender_of(system, part, desk.lens, table.facts, table.at)
        return merge(plan, portion, desk.lens.snapshot, sender, base, desk.lens.carries)

    def _keep(self, part: Part, merged: Merge, table: Table, written: Written) -> None:
        now = table.at
        remember(table.systems[part.system], part, table.views, merged)
        if waiting := [*merged.proposed, *merged.held]:
            sender = table.systems[part.system].service
            written.proposals += [proposal(each, part, merged.plan, now) for each in waiting]
            # a structural change waits because nobody coordinates, or it is disputed who does
            written.holds += [about(asked_of(part, "", sender, ("COO-04",), now), each) for each in merged.held]
            written.tasks += unclear(merged.plan.id, table.facts, now) if merged.held else []
        if merged.changed:
            written.plans.append((merged.plan, part.id))
        done = ended(part, merged)
        written.parts.append(done)
        detail: dict[str, Any] = {"state": done.state, "version": merged.plan.version}
        if merged.changed or merged.refused:
            written.forwarded.append(self._forwarded(merged, part, table))
            detail["decisions"] = [row.hash.hex() for row in written.forwarded[-1].decisions]
            for row in written.forwarded[-1].decisions if part.traceparent else ():
                self._watch.note("decided", target=table.systems[row.receiver].service, outcome=row.outcome)
        written.audit.append(AuditEntry(part.municipality, now, part.system, "plan.updated", part.id, detail))

    def _forwarded(self, merged: Merge, part: Part, table: Table) -> Forwarded:
        """What each system at the table is told of it; the sender's copy of what it may not change is put right."""
        back = [merged.plan.elements[each.id] for each in merged.refused]
        out = forward(merged.plan, News(merged.changed, back), part, table, self._catalogue)
        out.deliveries = [each._replace(plan_version=merged.plan.version) for each in out.deliveries]
        return out

    def _set_first_aside(self, plan: str, why: Exception) -> list[Ticket] | None:
        """Tickets for what its sender is told; `None` where there was no part to set aside."""
        code = "not_storable" if isinstance(why, UnusableError) else "internal_error"
        with self._store.begin() as work:
            parts = work.ledger.pending(list(work.plans.lock([plan], wait=True)), 1)
            written = Written()
            for part in parts:
                set_aside(part, code, None, written, self._clock.now())
            written.letters = letters(work, written.parts, self._clock.now())
            write(work, written)
            systems = work.directory.systems()
        return tickets(written, systems) if parts else None


def _is_emptied(lens: Lens, document: Any, base: Base) -> bool:
    """Whether a system that has spoken before now says that all is gone: its lists are there, and hold nothing."""
    return lens.snapshot != "partial" and bool(base.seen) and lens.emptied(document)


def _not_open(life: Life) -> tuple[str, str] | None:
    """Nothing is merged into a plan that nobody has consented to yet (CON-15), nor into one that is closed."""
    if life.closing is not None:
        return "plan_closed", "the plan is closed"
    return ("plan_not_begun", "nobody has consented to a plan yet") if life.begun is None else None
