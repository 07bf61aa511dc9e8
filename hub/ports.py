"""What the hub needs from outside. A port is a noun with a few methods; `storage`, `broker` and `security` keep them.

A `Work` is one transaction: everything read and written through it is seen together or not at all. Every call takes and
gives batches, because one statement for thirty-two messages costs little more than for one. Every row belongs to a
municipality.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from hub.model.change import ChildKey
from hub.model.consent import Consent
from hub.model.envelope import Arrival, DeliveryState, PartState, Receipt
from hub.model.plan import Plan
from hub.model.responsibility import Facts
from hub.model.service import System

# ── the world outside the database ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Ticket:
    """A broker message inside the hub: ids only (claim check). `tag` is the broker's own handle for settling it."""

    queue: str
    id: str
    traceparent: str | None = None
    tag: Any = None


class Broker(Protocol):
    """Distributes work. At least once, in no promised order: order and durability come from the database.

    One instance belongs to one thread. A broken connection raises `TryAgainError`; calling again reconnects.
    """

    def publish(self, tickets: Sequence[Ticket]) -> None:
        """Returns only after the broker has confirmed all of them; pipelined, never one confirm at a time."""

    def take(self, queue: str, limit: int, wait: float) -> Sequence[Ticket]:
        """Up to `limit` messages, as soon as there is one, or none after `wait` seconds. Unsettled ones come again."""

    def settle(self, tickets: Sequence[Ticket], *, again: bool = False) -> None:
        """Acknowledges them; with `again` gives them back for another try."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """An AMQP message to or from a system, in KS Fiks IO's conventions (formats.md § 1).

    `account` is the receiving *konto* on the way out and the sender's on the way in; `user` is the validated AMQP user
    (in only). `headers` are the named Fiks headers; `ttl` is milliseconds. `tag` is the broker's handle for settling.
    """

    account: str
    type: str
    id: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    ttl: int | None = None
    user: str | None = None
    tag: Any = None


class Door(Protocol):
    """AMQP towards systems. Exists only on RabbitMQ; one instance belongs to one thread."""

    def admit(self, accounts: Iterable[str]) -> None:
        """Makes the queues of these accounts; those that exist are left as they are. Needed before a first letter."""

    def send(self, letters: Sequence[Letter]) -> Sequence[str]:
        """Returns after the broker has confirmed; gives the ids of letters no queue would take."""

    def take(self, limit: int, wait: float) -> Sequence[Letter]:
        """Letters on the hub's own account. One without a validated user comes with `user` None: refuse it."""

    def settle(self, letters: Sequence[Letter], *, again: bool = False) -> None:
        """Acknowledges them; with `again` gives them back for another try, which otherwise only a loss does."""

    def close(self) -> None: ...


class Clock(Protocol):
    def now(self) -> datetime:
        """The instant, with UTC as its zone."""


class Keys(Protocol):
    """Encryption at rest: a key per message, wrapped by a key per child, wrapped by the master key."""

    def new_child_key(self) -> bytes:
        """A fresh child key, wrapped by the current master key: what a person's row keeps."""

    def rewrap(self, child_key: bytes) -> bytes:
        """The same child key, wrapped by the current master key: how a master key rotates."""

    def seal(self, child_key: bytes, plain: bytes) -> bytes:
        """Compresses and encrypts under a new message key. `child_key` is the wrapped one."""

    def open(self, child_key: bytes, sealed: bytes) -> bytes:
        """Raises `UnusableError` where the key is not the one it was sealed with."""

    def fingerprint(self, *parts: str | bytes) -> bytes:
        """A keyed hash (32 bytes): finds a number or a body again without keeping it. Parts cannot run together."""


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Link:
    """How a system knows a child. `key` is that system's own key (opened), `about` the person the key identifies:
    the child's id, or the id of an adult of the household (DigiSos)."""

    municipality: str
    system: str
    plan: str
    child: str
    key: ChildKey
    about: str


