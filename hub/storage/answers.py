"""What callers were answered, by client and key; the answers are sealed under the municipality's key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, Table, and_, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hub.ports import Answer
from hub.storage.schema import METADATA, Id, Instant
from hub.storage.transaction import Transaction
from hub.storage.vault import Vault

ANSWERS = Table(
    "answers",
    METADATA,
    Column("client", Id, primary_key=True),
    Column("key", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Column("said", LargeBinary),
    Index("answers_at", "at"),
)

_A = ANSWERS.c
_MINE = and_(_A.client == bindparam("of_client"), _A.key == bindparam("of_key"))
_FIND = select(ANSWERS).where(_MINE).with_for_update()
_AGAIN = update(ANSWERS).where(_MINE).values(at=bindparam("again", type_=Instant))
_KEEP = update(ANSWERS).where(_MINE).values(said=bindparam("sealed"))
_DROP = delete(ANSWERS).where(_MINE)
_OLD = select(_A.client, _A.key).where(_A.at < bindparam("before", type_=Instant)).limit(bindparam("most"))


class SqlAnswers:
    """Keeps the port `Answers`."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction, self._vault = transaction, vault

    def begin(self, answer: Answer, stale_before: datetime) -> Answer | None:
        dialect = postgresql if self._transaction.connection.dialect.name == "postgresql" else sqlite
        fresh = dialect.insert(ANSWERS).values(**answer._replace(said=None)._asdict()).on_conflict_do_nothing()
        if self._transaction.rows(fresh.returning(_A.key)):
            return None
        row = self._transaction.row(_FIND, of_client=answer.client, of_key=answer.key)
        if row is None:  # dropped in between: whoever comes next begins
            return answer._replace(said=None)
        if row.said is None and row.at < stale_before and row.request == answer.request:
            self._transaction.run(_AGAIN, of_client=answer.client, of_key=answer.key, again=answer.at)
            return None
        said = self._vault.open(None, row.municipality, row.said)
        return Answer(row.client, row.key, row.municipality, row.request, row.at, said)

    def keep(self, answer: Answer) -> None:
        sealed = self._vault.seal(None, answer.municipality, answer.said or b"")
        self._transaction.run(_KEEP, of_client=answer.client, of_key=answer.key, sealed=sealed)

    def drop(self, client: str, key: str) -> None:
        self._transaction.run(_DROP, of_client=client, of_key=key)

    def forget(self, before: datetime, limit: int) -> int:
        old = self._transaction.rows(_OLD, before=before, most=limit)
        for row in old:
            self._transaction.run(_DROP, of_client=row.client, of_key=row.key)
        return len(old)
