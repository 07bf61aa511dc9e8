"""Directed messages: a report or an info message goes to one named receiver, is decided whole, and enters no plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hub.errors import SetupError, TryAgainError, UnusableError
from hub.model.discretion import spoken_code
from hub.model.envelope import fresh_id
from hub.model.responsibility import Facts
from hub.model.service import System
from hub.policy import LIMIT, still_known
from hub.ports import AsideRow, AuditEntry, Clock, Delivery, Part, Store, Ticket, Work
from hub.routing.addressed import Directed, decide_directed, held_whole
from hub.routing.came_of import blame, came_of
from hub.routing.catalogue import Catalogue
from hub.routing.danger import to_document
from hub.routing.letters import letters
from hub.routing.watch import Watch
from hub.routing.written import deliver_ticket

MOST = 128
"""Urgent parts taken before a batch; what is left of them is taken before the next."""


class DirectedUpdates:
    """Door 2 for directed parts."""

    def __init__(
        self, store: Store, clock: Clock, catalogue: Catalogue, watch: Watch, known_for: timedelta = LIMIT
    ) -> None:
        self._store, self._clock, self._catalogue, self._watch = store, clock, catalogue, watch
        self._known_for = known_for

    def run(self, ids: Sequence[str]) -> list[Ticket]:
        """Tickets for what is to be delivered; the caller publishes them after this has returned.

        A report and a danger go first, also those whose ids still wait in the broker. What the database cannot hold is
        set aside alone: its batch is run again in halves.
        """
        with self._store.begin() as work:
            first = work.ledger.urgent(MOST)
        return [*self._tried(first), *self._tried([id for id in ids if id not in first])]

    def _tried(self, ids: Sequence[str]) -> list[Ticket]:
        if not ids:
            return []
        try:
            return self._run(ids)
        except (TryAgainError, SetupError):
            raise
        except Exception as refused:
            self._watch.fault("directed", refused)
        if len(ids) == 1:
            self._set_aside(ids[0])
            return []
        half = len(ids) // 2
        return [*self._tried(ids[:half]), *self._tried(ids[half:])]

    def _set_aside(self, id: str) -> None:
        with self._store.begin() as work:
            for part in work.ledger.directed([id]):
                _put_aside(work, part, "not_storable", self._clock.now())

    def _run(self, ids: Sequence[str]) -> list[Ticket]:
        with self._store.begin() as work:
            parts, systems, now = work.ledger.directed(ids), work.directory.systems(), self._clock.now()
            known = work.persons.facts([part.child for part in parts if part.child])
            facts = {child: still_known(each, now, self._known_for) for child, each in known.items()}
            made = [self._one(work, part, facts.get(part.child or ""), systems, now) for part in parts]
            laid = [each for each in made if each]
            told = came_of(work, [row for row, _ in laid], now)
        self._watch.decided("forward", [(systems[row.system].service, outcome) for row, outcome in laid])
        waiting = [row for row in (*(row for row, _ in laid), *told) if row.state == "waiting"]
        return [deliver_ticket(row) for row in waiting if systems[row.system].delivery != "mailbox"]

    def _one(
        self, work: Work, part: Part, facts: Facts | None, systems: Mapping[str, System], now: datetime
    ) -> tuple[Delivery, str] | None:
        """The delivery that was made, and the decision's outcome."""
        with self._watch.step("directed", part.traceparent, part=part.id) as trace:
            part = part._replace(traceparent=trace) if trace else part
            try:
                found = decide_directed(part, facts, systems, now)
            except TryAgainError:
                raise
            except Exception as error:  # one message's fault must not stop the others; it is kept by its class only
                code = spoken_code(error.code) if isinstance(error, UnusableError) else "internal_error"
                self._watch.fault("directed", error)
                _put_aside(work, part, code, now)
                return None
            work.tasks.add([*to_document(part, systems[part.system], found.decision, now)])
            return _laid(work, part, found, now), found.decision.outcome


def _put_aside(work: Work, part: Part, code: str, now: datetime) -> None:
    ended = part._replace(state="set_aside", code=code)
    work.ledger.end([ended])
    work.deliveries.add(letters(work, [ended], now))
    work.set_aside.add([AsideRow(fresh_id(), part.municipality, "part", part.id, code, None, now)])


def _laid(work: Work, part: Part, found: Directed, now: datetime) -> Delivery:
    row = Delivery(
        fresh_id(),
        part.municipality,
        found.system.id,
        part.kind,
        part.id,
        found.state,
        now,
        child=part.child,
        next_at=now if found.state == "waiting" else None,
        code=blame(found.decision),
        correlation_id=part.correlation_id,
        traceparent=part.traceparent,
        urgent=part.urgent,
    )
    work.deliveries.add([row])
    work.decisions.add([found.row(row, "forward", now)])
    if found.state == "held":
        work.holds.add([held_whole(part, found, now)])
    work.ledger.end([part._replace(state="passed")])
    detail = {"delivery": row.id, "decision": found.decision.hash().hex()}
    work.audit.add([AuditEntry(part.municipality, now, part.system, "message.passed", part.id, detail)])
    return row