@dataclass(frozen=True, slots=True)
class Part:
    """One child's part of a message: a row of the first ledger. `number` is gapless within its plan; directed parts
    have a `receiver` and neither plan nor number. `document` is JSON bytes (opened), `None` once cleaned away."""

    id: str
    message: str
    municipality: str
    system: str
    kind: str
    state: PartState
    received_at: datetime
    plan: str | None = None
    child: str | None = None
    about: str | None = None
    number: int | None = None
    receiver: str | None = None
    document: bytes | None = None
    code: str | None = None
    place: str | None = None
    correlation_id: str | None = None
    claims: Mapping[str, object] = field(default_factory=dict)
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What one system has been told of one plan. `version` counts what left for it.

    `digest` is of the newest cut made for it (empty: none yet). `sent` and `seen` map element ids to the digest of what
    was last dispatched to it, and of what it last acknowledged or said itself: the base of the three-way merge.
    """

    plan: str
    system: str
    municipality: str
    version: int = 0
    digest: bytes = b""
    seen: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the second ledger. `part` caused it; `plan_version` is what it was cut from; `version` is the
    receiver's own and is given, like `sent_at`, only at dispatch. A directed one has no plan and carries its part."""

    id: str
    municipality: str
    system: str
    kind: str
    part: str
    state: DeliveryState
    created_at: datetime
    plan: str | None = None
    child: str | None = None
    plan_version: int | None = None
    version: int | None = None
    digest: bytes = b""
    attempts: int = 0
    next_at: datetime | None = None
    sent_at: datetime | None = None
    receipt_at: datetime | None = None
    code: str | None = None
    correlation_id: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as kept: ids and codes, no content. `hash` is SHA-256 of the canonical record."""

    id: str
    municipality: str
    child: str | None
    plan: str | None
    part: str | None
    delivery: str | None
    receiver: str
    stage: Literal["merge", "forward", "dispatch"]
    outcome: str
    decided_at: datetime
    record: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit chain: what was done, by whom (system id, person or `hub`), to which thing; no content."""

    municipality: str
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hold:
    """What waits for a human: an element towards a receiver, a change nobody may make alone, a directed part."""

    id: str
    municipality: str
    plan: str | None
    child: str | None
    part: str
    receiver: str
    element: str | None
    digest: str | None
    rules: tuple[str, ...]
    categories: tuple[str, ...]
    created_at: datetime
    state: Literal["open", "released", "refused", "lapsed"] = "open"
    decided_by: str | None = None
    reason: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit its sender may not make alone; waits for the coordinator. `element` holds the proposed value (opened)."""

    id: str
    municipality: str
    plan: str
    child: str
    part: str
    system: str
    element: Mapping[str, object]
    base_version: int
    created_at: datetime
    state: Literal["open", "accepted", "declined"] = "open"
    decided_by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AsideRow:
    """Something set aside: a part or a delivery that cannot be used, with its reason by code. Never content."""

    id: str
    municipality: str
    subject: Literal["part", "delivery", "ticket"]
    subject_id: str
    code: str
    place: str | None
    created_at: datetime
    state: Literal["open", "replayed", "discarded"] = "open"
    reason: str | None = None


# ── ports of the database ───────────────────────────────────────────────────────────────────────────────────────────


class Inbox(Protocol):
    """Messages by (system, message id): at least once in, effect once."""

    def known(self, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], tuple[bytes, Receipt]]:
        """For those seen before: the content fingerprint and the receipt given then."""

    def add(self, messages: Sequence[tuple[Arrival, Receipt, bytes]]) -> None:
        """Arrival, its receipt and the fingerprint of its raw bytes; the bytes themselves are not kept."""

    def receipt(self, municipality: str, system: str, id: str) -> Receipt | None:
        """With the present state of each part. Only for the system that sent it."""


class Ledger(Protocol):
    """The first ledger: every part of every message, and how it ended."""

    def number(self, parts_per_plan: Mapping[str, int]) -> Mapping[str, int]:
        """Takes numbers: gives the first of each plan's run, gapless; locks the plans' counters until the commit."""

    def add(self, parts: Sequence[Part]) -> None: ...

    def pending(self, plans: Sequence[str], limit: int) -> Sequence[Part]:
        """Of the plans already locked by `Plans.lock`: pending parts in number order, documents opened."""

    def directed(self, ids: Sequence[str]) -> Sequence[Part]:
        """Pending directed parts, locked; those another worker holds are left out."""

    def find(self, ids: Sequence[str]) -> Sequence[Part]: ...

    def end(self, parts: Sequence[Part]) -> None:
        """Writes the new state, code and place of each."""

    def of(self, municipality: str, subject: str) -> Sequence[Part]:
        """Parts of a message (its receipt id) or a plan, or the part of that id; oldest first, without documents."""

    def unfinished(self, older_than: datetime, limit: int) -> Sequence[Part]:
        """Pending parts for the sweep, without documents: selected by state, never by id."""

    def clean(self, ended_before: datetime, limit: int) -> int:
        """Deletes documents of parts that ended before this instant; says how many."""


class Plans(Protocol):
    def lock(self, ids: Sequence[str], *, wait: bool = False) -> Mapping[str, Plan]:
        """The newest version of each, locked until the commit in id order; those another worker holds are left out,
        or waited for."""

    def version(self, keys: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Plan]:
        """Given versions, without locking."""

    def add(self, plans: Sequence[tuple[Plan, str | None]]) -> None:
        """New versions with the part that caused each; raises `TryAgainError` if one was not the next."""

    def of_child(self, municipality: str, child: str) -> str | None: ...

    def current(self, ids: Sequence[str]) -> Mapping[str, Plan]:
        """The newest version of each for reading, without locking."""

    def newest(self, municipality: str, id: str) -> Plan | None:
        """The newest version for reading, without locking; `None` where this municipality has no such plan."""


class Views(Protocol):
    def of(
        self, plans: Sequence[str], systems: Iterable[str] | None = None, *, lock: bool = False
    ) -> Mapping[tuple[str, str], View]:
        """The views of these plans, by (plan, system); of all systems, or of those that are asked about.

        With `lock` nobody else can change them until the commit: what keeps two dispatches towards a receiver apart.
        """

    def put(self, views: Sequence[View]) -> None:
        """Inserts or replaces; `version` never goes down."""

    def acknowledge(self, keys: Iterable[tuple[str, str]]) -> None:
        """The systems say they have it: `seen` takes over what `sent` holds, for these (plan, system) keys."""


class Links(Protocol):
    def find(self, keys: Iterable[tuple[str, str, str]]) -> Mapping[tuple[str, str, str], Sequence[Link]]:
        """By (system, key kind, key value). A key linked to several children gives several."""

    def of(self, plans: Sequence[str], systems: Iterable[str] | None = None) -> Mapping[str, Sequence[Link]]:
        """Who is at each plan's table; of all systems, or of those that are asked about."""

    def put(self, link: Link) -> None: ...


