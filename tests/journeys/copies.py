"""A sector system that keeps its own copy of the plan in its own format, as a vendor's would: it edits, sends, applies.

A view is the whole of what the system may see: what is not in it is gone, but for what its people have written since it
was made. A list that has run empty is sent empty. Nothing here knows the plan: everything goes through the format's
mapping, in the system's own keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import orjson

from hub.mapping import Lens
from hub.model.change import ChildKey, Grant, Item, Portion
from hub.model.envelope import Parcel, Receipt
from hub.model.plan import Kind
from hub.model.service import System
from hub.routing.catalogue import Desk, outbound
from hub.sdk import Posted
from tests.journeys.systems import HOME
from tests.journeys.world import World

Place = tuple[Kind, str]


@dataclass
class Letter:
    """A document on its way to the hub: its own id, so that the network may bring it twice."""

    body: bytes
    wrote: dict[Place, Item | None]
    version: int
    """Of the view that it was written on."""
    id: str = field(default_factory=lambda: uuid4().hex)


@dataclass
class Copy:
    """One system's copy of one child's plan, and what is on its way in either direction."""

    world: World
    system: System
    key: str
    plan: str
    document: Any = None
    version: int = 0
    tells: bool = False
    """Whether it says which version of its view a document was written on."""
    away: bool = False
    disordered: bool = False
    """Whether the hub has heard an older word of this system's after a newer one, or after it took a newer view."""
    outbox: list[Letter] = field(default_factory=list)
    sent: list[Letter] = field(default_factory=list)
    out_of_order: bool = False
    """Whether that was ever so."""
    unsure: bool = False
    """Whether it could not use a view that it was brought."""
    answered: list[str] = field(default_factory=list)
    """Its proposals, by id, that it was told the end of."""
    shown: dict[Place, Any] = field(default_factory=dict)
    """What the view that it has taken calls what it holds."""
    said_on: dict[Place, int] = field(default_factory=dict)
    """On which version of its view it last wrote where."""
    arriving: list[tuple[Parcel, int]] = field(default_factory=list)
    """Views on their way, each with how many letters the hub had when it was made."""

    def __post_init__(self) -> None:
        self.document = self.lens.enrol(self.lens.put(None, {}, {}), ChildKey("own", self.key))

    @property
    def desk(self) -> Desk:
        return outbound(self.world.hub.registry, self.system)

    @property
    def lens(self) -> Lens:
        found = self.desk.lens
        assert found is not None
        return found

    def holds(self) -> dict[Place, Item]:
        return dict(flat(self.lens.get(self.document)))

    # ── what its people do ──────────────────────────────────────────────────────────────────────────────────────────

    def can_delete(self, kind: Kind) -> bool:
        """Whether its format has a word for what is gone: what a partial one leaves out says nothing."""
        buried = (each.form.deleted is not None for each in self.lens.sections if each.form.kind == kind)
        return self.lens.snapshot != "partial" or all(buried)

    def write(self, place: Place, item: Item | None) -> None:
        """An edit, or with `None` a deletion; the whole document is laid ready to be sent."""
        gone = self.holds()[place]._replace(content={}, deleted=True) if item is None else item
        # what a view did not hold yet looks, once it is as the view has it, as if the view had taken it away
        overtaken = self.said_on.get(place, self.version) < self.version
        self.out_of_order |= overtaken and (item and item.content.get("title")) == self.shown.get(place)
        self.said_on[place] = self.version
        self._put({place: gone if self.lens.snapshot == "partial" else item})
        self.save({place: item})

    def save(self, wrote: dict[Place, Item | None] | None = None) -> Letter:
        letter = Letter(self.desk.write(self.document), wrote or {}, self.version)
        self.outbox.append(letter)
        return letter

    def send(self, at: int = 0) -> Receipt | None:
        """One letter reaches the hub, not always the first."""
        if not self.outbox:
            return None
        at %= len(self.outbox)
        self.disordered |= at > 0  # those before it come after it
        self.out_of_order |= at > 0
        letter = self.outbox.pop(at)
        self.world.clock.go_on(seconds=1)  # whether it came before a view was acknowledged, or after
        self.sent.append(letter)
        return self._post(letter)

    def send_again(self, at: int) -> None:
        if self.sent:
            self._post(self.sent[at % len(self.sent)])

    def _post(self, letter: Letter) -> Receipt:
        answer = self.world.send(
            self.system, letter.body, id=letter.id, view_version=letter.version if self.tells else None
        )
        assert isinstance(answer, Receipt), answer
        return answer

    # ── what the hub brings ─────────────────────────────────────────────────────────────────────────────────────────

    def fetch(self) -> None:
        mine = [parcel for parcel in self.world.fetch(self.system) if self.key.encode() in parcel.body]
        heard = len(self.sent) - self._pending()
        self.arriving += [(parcel, heard) for parcel in mine]  # another story's views come, too
        mailbox = self.world.hub.mailbox
        answers = mailbox.answers(self.system, 50)
        self.answered += [str(orjson.loads(each.body)["proposal"]) for each in answers]
        mailbox.acknowledge(self.system, {each.id: Posted("delivered") for each in answers})

    def _pending(self) -> int:
        """How many of its letters the hub has not merged, as their receipts say: what they tell no view holds yet."""
        with self.world.hub.store.begin() as work:
            parts = work.ledger.of(HOME, self.plan)
        return sum((part.system, part.state) == (self.system.id, "pending") for part in parts)

    def apply(self, at: int = 0, *, acknowledged: bool = True) -> bool:
        """One view out of those that have come, not always the first; an older one than is known says nothing."""
        if not self.arriving:
            return False
        parcel, heard = self.arriving.pop(at % len(self.arriving))
        self.world.clock.go_on(seconds=1)
        if parcel.version > self.version:
            late = bool(self.outbox) and not self.tells  # what waits there was written on the view before
            self.disordered, self.out_of_order = self.disordered or late, self.out_of_order or late
            self._take_over(parcel, [*self.sent[heard:], *self.outbox])
        if acknowledged:
            self.world.hub.mailbox.acknowledge(self.system, {parcel.id: Posted("delivered")})
        return True

    def reject(self, at: int = 0) -> None:
        """It cannot use one view out of those that have come, and says so."""
        if self.arriving:
            parcel, _ = self.arriving.pop(at % len(self.arriving))
            self.unsure = True
            self.world.hub.mailbox.acknowledge(self.system, {parcel.id: Posted("rejected", "invalid")})

    def _take_over(self, parcel: Parcel, since: list[Letter]) -> None:
        (part,) = self.lens.parts(self.desk.adapter.read(parcel.body, parcel.kind))
        view = dict(flat(self.lens.get(part)))
        self.shown = {place: item.content.get("title") for place, item in view.items()}
        kept = {place for letter in since for place in letter.wrote}
        news: dict[Place, Item | None] = {**dict.fromkeys(self.holds()), **view}
        self._put({at: item for at, item in news.items() if at not in kept})
        self.version = parcel.version

    def _put(self, said: dict[Place, Item | None]) -> None:
        portion: dict[Kind, dict[str, Item]] = {}
        grant: dict[Kind, frozenset[str]] = {}
        for (kind, key), item in said.items():
            grant[kind] = grant.get(kind, frozenset()) | {key}
            if item is not None:
                portion.setdefault(kind, {})[key] = item
        granted: Grant = grant
        before, self.document = self.document, self.lens.put(self.document, portion, granted)
        if isinstance(before, dict):
            self.document |= {
                name: [] for name in before.keys() - self.document.keys() if isinstance(before[name], list)
            }


def flat(portion: Portion) -> Iterator[tuple[Place, Item]]:
    """Living items by place."""
    return (((kind, key), item) for kind, items in portion.items() for key, item in items.items() if not item.deleted)
