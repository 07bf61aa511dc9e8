"""What must be answered by a day, and the lines written about a plan. Words people write are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, Table, bindparam, select, text

from hub.model.task import LogLine, Task
from hub.storage.bulk import Change
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id, Instant
from hub.storage.transaction import Transaction
from hub.storage.vault import Vault

_NEEDED = ("municipality", "kind", "addressee", "created_at", "due_at", "state")
_INSTANTS = ("created_at", "due_at", "starts_at", "answered_at")
_FIELDS = tuple(each.name for each in fields(Task))


def _column(name: str) -> Column[Any]:
    kind = LargeBinary if name == "reason" else Instant if name in _INSTANTS else Id
    return Column(name, kind, primary_key=name == "id", nullable=name not in ("id", *_NEEDED))


_WAITS = text("state = 'open'")
TASKS = Table(
    "tasks",
    METADATA,
    *[_column(name) for name in _FIELDS],
    Index("tasks_once", "once", unique=True),
    Index("tasks_plan", "plan"),
    Index("tasks_state", "municipality", "state"),
    Index("tasks_due", "due_at", postgresql_where=_WAITS, sqlite_where=_WAITS),
)
LOGBOOK = Table(
    "logbook",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("plan", Id, nullable=False),
    Column("child", Id, nullable=False),
    Column("kind", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("who", Id, nullable=False),
    Column("words", LargeBinary, nullable=False),
    Column("service", Id),
    Index("logbook_plan", "plan", "kind"),
)

_T, _L = TASKS.c, LOGBOOK.c
_MINE = select(TASKS).where(_T.municipality == bindparam("municipality"))
_OPEN = _MINE.where(_T.state == "open").order_by(_T.due_at, _T.id)
_ALL_OPEN, _OPEN_OF = Query(_OPEN), Query(_OPEN.where(_T.plan == bindparam("plan")))
_OF = Query(_MINE.where(_T.plan == bindparam("plan")).order_by(_T.created_at, _T.id))
_ADD = Change(TASKS, finds=("id",), sets=_FIELDS[1:], once=("once",))
_SET = ("addressee", "system", "due_at", "starts_at", "state", "escalated_to", "answer", "answered_by", "answered_at")
_PUT = Change(TASKS, finds=("id",), sets=(*_SET, "reason", "once"))
_LINES = select(LOGBOOK).where(_L.municipality == bindparam("municipality"), _L.plan == bindparam("plan"))
_LINES_OF = Query(_LINES.where(_L.kind == bindparam("kind")).order_by(_L.at, _L.id))


class SqlTasks:
    """Keeps the port `Tasks`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def add(self, tasks: Sequence[Task]) -> None:
        self._transaction.upsert(_ADD, [_row(self._sealed(task)) for task in tasks])

    def find(self, municipality: str, id: str, *, lock: bool = False) -> Task | None:
        mine = select(TASKS).where(_T.id == id, _T.municipality == municipality)
        row = self._transaction.row(mine.with_for_update() if lock else mine)
        return None if row is None else self._opened([row])[0]

    def open(self, municipality: str, plan: str | None = None) -> Sequence[Task]:
        if plan is None:
            return self._opened(self._transaction.rows(_ALL_OPEN, municipality=municipality))
        return self._opened(self._transaction.rows(_OPEN_OF, municipality=municipality, plan=plan))

    def of(self, municipality: str, plan: str) -> Sequence[Task]:
        return self._opened(self._transaction.rows(_OF, municipality=municipality, plan=plan))

    def overdue(self, now: datetime, limit: int) -> Sequence[Task]:
        late = select(TASKS).where(_T.state == "open", _T.due_at <= now).order_by(_T.due_at, _T.id).limit(limit)
        return self._opened(self._transaction.rows(late.with_for_update(skip_locked=True)))

    def put(self, tasks: Sequence[Task]) -> None:
        sealed = [self._sealed(task) for task in sorted(tasks, key=lambda task: task.id)]
        rows = [(each.id, *(getattr(each, name) for name in (*_SET, "reason", "once"))) for each in sealed]
        self._transaction.update(_PUT, rows)

    def _sealed(self, task: Task) -> Any:
        words = task.reason
        sealed: Any = None if words is None else self._vault.seal(task.child, task.municipality, words.encode())
        return replace(task, reason=sealed)

    def _opened(self, rows: Sequence[Any]) -> list[Task]:
        self._vault.fetch({row.child for row in rows if row.child is not None and row.reason is not None})
        return [self._task(row) for row in rows]

    def _task(self, row: Any) -> Task:
        words = self._vault.open(row.child, row.municipality, row.reason)
        return Task(**{**row._asdict(), "reason": None if words is None else words.decode()})


class SqlLogbook:
    """Keeps the port `Logbook`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def add(self, lines: Sequence[LogLine]) -> None:
        self._transaction.insert(LOGBOOK, [_row(self._sealed(line)) for line in lines])

    def of(self, municipality: str, plan: str, kind: str) -> Sequence[LogLine]:
        rows = self._transaction.rows(_LINES_OF, municipality=municipality, plan=plan, kind=kind)
        return [line for row in rows if (line := self._line(row)) is not None]

    def _sealed(self, line: LogLine) -> Any:
        sealed: Any = self._vault.seal(line.child, line.municipality, line.words.encode())
        return replace(line, words=sealed)

    def _line(self, row: Any) -> LogLine | None:
        """What can still be read: an erased child's line is nobody's."""
        words = self._vault.open(row.child, row.municipality, row.words)
        return None if words is None else LogLine(**{**row._asdict(), "words": words.decode()})


def _row(value: Any) -> tuple[Any, ...]:
    return astuple(value)