class Persons(Protocol):
    """Children and the register facts about them. Every change raises the child's facts version by one."""

    def facts(self, children: Sequence[str], *, lock: bool = False) -> Mapping[str, Facts]:
        """With `lock` the facts cannot change until the commit: what serialises a dispatch with a withdrawal."""

    def add(self, facts: Facts, number: str | None) -> None: ...

    def change(self, facts: Facts) -> None:
        """Raises the version; fails with `TryAgainError` if somebody else did so first."""

    def by_number(self, municipality: str, number: str) -> str | None: ...

    def erase(self, child: str) -> None:
        """Forgets a child for good: its keys, facts, number and links go, what was sealed can never be opened again,
        what still waits ends as refused or expired with the code `erased`; the audit chain still verifies."""


class Deliveries(Protocol):
    """The second ledger: every view or directed message on its way to a system, and how it ended."""

    def add(self, deliveries: Sequence[Delivery]) -> None: ...

    def take(self, ids: Sequence[str]) -> Sequence[Delivery]:
        """Locks those still waiting or sending; one that another worker holds is waited for."""

    def due(self, system: str, limit: int, now: datetime) -> Sequence[Delivery]:
        """For a mailbox: waiting and sending rows of a system, oldest first, locked."""

    def update(self, deliveries: Sequence[Delivery]) -> None: ...

    def open_for(self, keys: Iterable[tuple[str, str]]) -> Sequence[Delivery]:
        """Waiting and sending rows by (plan, system), for superseding."""

    def on_their_way(self, keys: Iterable[tuple[str, str]]) -> Sequence[Delivery]:
        """Sending rows by (plan, system), without locking."""

    def of(self, municipality: str, subject: str) -> Sequence[Delivery]:
        """Deliveries of a plan or caused by a part, or the delivery of that id; oldest first, without locking."""

    def unfinished(self, older_than: datetime, limit: int) -> Sequence[Delivery]:
        """For the sweep: rows to push or send that are due and not yet ended."""

    def outlived(self, created_before: datetime, limit: int) -> Sequence[Delivery]:
        """Waiting and sending rows older than a delivery may become, locked."""


