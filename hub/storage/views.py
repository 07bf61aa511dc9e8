"""What each system has been told of each plan. The digests of elements are sealed: short words could be guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, LargeBinary, Table, bindparam, select, update

from hub.ports import View
from hub.storage.bulk import Change
from hub.storage.plans import PLANS
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id, Instant, one_of, pair_of
from hub.storage.transaction import Transaction
from hub.storage.vault import PERSONS, Vault
from hub.sync.base import faded

VIEWS = Table(
    "views",
    METADATA,
    Column("plan", Id, primary_key=True),
    Column("system", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("seen", LargeBinary),
    Column("sent", LargeBinary),
    Column("acknowledged", BigInteger),
    Column("acknowledged_at", Instant),
)

_V = VIEWS.c
_VIEWS = (
    select(*VIEWS.c, PLANS.c.child, PERSONS.c.key)
    .join_from(VIEWS, PLANS, PLANS.c.id == _V.plan)
    .join(PERSONS, PERSONS.c.id == PLANS.c.child)
    .where(one_of(_V.plan, "plans"), PERSONS.c.key.is_not(None))
)
_OF_SOME = _VIEWS.where(one_of(_V.system, "systems"))
_OF = {"all": Query(_VIEWS), "some": Query(_OF_SOME)}
_LOCK = {
    name: Query(which.order_by(_V.plan, _V.system).with_for_update(of=VIEWS))
    for name, which in (("all", _VIEWS), ("some", _OF_SOME))
}
_CHILDREN = Query(select(PLANS.c.id, PLANS.c.child).where(one_of(PLANS.c.id, "ids")))
_ACKNOWLEDGE = (
    update(VIEWS)
    .where(pair_of((_V.plan, _V.version), ("plans", "versions")), _V.system == bindparam("of_system"))
    .values(seen=_V.sent, acknowledged=_V.version, acknowledged_at=bindparam("at", type_=Instant))
)
_PUT = Change(
    VIEWS,
    finds=("plan", "system"),
    sets=("municipality", "version", "digest", "seen", "sent"),
    grows=("version",),
    keeps=("seen", "sent"),
)


class Digests(Mapping[str, str]):
    """Digests as they were read: opened only when looked at, and left alone when put back where they came from."""

    __slots__ = ("_key", "_keys", "_opened", "_remembered", "_sealed", "origin")

    def __init__(self, transaction: Transaction, origin: str, key: bytes, sealed: bytes) -> None:
        self._keys, self._remembered = transaction.keys, transaction.caches.opened
        self.origin, self._key, self._sealed = origin, key, sealed
        self._opened: dict[str, str] | None = None

    @property
    def _digests(self) -> dict[str, str]:
        if self._opened is None:
            self._opened = self._remembered.get(self._sealed)
            if self._opened is None:
                self._opened = orjson.loads(self._keys.open(self._key, self._sealed))
                self._remembered.put(self._sealed, self._opened)
        return self._opened

    def __getitem__(self, element: str) -> str:
        return self._digests[element]

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)

    def __eq__(self, other: object) -> bool:
        return self._digests == (other._digests if isinstance(other, Digests) else other)

    __hash__ = None  # type: ignore[assignment]  # as a dict


class SqlViews:
    """Keeps the port `Views`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault
        self._child_of: dict[str, str] = {}

    def of(
        self, plans: Sequence[str], systems: Iterable[str] | None = None, *, lock: bool = False
    ) -> Mapping[tuple[str, str], View]:
        found = {}
        for row in self._rows(_LOCK if lock else _OF, plans, systems):
            plan, system, municipality, version, digest, seen, sent, acknowledged, at, child, key = row
            self._child_of[plan] = child
            self._vault.learn(child, key)
            found[plan, system] = View(
                plan,
                system,
                municipality,
                version,
                digest,
                Digests(self._transaction, f"seen {plan} {system}", key, seen) if seen else {},
                Digests(self._transaction, f"sent {plan} {system}", key, sent) if sent else {},
                acknowledged,
                at,
            )
        return found

    def _rows(self, queries: Mapping[str, Query], plans: Sequence[str], systems: Iterable[str] | None) -> Sequence[Any]:
        if not plans:
            return ()
        if systems is None:
            return self._transaction.rows(queries["all"], plans=list(plans))
        return self._transaction.rows(queries["some"], plans=list(plans), systems=sorted(set(systems)))

    def put(self, views: Sequence[View]) -> None:
        self._learn_children(view.plan for view in views)
        newest = {(view.plan, view.system): view for view in views}
        rows = [
            (
                view.plan,
                view.system,
                view.municipality,
                view.version,
                view.digest,
                self._sealed(view, "seen", view.seen),
                self._sealed(view, "sent", view.sent),
            )
            for _, view in sorted(newest.items())
        ]
        self._transaction.upsert(_PUT, rows)

    def tell_anew(self, plan: str, system: str, element: str) -> None:
        view = self.of([plan], [system], lock=True).get((plan, system))
        if view is not None and element in view.sent:
            self.put([view._replace(sent={**view.sent, element: faded(view.sent[element])})])

    def acknowledge(self, received: Iterable[tuple[str, str, int]], at: datetime) -> None:
        by_system: dict[str, list[tuple[str, int]]] = {}
        for plan, system, version in sorted(set(received)):
            by_system.setdefault(system, []).append((plan, version))
        for system, had in by_system.items():
            plans, versions = [plan for plan, _ in had], [version for _, version in had]
            self._transaction.run(_ACKNOWLEDGE, of_system=system, plans=plans, versions=versions, at=at)

    def _sealed(self, view: View, column: str, digests: Mapping[str, str]) -> bytes | None:
        """`None` where the row has it already: the database keeps its own."""
        if isinstance(digests, Digests) and digests.origin == f"{column} {view.plan} {view.system}":
            return None
        if not digests:
            return b""
        plain = dict(digests)
        sealed = self._vault.seal(self._child_of[view.plan], view.municipality, orjson.dumps(plain))
        self._transaction.caches.opened.put(sealed, plain)
        return sealed

    def _learn_children(self, plans: Iterable[str]) -> None:
        missing = sorted({plan for plan in plans if plan not in self._child_of})
        if missing:
            self._child_of.update((row.id, row.child) for row in self._transaction.rows(_CHILDREN, ids=missing))
            self._vault.fetch(self._child_of.values())
