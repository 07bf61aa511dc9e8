"""Door 1, receive: read a group of messages, find whom they are about, commit. After this line nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hub.errors import SetupError, TryAgainError, UnusableError
from hub.model.change import ChildKey
from hub.model.discretion import spoken_code, spoken_place
from hub.model.envelope import Arrival, PartReceipt, Receipt, fresh_id
from hub.model.service import System
from hub.ports import Clock, Keys, Link, Part, Store, Ticket, Work
from hub.routing.addressed import goes_first
from hub.routing.catalogue import Catalogue
from hub.routing.queues import DIRECTED, INTAKE
from hub.routing.reading import Reading, read
from hub.routing.refuse import turn_away
from hub.routing.watch import Watch
from hub.routing.watched import OTHER

CheckNumber = Callable[[str, str], str | None]
"""Kind and value of a number in, the code of what is wrong with it out."""
Publish = Callable[[Sequence[Ticket]], None]
PROTECTION = ("none", "confidential", "strictly_confidential")
Found = Mapping[tuple[str, str, str], Sequence[Link]]


@dataclass(slots=True)
class Filed:
    """One arrival as it will be committed; directed parts are told apart by their receiver."""

    receipt: Receipt
    parts: list[Part]


class Reception:
    """Accepts groups of messages, one transaction a group. Belongs to one thread: its publisher does."""

    def __init__(
        self,
        store: Store,
        keys: Keys,
        clock: Clock,
        catalogue: Catalogue,
        check_number: CheckNumber,
        publish: Publish,
        watch: Watch,
    ) -> None:
        self._store, self._keys, self._clock = store, keys, clock
        self._catalogue, self._check, self._publish, self._watch = catalogue, check_number, publish, watch

    def accept(self, arrivals: Sequence[Arrival]) -> Sequence[Receipt | UnusableError]:
        """A receipt for each, in order, after the commit; an `UnusableError` for a message id used for another body.

        A message already known gets the receipt it got then. Raises `TryAgainError` when some were not committed: all
        may be offered again. What the database cannot hold costs its neighbours nothing: it alone gets the error.
        """
        try:
            return self._accept(arrivals)
        except UnusableError as unusable:
            if len(arrivals) == 1:
                return [unusable]
        half = len(arrivals) // 2
        return [*self.accept(arrivals[:half]), *self.accept(arrivals[half:])]

    def turn_away(self, arrival: Arrival, fault: UnusableError) -> Receipt:
        """Its line in the ledger and its receipt, for a message that is refused by what stands beside its document."""
        with self._store.begin() as work:
            return turn_away(work, self._keys, self._clock, arrival, fault)

    def _accept(self, arrivals: Sequence[Arrival]) -> Sequence[Receipt | UnusableError]:
        systems = self._systems({each.system for each in arrivals})
        with self._watch.door(arrivals) as traced:
            readings = [read(each, systems[each.system], self._catalogue, self._watch) for each in traced]
            with self._store.begin() as work:
                answers, filed = self._file(work, readings)
        self._watch.accepted(
            (systems[each.arrival.system].service, each.desk.kind.name if each.desk else OTHER) for each in readings
        )
        self._announce(filed)
        return answers

    def _systems(self, wanted: set[str]) -> Mapping[str, System]:
        with self._store.begin() as work:
            systems = work.directory.systems()
        if missing := wanted - systems.keys():
            raise SetupError(f"{len(missing)} sending systems are not registered: `langbenk config apply FILE`")
        return systems

    def _file(self, work: Work, readings: Sequence[Reading]) -> tuple[list[Receipt | UnusableError], list[Filed]]:
        known = dict(work.inbox.known((each.arrival.system, each.arrival.message_id) for each in readings))
        links = work.links.find(
            (each.arrival.system, key.kind, key.value) for each in readings for keys, _ in each.parts for key in keys
        )
        answers: list[Receipt | UnusableError] = []
        filed: list[tuple[Filed, Arrival, bytes]] = []
        duplicates: list[Part] = []
        for reading in readings:
            arrival = reading.arrival
            whom = (arrival.child_key or "", arrival.receiver or "")
            print_ = self._keys.fingerprint("message", arrival.kind, *whom, arrival.body)
            if before := known.get((arrival.system, arrival.message_id)):
                answers.append(_again(before, print_))
                duplicates.append(self._part(arrival, before[1].id, state="duplicate"))
                continue
            one = self._compose(work, reading, links)
            known[arrival.system, arrival.message_id] = (print_, one.receipt)
            filed.append((one, arrival, print_))
            answers.append(one.receipt)
        parts = _numbered(work, [part for one, _, _ in filed for part in one.parts])
        work.inbox.add([(arrival, one.receipt, print_) for one, arrival, print_ in filed])
        work.ledger.add([*parts, *duplicates])
        return answers, [one for one, _, _ in filed]

    def _compose(self, work: Work, reading: Reading, links: Found) -> Filed:
        id, arrival = fresh_id(), reading.arrival
        if reading.refused or reading.desk is None:
            error = reading.refused or UnusableError("unreadable", "the document cannot be read")
            code, place = spoken_code(error.code), spoken_place(error.place)
            parts, skipped = [self._part(arrival, id, state="refused", code=code, place=place)], 0
        elif reading.desk.kind.directed:
            parts, skipped = [self._directed(reading, id, work, links)], 0
        else:
            parts, skipped = self._about_children(reading, id, links)
        receipts = tuple(PartReceipt(part.id, part.state, part.code, part.place) for part in parts)
        return Filed(
            Receipt(id, arrival.message_id, arrival.kind, self._clock.now(), receipts, skipped),
            parts,
        )

    def _about_children(self, reading: Reading, id: str, links: Found) -> tuple[list[Part], int]:
        """A part for each child known to the sender. Pupils of a roster without a link are counted and not kept."""
        parts, skipped, why = [], 0, "no_link"
        for keys, document in reading.parts:
            linked, code = self._linked(reading.arrival.system, keys, links)
            parts += [self._part(reading.arrival, id, link=link, document=document) for link in linked]
            if not linked:
                skipped, why = skipped + 1, code
        if parts:
            return parts, skipped
        return [self._part(reading.arrival, id, state="refused", code=why, place="child")], max(0, skipped - 1)

    def _linked(self, system: str, keys: Sequence[ChildKey], links: Found) -> tuple[Sequence[Link], str]:
        for key in keys:
            if wrong := self._check(key.kind, key.value):
                return (), wrong
            if found := links.get((system, key.kind, key.value)):
                return found, ""
        return (), "no_link"

    def _directed(self, reading: Reading, id: str, work: Work, links: Found) -> Part:
        """Needs no link. Where the hub knows the child its facts are asked; a wrong number is refused."""
        arrival = reading.arrival
        receiver = (reading.desk.kind.receiver if reading.desk else None) or arrival.receiver
        if receiver is None:
            return self._part(arrival, id, state="refused", code="no_receiver", place="receiver")
        keys, document = reading.parts[0]
        wrong = next((code for key in keys if (code := self._check(key.kind, key.value))), None)
        if wrong:
            return self._part(arrival, id, state="refused", code=wrong, place="child")
        part = self._part(arrival, id, document=document)._replace(receiver=receiver)
        return part._replace(child=self._known_child(arrival, keys, work, links), urgent=goes_first(part))

    def _known_child(self, arrival: Arrival, keys: Sequence[ChildKey], work: Work, links: Found) -> str | None:
        """The child of the message. Of several, the one under the strictest protection decides for all."""
        children: set[str] = set()
        for key in keys:
            children |= {link.child for link in links.get((arrival.system, key.kind, key.value), ())}
            if key.kind != "own" and (child := work.persons.by_number(arrival.municipality, key.value)):
                children.add(child)
        facts = work.persons.facts(sorted(children))
        return max(facts, key=lambda id: PROTECTION.index(facts[id].child.protection), default=None)

    def _part(
        self,
        arrival: Arrival,
        message: str,
        *,
        link: Link | None = None,
        document: bytes | None = None,
        **told: str | None,
    ) -> Part:
        part = Part(
            fresh_id(),
            message,
            arrival.municipality,
            arrival.system,
            arrival.kind,
            "pending",
            self._clock.now(),
            document=document,
            correlation_id=arrival.correlation_id,
            claims=arrival.claims,
            traceparent=arrival.traceparent,
            view_version=arrival.view_version,
        )
        if link:
            part = part._replace(plan=link.plan, child=link.child, about=link.about)
        return part._replace(**told)  # type: ignore[arg-type]  # state, code and place are given by name above

    def _announce(self, filed: Sequence[Filed]) -> None:
        """Wakes the workers. If the broker is away the sweep does it: the rows are committed."""
        parts = [part for one in filed for part in one.parts if part.state == "pending"]
        tickets = {part.plan: Ticket(INTAKE, part.plan, part.traceparent) for part in parts if part.plan}
        directed = [Ticket(DIRECTED, part.id, part.traceparent) for part in parts if part.receiver]
        if tickets or directed:
            try:
                self._publish([*tickets.values(), *directed])
            except TryAgainError:
                return


def _again(before: tuple[bytes, Receipt], print_: bytes) -> Receipt | UnusableError:
    if before[0] == print_:
        return replace(before[1], duplicate=True)
    return UnusableError(
        "idempotency_conflict",
        "this message id was used before for another body",
        way_out="give each new message an id of its own",
    )


def _numbered(work: Work, parts: Sequence[Part]) -> Iterator[Part]:
    """Gives each plan's parts its next numbers, gapless and in order of arrival."""
    counts: dict[str, int] = {}
    for part in parts:
        if part.plan:
            counts[part.plan] = counts.get(part.plan, 0) + 1
    next_number = dict(work.ledger.number(counts)) if counts else {}
    for part in parts:
        if part.plan:
            yield part._replace(number=next_number[part.plan])
            next_number[part.plan] += 1
        else:
            yield part
