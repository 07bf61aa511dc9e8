"""The second ledger: every view or directed message on its way to a system, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    LargeBinary,
    Table,
    Text,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
)

from hub.model.envelope import APART, MESSAGE_ANSWER
from hub.ports import Delivery
from hub.storage.bulk import Change
from hub.storage.directory import SYSTEMS
from hub.storage.ledger import PARTS
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id, Instant, one_of, pair_of
from hub.storage.transaction import Transaction, ordered

OPEN = frozenset({"waiting", "sending"})

DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("system", Id, nullable=False),
    Column("kind", Id, nullable=False),
    Column("part", Id, nullable=False),
    Column("state", Id, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("plan", Id),
    Column("child", Id),
    Column("plan_version", BigInteger),
    Column("version", BigInteger),
    Column("digest", LargeBinary, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("next_at", Instant),
    Column("sent_at", Instant),
    Column("receipt_at", Instant),
    Column("code", Id),
    Column("correlation_id", Id),
    Column("traceparent", Id),
    Column("revived_at", Instant),
    Column("urgent", Boolean, nullable=False),
    Column("open", Boolean, nullable=False),  # waiting or sending: from one to the other no index changes
    Column("subject", Id, nullable=False),  # the plan, or the part of a directed one
    Index("deliveries_subject", "subject"),
    Index("deliveries_due", "system", "created_at", postgresql_where=text("open"), sqlite_where=text("open = 1")),
    Index("deliveries_open", "plan", "system", postgresql_where=text("open"), sqlite_where=text("open = 1")),
    Index(
        "deliveries_urgent", "system", "created_at", postgresql_where=text("urgent"), sqlite_where=text("urgent = 1")
    ),
)

_D = DELIVERIES.c
_ROW = select(*[column for column in _D if column.name not in ("open", "subject")])
_TAKE = Query(_ROW.where(_D.open, one_of(_D.id, "ids")).order_by(_D.id).with_for_update(), Delivery)
_IS_APART = or_(*(_D.kind == kind for kind in sorted(APART)))
_IS_DUE = (
    _ROW.where(
        _D.open,
        _D.system == bindparam("system"),
        or_(_D.next_at.is_(None), _D.next_at <= bindparam("now")),
        bindparam("apart", type_=Text) == case((_IS_APART, _D.kind), else_=""),
    )
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_UNSHOWN = _IS_DUE.where(_D.state == "waiting").order_by(_D.created_at, _D.id)
_FIRST, _DUE = Query(_UNSHOWN.where(_D.urgent), Delivery), Query(_UNSHOWN.where(~_D.urgent), Delivery)
_SHOWN = Query(_IS_DUE.where(_D.state == "sending").order_by(_D.sent_at, _D.created_at, _D.id), Delivery)
_URGENT = Query(
    select(_D.id)
    .where(
        _D.urgent, _D.open, _D.system == bindparam("system"), or_(_D.next_at.is_(None), _D.next_at <= bindparam("now"))
    )
    .order_by(_D.created_at, _D.id)
    .limit(bindparam("limit"))
)
_OPEN_FOR = Query(
    _ROW.where(_D.open, pair_of((_D.plan, _D.system), ("plans", "systems"))).order_by(_D.id).with_for_update(), Delivery
)
_HELD = Query(
    _ROW.where(
        _D.subject == bindparam("plan"),
        _D.municipality == bindparam("municipality"),
        _D.state == "held",
        _D.code.is_(None),
    ).order_by(_D.id),
    Delivery,
)
_ACKNOWLEDGED_BY = select(func.max(_D.version)).where(
    _D.subject == bindparam("plan"),
    _D.system == bindparam("system"),
    _D.state == "delivered",
    _D.receipt_at <= bindparam("at", type_=Instant),
)
_PUSHED = select(SYSTEMS.c.id).where(SYSTEMS.c.delivery != "mailbox")
_LETTERS = select(SYSTEMS.c.id).where(SYSTEMS.c.delivery == "amqp")
_NEXT = func.row_number().over(partition_by=_D.system, order_by=(_D.created_at, _D.id))
"""Each receiver's oldest first, then each one's next: however much waits for one, the sweep comes to all."""

_UNFINISHED = Query(
    _ROW.where(
        _D.open,
        _D.system.in_(_PUSHED),
        or_(~_IS_APART, _D.system.in_(_LETTERS)),  # no API takes one: it is fetched
        func.coalesce(_D.sent_at, _D.created_at) < bindparam("older", type_=Instant),
        or_(_D.next_at.is_(None), _D.next_at < bindparam("older", type_=Instant)),
    )
    .order_by(_NEXT, _D.created_at, _D.id)
    .limit(bindparam("limit")),
    Delivery,
)
_OUTLIVED = Query(
    _ROW.where(_D.open, func.coalesce(_D.revived_at, _D.created_at) < bindparam("since_before", type_=Instant))
    .order_by(_D.created_at, _D.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True),
    Delivery,
)
_LATE = Query(
    _ROW.join(PARTS, PARTS.c.id == _D.subject)
    .where(_D.open, _D.urgent, _D.created_at <= bindparam("before", type_=Instant), PARTS.c.code.is_(None))
    .order_by(_D.created_at, _D.id)
    .limit(bindparam("limit"))
    .with_for_update(of=DELIVERIES, skip_locked=True),
    Delivery,
)
_ANSWERS_TO = Query(
    _ROW.where(one_of(_D.subject, "parts"), _D.kind == MESSAGE_ANSWER, _D.state != "superseded").order_by(
        _D.created_at, _D.id
    ),
    Delivery,
)
_SET = ("state", "plan_version", "version", "digest", "attempts", "next_at", "sent_at", "receipt_at", "code")
_UPDATE = Change(DELIVERIES, finds=("id",), sets=(*_SET, "open"))
_REVIVE = Change(DELIVERIES, finds=("id",), sets=(*_SET, "open", "revived_at"))


class SqlDeliveries:
    """Keeps the port `Deliveries`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, deliveries: Sequence[Delivery]) -> None:
        self._transaction.insert(DELIVERIES, [_row(delivery) for delivery in deliveries])

    def take(self, ids: Sequence[str]) -> Sequence[Delivery]:
        return self._transaction.rows(_TAKE, ids=ordered(ids)) if ids else []

    def due(self, system: str, limit: int, now: datetime, apart: str = "") -> Sequence[Delivery]:
        asked = {"system": system, "now": now, "apart": apart}
        found: list[Delivery] = []
        for query in (_FIRST, _DUE, _SHOWN):
            if left := limit - len(found):
                found += self._transaction.rows(query, limit=left, **asked)
        return found

    def urgent(self, system: str, limit: int, now: datetime) -> Sequence[str]:
        return [row.id for row in self._transaction.rows(_URGENT, system=system, limit=limit, now=now)]

    def update(self, deliveries: Sequence[Delivery]) -> None:
        self._transaction.update(_UPDATE, [_state(each) for each in sorted(deliveries, key=lambda each: each.id)])

    def revive(self, deliveries: Sequence[Delivery]) -> None:
        rows = [(*_state(each), each.revived_at) for each in sorted(deliveries, key=lambda each: each.id)]
        self._transaction.update(_REVIVE, rows)

    def open_for(self, keys: Iterable[tuple[str, str]]) -> Sequence[Delivery]:
        wanted = sorted(set(keys))
        if not wanted:
            return []
        plans, systems = [key[0] for key in wanted], [key[1] for key in wanted]
        return self._transaction.rows(_OPEN_FOR, plans=plans, systems=systems)

    def acknowledged_by(self, plan: str, system: str, at: datetime) -> int:
        ((newest,),) = self._transaction.rows(_ACKNOWLEDGED_BY, plan=plan, system=system, at=at)
        return newest or 0

    def held(self, municipality: str, plan: str) -> Sequence[Delivery]:
        return self._transaction.rows(_HELD, municipality=municipality, plan=plan)

    def of(self, municipality: str, subject: str) -> Sequence[Delivery]:
        plan = select(PARTS.c.plan).where(PARTS.c.id == subject).scalar_subquery()
        caused = (_D.subject == plan) & (_D.part == subject)
        mine = _ROW.where(_D.municipality == municipality, or_(_D.id == subject, _D.subject == subject, caused))
        return [Delivery(*row) for row in self._transaction.rows(mine.order_by(_D.created_at, _D.id))]

    def answers_to(self, parts: Iterable[str]) -> Mapping[str, Delivery]:
        wanted = ordered(parts)
        return {row.part: row for row in self._transaction.rows(_ANSWERS_TO, parts=wanted)} if wanted else {}

    def unfinished(self, older_than: datetime, limit: int) -> Sequence[Delivery]:
        return self._transaction.rows(_UNFINISHED, limit=limit, older=older_than)

    def late(self, before: datetime, limit: int) -> Sequence[Delivery]:
        return self._transaction.rows(_LATE, limit=limit, before=before)

    def outlived(self, since_before: datetime, limit: int) -> Sequence[Delivery]:
        return self._transaction.rows(_OUTLIVED, limit=limit, since_before=since_before)


def _state(delivery: Delivery) -> tuple[Any, ...]:
    return (
        delivery.id,
        delivery.state,
        delivery.plan_version,
        delivery.version,
        delivery.digest,
        delivery.attempts,
        delivery.next_at,
        delivery.sent_at,
        delivery.receipt_at,
        delivery.code,
        delivery.state in OPEN,
    )


def _row(delivery: Delivery) -> tuple[Any, ...]:
    """The columns in their order are the row's own fields, and then the two that are found by."""
    return (*delivery, delivery.state in OPEN, delivery.plan or delivery.part)
