"""Which plans are owed a look. A line a plan, apart from the plan's own row: who changes a fact waits for no worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Table, bindparam, or_, select, text, update

from hub.storage.query import Query
from hub.storage.schema import METADATA, Id, Instant, one_of
from hub.storage.transaction import Transaction, ordered

LOOKS = Table(
    "looks",
    METADATA,
    Column("plan", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("child", Id, nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("due", Instant),
    Index("looks_child", "municipality", "child", unique=True),
    Index("looks_due", "due", postgresql_where=text("due IS NOT NULL"), sqlite_where=text("due IS NOT NULL")),
)

_L = LOOKS.c
_ASK = update(LOOKS).values(asked=_L.asked + 1, due=bindparam("now"))
_ASK_OF_PLANS = _ASK.where(one_of(_L.plan, "plans"))
_ASK_OF_CHILD = _ASK.where(_L.municipality == bindparam("of_municipality"), _L.child == bindparam("of_child"))
_DONE = (
    update(LOOKS).where(_L.plan == bindparam("of_plan"), _L.asked == bindparam("seen")).values(due=bindparam("next_at"))
)
_DUE = Query(
    select(_L.plan)
    .where(_L.due.is_not(None), _L.due <= bindparam("before"))
    .order_by(_L.due, _L.plan)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_SOONER = (
    update(LOOKS)
    .where(one_of(_L.plan, "plans"), or_(_L.due.is_(None), _L.due > bindparam("at")))
    .values(due=bindparam("at"))
)
_PUT_OFF = update(LOOKS).where(one_of(_L.plan, "plans")).values(due=bindparam("again"))


class SqlLooks:
    """Keeps the port `Looks`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def ask(self, plans: Sequence[str]) -> None:
        if plans:
            self._transaction.run(_ASK_OF_PLANS, plans=ordered(plans), now=self._transaction.clock.now())

    def ask_of_child(self, municipality: str, child: str) -> None:
        """For the child's facts, which ask by themselves."""
        now = self._transaction.clock.now()
        self._transaction.run(_ASK_OF_CHILD, of_municipality=municipality, of_child=child, now=now)

    def asked(self, plan: str) -> int:
        row = self._transaction.row(select(_L.asked).where(_L.plan == plan))
        return 0 if row is None else row.asked

    def done(self, plan: str, asked: int, next_at: datetime | None) -> None:
        self._transaction.run(_DONE, of_plan=plan, seen=asked, next_at=next_at)

    def sooner(self, plans: Mapping[str, datetime]) -> None:
        by_instant: dict[datetime, list[str]] = {}
        for plan, at in plans.items():
            by_instant.setdefault(at, []).append(plan)
        for at in sorted(by_instant):
            self._transaction.run(_SOONER, plans=ordered(by_instant[at]), at=at)

    def take(self, due_before: datetime, limit: int, again_at: datetime) -> Sequence[str]:
        plans = [row.plan for row in self._transaction.rows(_DUE, before=due_before, limit=limit)]
        if plans:
            self._transaction.run(_PUT_OFF, plans=ordered(plans), again=again_at)
        return plans