class Decisions(Protocol):
    def add(self, rows: Sequence[DecisionRow]) -> None: ...

    def find(self, municipality: str, id: str) -> DecisionRow | None: ...

    def of(self, municipality: str, subject: str) -> Sequence[DecisionRow]:
        """Decisions about a plan, a part or a delivery, oldest first."""


class Holds(Protocol):
    def add(self, holds: Sequence[Hold]) -> None: ...

    def open(self, municipality: str, plans: Sequence[str] | None = None) -> Sequence[Hold]: ...

    def find(self, municipality: str, id: str) -> Hold | None: ...

    def decide(self, holds: Sequence[Hold]) -> None: ...


class Proposals(Protocol):
    def add(self, proposals: Sequence[Proposal]) -> None: ...

    def of(self, municipality: str, plan: str) -> Sequence[Proposal]: ...

    def find(self, municipality: str, id: str) -> Proposal | None: ...

    def decide(self, proposal: Proposal) -> None: ...


class SetAside(Protocol):
    def add(self, rows: Sequence[AsideRow]) -> None: ...

    def list(self, municipality: str) -> Sequence[AsideRow]: ...

    def find(self, municipality: str, id: str) -> AsideRow | None: ...

    def close(self, row: AsideRow) -> None: ...


class Audit(Protocol):
    def add(self, entries: Sequence[AuditEntry]) -> None:
        """Appends to the chain; each entry's hash covers the one before it."""

    def verify(self) -> bool: ...

    def of(self, municipality: str, subject: str) -> Sequence[AuditEntry]: ...


class Directory(Protocol):
    """Registered systems. Small, and cached by a generation number."""

    def systems(self) -> Mapping[str, System]: ...

    def put(self, systems: Sequence[System]) -> None: ...


class Consents(Protocol):
    """The consent register. Each call raises the child's facts version."""

    def add(self, consent: Consent) -> None: ...

    def withdraw(self, municipality: str, id: str, at: datetime) -> None: ...

    def of(self, child: str) -> Sequence[Consent]: ...


@dataclass(frozen=True, slots=True)
class Wait:
    """How many wait, and since when the oldest."""

    count: int
    since: datetime


class Tally(Protocol):
    """Both ledgers, each added up by one query; and how long the oldest has waited."""

    def waits(self) -> Mapping[tuple[str, str], Wait]:
        """What is open in every municipality: `parts` as one, `deliveries` by system, `holds` by the first rule they
        were made by, `set_aside` by code. Reads only what is open."""

    def unaccounted(self) -> int:
        """Messages that were accepted and have no part in the ledger. Reads both tables whole; always zero."""

    def parts(self, municipality: str | None = None) -> Mapping[str, int]: ...

    def deliveries(self, municipality: str | None = None) -> Mapping[str, int]: ...

    def waiting_since(self) -> Mapping[str, datetime]: ...

    def messages(self, municipality: str) -> int:
        """How many messages were taken in."""

    def sent(self, municipality: str) -> Mapping[str, int]:
        """Messages by the system that sent them."""

    def received(self, municipality: str) -> Mapping[str, int]:
        """Delivered deliveries by the system that has them."""

    def decisions(self, municipality: str, stage: str) -> Mapping[str, int]:
        """Decisions of a stage by outcome."""


class Work(Protocol):
    """One transaction with everything in it."""

    inbox: Inbox
    ledger: Ledger
    plans: Plans
    views: Views
    links: Links
    persons: Persons
    consents: Consents
    deliveries: Deliveries
    decisions: Decisions
    holds: Holds
    proposals: Proposals
    set_aside: SetAside
    audit: Audit
    directory: Directory
    tally: Tally


class Store(Protocol):
    """A database. Thread-safe."""

    def begin(self) -> AbstractContextManager[Work]:
        """Commits at the end, rolls back on an exception. A database that is away raises `TryAgainError`."""

    def migrate(self) -> None: ...

    def rewrap(self) -> int:
        """Wraps every child key with the current master key; says how many were wrapped by a former one."""

    def ping(self) -> None: ...

    def close(self) -> None: ...
