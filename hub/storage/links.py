"""How each system knows a child. A key is kept sealed, and found again by its fingerprint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, Table, bindparam, select

from hub.model.change import ChildKey
from hub.ports import Link
from hub.storage.bulk import Change
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id, one_of
from hub.storage.transaction import Transaction, ordered
from hub.storage.vault import PERSONS, Vault

LINKS = Table(
    "links",
    METADATA,
    Column("plan", Id, primary_key=True),
    Column("system", Id, primary_key=True),
    Column("about", Id, primary_key=True),
    Column("kind", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("child", Id, nullable=False),
    Column("print", Id, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("links_print", "print"),
    Index("links_child", "child"),
)

_L = LINKS.c
_FIND = Query(select(_L.plan, _L.print, _L.sealed).where(one_of(_L.print, "prints")).order_by(_L.plan, _L.about))
_TABLES = (
    select(_L.plan, _L.print, _L.sealed).where(one_of(_L.plan, "plans")).order_by(_L.plan, _L.system, _L.kind, _L.about)
)
_OF = Query(_TABLES)
_OF_SOME = Query(_TABLES.where(one_of(_L.system, "systems")))
_SEATS = Query(
    select(_L.plan)
    .where(_L.system == bindparam("of_system"), _L.plan > bindparam("after"))
    .distinct()
    .order_by(_L.plan)
    .limit(bindparam("limit"))
)
_WHOLE = Query(
    select(_L.municipality, _L.system, _L.plan, _L.child, _L.kind, _L.about, _L.sealed, PERSONS.c.key)
    .join_from(LINKS, PERSONS, PERSONS.c.id == _L.child)
    .where(one_of(_L.plan, "plans"))
)
_PUT = Change(LINKS, finds=("plan", "system", "about", "kind"), sets=("municipality", "child", "print", "sealed"))


class SqlLinks:
    """Keeps the port `Links`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def find(self, keys: Iterable[tuple[str, str, str]]) -> Mapping[tuple[str, str, str], Sequence[Link]]:
        wanted = {self._print(*key): key for key in keys}
        found: dict[tuple[str, str, str], list[Link]] = defaultdict(list)
        rows = self._transaction.rows(_FIND, prints=list(wanted)) if wanted else ()
        for row, link in zip(rows, self._opened(rows), strict=True):
            found[wanted[row.print]].append(link)
        return dict(found)

    def of(self, plans: Sequence[str], systems: Iterable[str] | None = None) -> Mapping[str, Sequence[Link]]:
        found: dict[str, list[Link]] = {plan: [] for plan in plans}
        for link in self._opened(self._rows(list(found), systems)):
            found[link.plan].append(link)
        return found

    def _rows(self, plans: list[str], systems: Iterable[str] | None) -> Sequence[Any]:
        if not plans:
            return ()
        if systems is None:
            return self._transaction.rows(_OF, plans=plans)
        return self._transaction.rows(_OF_SOME, plans=plans, systems=sorted(set(systems)))

    def seats(self, system: str, after: str, limit: int) -> Sequence[str]:
        return [row.plan for row in self._transaction.rows(_SEATS, of_system=system, after=after, limit=limit)]

    def put(self, link: Link) -> None:
        sealed = self._vault.seal(link.child, link.municipality, link.key.value.encode())
        mark = self._print(link.system, link.key.kind, link.key.value)
        self._transaction.upsert(
            _PUT,
            [(link.plan, link.system, link.about, link.key.kind, link.municipality, link.child, mark, sealed)],
        )

    def _print(self, system: str, kind: str, value: str) -> str:
        return self._transaction.keys.fingerprint("link", system, kind, value).hex()

    def _opened(self, rows: Sequence[Any]) -> list[Link]:
        """Links change seldom, so the rows of those that were opened before are not read whole again."""
        remembered = self._transaction.caches.opened
        links: list[Link | None] = [remembered.get(row.sealed) for row in rows]
        if None not in links:
            return links  # type: ignore[return-value]  # just looked
        fresh = {}
        for row in self._transaction.rows(_WHOLE, plans=ordered(row.plan for row in rows)):
            value = self._transaction.keys.open(row.key, row.sealed).decode()
            link = Link(row.municipality, row.system, row.plan, row.child, ChildKey(row.kind, value), row.about)
            remembered.put(row.sealed, link)
            fresh[row.sealed] = link
        return [fresh[row.sealed] for row in rows]
