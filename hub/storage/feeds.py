"""How far the feeds of registers have been read."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, select

from hub.storage.bulk import Change
from hub.storage.schema import METADATA, Id
from hub.storage.transaction import Transaction

FEEDS = Table(
    "feeds",
    METADATA,
    Column("municipality", Id, primary_key=True),
    Column("feed", Id, primary_key=True),
    Column("next", BigInteger, nullable=False),
)

_PUT = Change(FEEDS, finds=("municipality", "feed"), sets=("next",))


class SqlFeeds:
    """Keeps the port `Feeds`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def next(self, municipality: str, feed: str) -> int | None:
        mine = select(FEEDS.c.next).where(FEEDS.c.municipality == municipality, FEEDS.c.feed == feed)
        row = self._transaction.row(mine)
        return None if row is None else int(row.next)

    def put(self, municipality: str, feed: str, next: int) -> None:
        self._transaction.upsert(_PUT, [(municipality, feed, next)])
