"""Versions of each child's shared plan. A version never changes; the plan's head says which is the newest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, select

from hub.errors import TryAgainError
from hub.model.plan import Plan
from hub.model.wire import plan_from_json, plan_to_json
from hub.storage.bulk import Change
from hub.storage.ledger import COUNTERS
from hub.storage.looks import LOOKS
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id, Instant, one_of, pair_of
from hub.storage.transaction import Transaction, ordered
from hub.storage.vault import PERSONS, Vault

PLANS = Table(
    "plans",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("child", Id, nullable=False),
    Column("version", BigInteger, nullable=False),
    Index("plans_child", "municipality", "child", unique=True),
)
PLAN_VERSIONS = Table(
    "plan_versions",
    METADATA,
    Column("plan", Id, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("municipality", Id, nullable=False),
    Column("part", Id),
    Column("written_at", Instant, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

_HEADS = select(PLANS.c.id, PLANS.c.version, PLANS.c.child, PERSONS.c.key).join_from(
    PLANS, PERSONS, PERSONS.c.id == PLANS.c.child
)
_LIVING = PERSONS.c.key.is_not(None)
_IN_ORDER = _HEADS.where(one_of(PLANS.c.id, "ids"), _LIVING).order_by(PLANS.c.id)
_LOCK = Query(_IN_ORDER.with_for_update(of=PLANS, skip_locked=True))
_LOCK_ALL = Query(_IN_ORDER.with_for_update(of=PLANS))
_CURRENT = Query(_HEADS.where(one_of(PLANS.c.id, "ids"), _LIVING))
_VERSIONS = Query(
    select(PLAN_VERSIONS.c.plan, PLAN_VERSIONS.c.version, PLAN_VERSIONS.c.sealed, PLANS.c.child, PERSONS.c.key)
    .join_from(PLAN_VERSIONS, PLANS, PLANS.c.id == PLAN_VERSIONS.c.plan)
    .join(PERSONS, PERSONS.c.id == PLANS.c.child)
    .where(_LIVING, pair_of((PLAN_VERSIONS.c.plan, PLAN_VERSIONS.c.version), ("plans", "versions")))
)
_ADVANCE = Change(PLANS, finds=("id", "version"), sets=("version",))


class SqlPlans:
    """Keeps the port `Plans`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def lock(self, ids: Sequence[str], *, wait: bool = False) -> Mapping[str, Plan]:
        return self._newest(self._transaction.rows(_LOCK_ALL if wait else _LOCK, ids=ordered(ids))) if ids else {}

    def version(self, keys: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Plan]:
        remembered = self._transaction.caches.plans
        found: dict[tuple[str, int], Plan] = {}
        missing: list[tuple[str, int]] = []
        for key in dict.fromkeys(keys):
            plan = remembered.get(key)
            if plan is None:
                missing.append(key)
            else:
                found[key] = plan
        if missing:
            found.update(self._read(missing))
        return found

    def add(self, plans: Sequence[tuple[Plan, str | None]]) -> None:
        if not plans:
            return
        self._vault.fetch(plan.child for plan, _ in plans)
        now = self._transaction.clock.now()
        self._open([plan for plan, _ in plans if plan.version == 0])
        self._advance([plan for plan, _ in plans if plan.version > 0])
        self._transaction.insert(
            PLAN_VERSIONS,
            [(plan.id, plan.version, plan.municipality, part, now, self._sealed(plan)) for plan, part in plans],
        )
        self._transaction.after_commit.append(lambda: self._remember(plan for plan, _ in plans))

    def of_child(self, municipality: str, child: str) -> str | None:
        statement = select(PLANS.c.id).where(PLANS.c.municipality == municipality, PLANS.c.child == child)
        row = self._transaction.row(statement)
        return None if row is None else row.id

    def of_municipality(self, municipality: str, after: str, limit: int) -> Sequence[tuple[str, str]]:
        here = PLANS.c.municipality == municipality, PLANS.c.child > after
        page = select(PLANS.c.id, PLANS.c.child).where(*here).order_by(PLANS.c.child).limit(limit)
        return [(row.id, row.child) for row in self._transaction.rows(page)]

    def current(self, ids: Sequence[str]) -> Mapping[str, Plan]:
        return self._newest(self._transaction.rows(_CURRENT, ids=list(ids))) if ids else {}

    def newest(self, municipality: str, id: str) -> Plan | None:
        statement = _HEADS.where(PLANS.c.id == id, PLANS.c.municipality == municipality, _LIVING)
        return self._newest(self._transaction.rows(statement)).get(id)

    def _newest(self, heads: Sequence[Any]) -> dict[str, Plan]:
        for head in heads:
            self._vault.learn(head.child, head.key)
        plans = self.version((head.id, head.version) for head in heads)
        return {head.id: plans[head.id, head.version] for head in heads}

    def _read(self, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Plan]:
        ids, versions = [key[0] for key in keys], [key[1] for key in keys]
        found = {}
        for row in self._transaction.rows(_VERSIONS, plans=ids, versions=versions):
            plan = plan_from_json(orjson.loads(self._transaction.keys.open(row.key, row.sealed)))
            found[row.plan, row.version] = plan
        self._transaction.after_commit.append(lambda: self._remember(found.values()))
        return found

    def _open(self, plans: Sequence[Plan]) -> None:
        self._transaction.insert(PLANS, [(plan.id, plan.municipality, plan.child, plan.version) for plan in plans])
        self._transaction.insert(COUNTERS, [(plan.id, plan.municipality, 1) for plan in plans])
        now = self._transaction.clock.now()
        self._transaction.insert(LOOKS, [(plan.id, plan.municipality, plan.child, 0, now) for plan in plans])

    def _advance(self, plans: Sequence[Plan]) -> None:
        versions: dict[str, list[int]] = defaultdict(list)
        for plan in plans:
            versions[plan.id].append(plan.version)
        steps = [(id, min(versions[id]) - 1, max(versions[id])) for id in ordered(versions)]
        if self._transaction.update(_ADVANCE, steps) != len(steps):
            raise TryAgainError("another worker wrote a version of one of these plans first")

    def _sealed(self, plan: Plan) -> bytes:
        return self._vault.seal(plan.child, plan.municipality, orjson.dumps(plan_to_json(plan)))

    def _remember(self, plans: Iterable[Plan]) -> None:
        for plan in plans:
            self._transaction.caches.plans.put((plan.id, plan.version), plan)
