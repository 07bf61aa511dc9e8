"""Sealing under a child's key, or a municipality's where nobody knows whose it is."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from hub.errors import UnusableError
from hub.ports import Keys
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id, Instant, one_of
from hub.storage.transaction import Transaction, ordered

PERSONS = Table(
    "persons",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("key", LargeBinary),  # wrapped; NULL once the child is erased
    Column("facts", LargeBinary),
    Column("number", LargeBinary),
    Column("number_print", Id),
    Column("confirmed_at", Instant),  # in clear, so that what grows old is found unopened
    Index("persons_number", "municipality", "number_print", unique=True),
    Index("persons_confirmed", "municipality", "confirmed_at"),
)
MUNICIPALITIES = Table(
    "municipalities",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

_CHILD_KEYS = Query(select(PERSONS.c.id, PERSONS.c.key).where(one_of(PERSONS.c.id, "ids"), PERSONS.c.key.is_not(None)))
_MUNICIPALITY_KEYS = Query(select(MUNICIPALITIES.c.id, MUNICIPALITIES.c.key).where(one_of(MUNICIPALITIES.c.id, "ids")))


class Vault:
    """Seals and opens within one transaction, with the keys that transaction has seen."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._keys: Keys = transaction.keys
        self._of_child: dict[str, bytes] = {}
        self._of_municipality: dict[str, bytes] = {}

    def learn(self, child: str, key: bytes) -> None:
        """A key some other statement has read already."""
        self._of_child[child] = key

    def fetch(self, children: Iterable[str]) -> None:
        """Reads keys that are not known yet, in one statement."""
        missing = ordered(child for child in children if child not in self._of_child)
        if missing:
            self._of_child.update((row[0], row[1]) for row in self._transaction.rows(_CHILD_KEYS, ids=missing))

    def seal(self, child: str | None, municipality: str, plain: bytes) -> bytes:
        """Under the child's key; under the municipality's where no child is known."""
        return self._keys.seal(self._key(child, municipality), plain)

    def open(self, child: str | None, municipality: str, sealed: bytes | None) -> bytes | None:
        """`None` where there is nothing, or where the child has been erased."""
        if sealed is None:
            return None
        if child is not None:
            self.fetch([child])
            if child not in self._of_child:
                return None
        return self._keys.open(self._key(child, municipality), sealed)

    def _key(self, child: str | None, municipality: str) -> bytes:
        if child is None:
            return self._of_municipality.get(municipality) or self._municipality_key(municipality)
        self.fetch([child])
        key = self._of_child.get(child)
        if key is None:
            raise UnusableError(
                "unknown_child", "no such child is known, or it has been erased", way_out="enrol it first"
            )
        return key

    def _municipality_key(self, municipality: str) -> bytes:
        rows = self._transaction.rows(_MUNICIPALITY_KEYS, ids=[municipality])
        if not rows:
            dialect = postgresql if self._transaction.connection.dialect.name == "postgresql" else sqlite
            fresh = dialect.insert(MUNICIPALITIES).values(id=municipality, key=self._keys.new_child_key())
            self._transaction.run(fresh.on_conflict_do_nothing())
            rows = self._transaction.rows(_MUNICIPALITY_KEYS, ids=[municipality])
        key: bytes = rows[0][1]
        self._of_municipality[municipality] = key
        return key
