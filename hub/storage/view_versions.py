"""What each version of a system's view held: the same sealed digests as the view's own, copied when it left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, bindparam, delete, insert, select, tuple_

from hub.ports import ViewVersion
from hub.storage.plans import PLANS
from hub.storage.schema import METADATA, Id, Instant, pair_of
from hub.storage.transaction import Transaction
from hub.storage.vault import PERSONS
from hub.storage.views import VIEWS

VIEW_VERSIONS = Table(
    "view_versions",
    METADATA,
    Column("plan", Id, primary_key=True),
    Column("system", Id, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("municipality", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("cut", LargeBinary, nullable=False),
    Index("view_versions_at", "at"),
)

_W, _V = VIEW_VERSIONS.c, VIEWS.c
_SENT = select(_V.plan, _V.system, _V.version, _V.municipality, bindparam("at", type_=Instant), _V.sent).where(
    pair_of((_V.plan, _V.system), ("plans", "systems")), _V.sent.is_not(None)
)
_KEEP = insert(VIEW_VERSIONS).from_select([column.name for column in _W], _SENT)
_FIND = (
    select(_W.plan, _W.system, _W.version, _W.at, _W.cut, PERSONS.c.key)
    .join_from(VIEW_VERSIONS, PLANS, PLANS.c.id == _W.plan)
    .join(PERSONS, PERSONS.c.id == PLANS.c.child)
    .where(_W.plan == bindparam("of_plan"), _W.system == bindparam("of_system"), PERSONS.c.key.is_not(None))
    .order_by(_W.version)
)
_THOSE = (
    select(_W.plan, _W.system, _W.version, _W.at, _W.cut, PERSONS.c.key)
    .join_from(VIEW_VERSIONS, PLANS, PLANS.c.id == _W.plan)
    .join(PERSONS, PERSONS.c.id == PLANS.c.child)
    .where(pair_of((_W.plan, _W.system), ("plans", "systems")), PERSONS.c.key.is_not(None))
    .where(_W.version.between(bindparam("oldest"), bindparam("newest")))
)
_OLD = (
    select(_W.plan, _W.system, _W.version)
    .join_from(VIEW_VERSIONS, VIEWS, (_V.plan == _W.plan) & (_V.system == _W.system))
    .where(_W.at < bindparam("before", type_=Instant), _W.version < _V.version)
    .limit(bindparam("most"))
)


class SqlViewVersions:
    """Keeps the port `ViewVersions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def keep(self, views: Iterable[tuple[str, str]], at: datetime) -> None:
        wanted = sorted(set(views))
        if wanted:
            plans, systems = [each[0] for each in wanted], [each[1] for each in wanted]
            self._transaction.run(_KEEP, plans=plans, systems=systems, at=at)

    def of(self, plan: str, system: str) -> Sequence[ViewVersion]:
        return [self._opened(row) for row in self._transaction.rows(_FIND, of_plan=plan, of_system=system)]

    def those(self, wanted: Iterable[tuple[str, str, int]]) -> Sequence[ViewVersion]:
        asked = sorted(set(wanted))
        if not asked:
            return []
        plans, systems, versions = (list(column) for column in zip(*asked, strict=True))
        rows = self._transaction.rows(_THOSE, plans=plans, systems=systems, oldest=min(versions), newest=max(versions))
        return [self._opened(row) for row in rows if (row.plan, row.system, row.version) in asked]

    def _opened(self, row: Any) -> ViewVersion:
        cut = orjson.loads(self._transaction.keys.open(row.key, row.cut)) if row.cut else {}
        return ViewVersion(row.plan, row.system, row.version, row.at, cut)

    def forget(self, before: datetime, limit: int) -> int:
        old = _OLD.subquery()
        those = tuple_(_W.plan, _W.system, _W.version).in_(select(old.c.plan, old.c.system, old.c.version))
        return self._transaction.run(delete(VIEW_VERSIONS).where(those), before=before, most=limit)
