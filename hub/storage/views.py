"""What each system has been told of each plan. The digests of elements are sealed: short words could be guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import orjson
from sqlalchemy import BigInteger, Column, LargeBinary, Table, select, update

from hub.ports import View
from hub.storage.bulk import Change
from hub.storage.plans import PLANS
from hub.storage.schema import METADATA, Id, one_of, pair_of
from hub.storage.transaction import Transaction
from hub.storage.vault import PERSONS, Vault

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
)

_V = VIEWS.c
_OF = (
    select(_V.plan, _V.system, _V.municipality, _V.version, _V.digest, _V.seen, _V.sent, PLANS.c.child, PERSONS.c.key)
    .join_from(VIEWS, PLANS, PLANS.c.id == _V.plan)
    .join(PERSONS, PERSONS.c.id == PLANS.c.child)
    .where(one_of(_V.plan, "plans"), PERSONS.c.key.is_not(None))
)
_CHILDREN = select(PLANS.c.id, PLANS.c.child).where(one_of(PLANS.c.id, "ids"))
_ACKNOWLEDGE = update(VIEWS).where(pair_of((_V.plan, _V.system), ("plans", "systems"))).values(seen=_V.sent)
_PUT = Change(
    VIEWS,
    finds=("plan", "system"),
    sets=("municipality", "version", "digest", "seen", "sent"),
    grows=("version",),
)


class Digests(dict[str, str]):
    """Digests as read, with the bytes they were read from: written back unchanged they need no new sealing."""

    __slots__ = ("sealed",)

    def __init__(self, sealed: bytes, digests: Mapping[str, str]) -> None:
        super().__init__(digests)
        self.sealed = sealed


class SqlViews:
    """Keeps the port `Views`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault
        self._child_of: dict[str, str] = {}

    def of(self, plans: Sequence[str]) -> Mapping[tuple[str, str], View]:
        found = {}
        for row in self._transaction.rows(_OF, plans=list(plans)) if plans else ():
            plan, system, municipality, version, digest, seen, sent, child, key = row
            self._child_of[plan] = child
            self._vault.learn(child, key)
            found[plan, system] = View(
                plan, system, municipality, version, digest, self._opened(key, seen), self._opened(key, sent)
            )
        return found

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
                self._sealed(view, view.seen),
                self._sealed(view, view.sent),
            )
            for _, view in sorted(newest.items())
        ]
        self._transaction.upsert(_PUT, rows)

    def acknowledge(self, keys: Iterable[tuple[str, str]]) -> None:
        wanted = sorted(set(keys))
        if wanted:
            self._transaction.run(_ACKNOWLEDGE, plans=[key[0] for key in wanted], systems=[key[1] for key in wanted])

    def _opened(self, key: bytes, sealed: bytes | None) -> Mapping[str, str]:
        if sealed is None:
            return {}
        remembered = self._transaction.caches.opened
        digests: Digests | None = remembered.get(sealed)
        if digests is None:
            digests = Digests(sealed, orjson.loads(self._transaction.keys.open(key, sealed)))
            remembered.put(sealed, digests)
        return digests

    def _sealed(self, view: View, digests: Mapping[str, str]) -> bytes | None:
        if isinstance(digests, Digests):
            return digests.sealed
        if not digests:
            return None
        sealed = self._vault.seal(self._child_of[view.plan], view.municipality, orjson.dumps(dict(digests)))
        self._transaction.caches.opened.put(sealed, Digests(sealed, digests))
        return sealed

    def _learn_children(self, plans: Iterable[str]) -> None:
        missing = sorted({plan for plan in plans if plan not in self._child_of})
        if missing:
            self._child_of.update((row.id, row.child) for row in self._transaction.rows(_CHILDREN, ids=missing))
            self._vault.fetch(self._child_of.values())
