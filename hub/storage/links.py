"""How each system knows a child. A key is kept sealed, and found again by its fingerprint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, Table, select

from hub.model.change import ChildKey
from hub.ports import Link
from hub.storage.bulk import Change
from hub.storage.schema import METADATA, Id, one_of
from hub.storage.transaction import Transaction
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
_ROW = select(
    _L.municipality, _L.system, _L.plan, _L.child, _L.kind, _L.about, _L.print, _L.sealed, PERSONS.c.key
).join_from(LINKS, PERSONS, PERSONS.c.id == _L.child)
_FIND = _ROW.where(one_of(_L.print, "prints")).order_by(_L.plan, _L.about)
_OF = _ROW.where(one_of(_L.plan, "plans")).order_by(_L.plan, _L.system, _L.kind, _L.about)
_PUT = Change(LINKS, finds=("plan", "system", "about", "kind"), sets=("municipality", "child", "print", "sealed"))


class SqlLinks:
    """Keeps the port `Links`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def find(self, keys: Iterable[tuple[str, str, str]]) -> Mapping[tuple[str, str, str], Sequence[Link]]:
        wanted = {self._print(*key): key for key in keys}
        found: dict[tuple[str, str, str], list[Link]] = defaultdict(list)
        for row in self._transaction.rows(_FIND, prints=list(wanted)) if wanted else ():
            found[wanted[row.print]].append(self._link(row))
        return dict(found)

    def of(self, plans: Sequence[str]) -> Mapping[str, Sequence[Link]]:
        found: dict[str, list[Link]] = {plan: [] for plan in plans}
        for row in self._transaction.rows(_OF, plans=list(found)) if found else ():
            found[row.plan].append(self._link(row))
        return found

    def put(self, link: Link) -> None:
        sealed = self._vault.seal(link.child, link.municipality, link.key.value.encode())
        mark = self._print(link.system, link.key.kind, link.key.value)
        self._transaction.upsert(
            _PUT,
            [(link.plan, link.system, link.about, link.key.kind, link.municipality, link.child, mark, sealed)],
        )

    def _print(self, system: str, kind: str, value: str) -> str:
        return self._transaction.keys.fingerprint("link", system, kind, value).hex()

    def _link(self, row: Any) -> Link:
        municipality, system, plan, child, kind, about, _, sealed, key = row
        self._vault.learn(child, key)
        remembered = self._transaction.caches.opened
        link: Link | None = remembered.get(sealed)
        if link is None:
            value = self._transaction.keys.open(key, sealed).decode()
            link = Link(municipality, system, plan, child, ChildKey(kind, value), about)
            remembered.put(sealed, link)
        return link
