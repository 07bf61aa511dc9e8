"""What does each system really hold? Those that can be asked are, and what has drifted is laid ready anew.

No transaction is open while a system is asked. A system's own later edit is no drift: it is taken in as its message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Literal, NamedTuple, Protocol

from hub.errors import LangbenkError, TryAgainError, UnusableError
from hub.model.discretion import spoken_code
from hub.model.envelope import Arrival, Receipt
from hub.model.plan import Plan
from hub.model.service import System
from hub.policy import LIMIT, still_known
from hub.ports import AuditEntry, Clock, Link, Store, Work
from hub.routing.catalogue import Catalogue
from hub.routing.look import Looked, look
from hub.routing.prepared import own_link
from hub.routing.resync import Laid
from hub.routing.watch import Watch
from hub.sdk import Document, Fetches
from hub.sync import portion_for
from hub.sync.drift import Compared, Drift, compare

State = Literal["as_it_should_be", "drift", "repaired", "updated", "on_its_way", "away", "failed"]
PAGE = 500


class Door(Protocol):
    """Where a system's own later edits are taken in."""

    def accept(self, arrivals: Sequence[Arrival]) -> Sequence[Receipt | UnusableError]: ...


class Anew(Protocol):
    """Lays a system's view ready anew: of the elements `only`."""

    def __call__(self, system: System, plan: str, by: str, only: Sequence[str]) -> Laid: ...


class Hands(NamedTuple):
    """What reconciling sets in motion."""

    door: Door
    anew: Anew
    watch: Watch


@dataclass(frozen=True, slots=True)
class Checked:
    """How one system's record of one plan stands. `code` says why it could not be asked or read; `delivery` repairs."""

    system: str
    plan: str
    state: State
    drift: Sequence[Drift] = ()
    updated: bool = False
    code: str | None = None
    delivery: str | None = None


class Reconcile:
    """One record at a time, so that long work can be watched and broken off."""

    def __init__(
        self, store: Store, clock: Clock, catalogue: Catalogue, hands: Hands, known_for: timedelta = LIMIT
    ) -> None:
        self._store, self._clock, self._catalogue, self._known_for = store, clock, catalogue, known_for
        self._door, self._anew, self._watch = hands

    def targets(
        self, municipality: str, system: str | None = None, plan: str | None = None
    ) -> list[tuple[System, str]]:
        """Each record that can be asked for, by system and plan. `not_found`, `no_api` for a system that is named."""
        with self._store.begin() as work:
            systems = work.directory.systems()
            here = [
                each for each in systems.values() if each.municipality == municipality and system in (None, each.id)
            ]
            if system is not None and not here:
                raise UnusableError("not_found", "no system of that id is registered here", place="system")
            asked = [each for each in here if self._can_be_asked(each)]
            if system is not None and not asked:
                raise UnusableError("no_api", "that system has no API to be asked by", place="system")
            return [
                (each, id)
                for each in sorted(asked, key=lambda one: one.id)
                for id in _seats(work, each.id)
                if plan in (None, id)
            ]

    def check(self, system: System, plan: str, by: str, *, repair: bool) -> Checked:
        """Asks one system what it holds of one plan. One that does not answer is listed, and stops nobody else."""
        try:
            return self._check(system, plan, by, repair=repair)
        except TryAgainError:
            return Checked(system.id, plan, "away", code="receiver_away")
        except UnusableError as unusable:
            return Checked(system.id, plan, "failed", code=spoken_code(unusable.code))
        except LangbenkError:
            return Checked(system.id, plan, "failed", code="adapter_broken")
        except Exception as bug:  # a fault of this system's adapter stops no other; it is kept by its class only
            self._watch.fault("reconcile", bug)
            return Checked(system.id, plan, "failed", code="internal_error")

    def _check(self, system: System, plan: str, by: str, *, repair: bool) -> Checked:
        with self._store.begin() as work:
            link = own_link(work.links.of([plan], [system.id]).get(plan, ()), system.id, None)
        adapter = self._catalogue.adapter(system.adapter)
        assert isinstance(adapter, Fetches)
        raw = adapter.fetch(link.key.value, system.document, system.settings)
        with self._store.begin() as work:
            if work.deliveries.open_for([(plan, system.id)]):
                return Checked(system.id, plan, "on_its_way")
            looked = self._looked(work, system, plan)
        part = _own_part(looked, raw, link)
        found = self._compared(looked, part)
        updated = found.edited and self._took_in(looked, part, found, link)
        delivery = None
        if found.drift and repair:
            delivery = self._anew(system, plan, by, [each.element for each in found.drift]).delivery
        state: State = (
            "repaired" if delivery else "drift" if found.drift else "updated" if updated else "as_it_should_be"
        )
        checked = Checked(system.id, plan, state, found.drift, updated, None, delivery)
        self._note(looked, checked, by)
        return checked

    def _looked(self, work: Work, system: System, plan: str) -> Looked:
        now: Plan = work.plans.current([plan])[plan]
        at = self._clock.now()
        facts = still_known(work.persons.facts([now.child])[now.child], at, self._known_for)
        return look(now, facts, system, self._catalogue, at)

    def _compared(self, looked: Looked, part: Document) -> Compared:
        lens, system = looked.desk.lens, looked.system
        if lens is None:
            raise UnusableError("unknown_kind", "the system's kind has no mapping")
        portion, _ = portion_for(looked.cut, system.id, lens.carries)
        held = {} if part is None else lens.get(part)
        return compare(looked.plan, looked.cut, lens.cut(portion, part), held, (system.id, system.service))

    def _took_in(self, looked: Looked, part: Document, found: Compared, link: Link) -> bool:
        """The record as its own service has it, and all that others own as it should be: only its own is news."""
        lens, system, kind = looked.desk.lens, looked.system, looked.desk.kind
        if lens is None or part is None or kind.name not in {each.name for each in looked.desk.adapter.manifest.reads}:
            return False
        portion, _ = portion_for(looked.cut, system.id, lens.carries)
        body = looked.desk.write(lens.put(part, portion, found.others))
        id = f"reconcile-{looked.plan.version}-{sha256(body).hexdigest()[:32]}"
        key = None if kind.names_child else link.key.value
        (answer,) = self._door.accept([Arrival(system.id, system.municipality, id, kind.name, body, child_key=key)])
        return isinstance(answer, Receipt) and all(each.state != "refused" for each in answer.parts)

    def _note(self, looked: Looked, checked: Checked, by: str) -> None:
        detail: dict[str, Any] = {"system": checked.system, "state": checked.state, "drift": len(checked.drift)}
        plan = looked.plan
        entry = AuditEntry(plan.municipality, self._clock.now(), by, "view.reconciled", plan.id, detail)
        with self._store.begin() as work:
            work.audit.add([entry])

    def _can_be_asked(self, system: System) -> bool:
        if system.delivery != "push" or not system.document:
            return False
        try:
            return isinstance(self._catalogue.adapter(system.adapter), Fetches)
        except LangbenkError:
            return False


def _seats(work: Work, system: str) -> Iterator[str]:
    """Every plan at whose table it sits."""
    after = ""
    while found := work.links.seats(system, after, PAGE):
        yield from found
        after = found[-1]


def _own_part(looked: Looked, raw: bytes | None, link: Link) -> Document | None:
    """This child's part of what the system holds; `None` where it holds nothing."""
    parts = [] if raw is None else looked.desk.read(raw)
    lens = looked.desk.lens
    named = (part for part in parts if lens is not None and link.key in lens.child(part))
    return next(named, parts[0] if len(parts) == 1 else None)
