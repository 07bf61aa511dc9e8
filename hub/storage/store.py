"""The port `Store` on SQLAlchemy Core: opens transactions, migrates, and rotates the master key."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress

from sqlalchemy import Connection, Engine, Table, select, text

from hub import ports
from hub.errors import TryAgainError
from hub.ports import Clock, Keys, Work
from hub.storage import migrations
from hub.storage.answers import SqlAnswers
from hub.storage.audit import SqlAudit, choose_chain
from hub.storage.bulk import Change
from hub.storage.claims import Claims
from hub.storage.consent_requests import SqlConsentRequests
from hub.storage.consents import SqlConsents
from hub.storage.decisions import SqlDecisions
from hub.storage.deliveries import SqlDeliveries
from hub.storage.directory import SqlDirectory
from hub.storage.engine import BUSY_SECONDS
from hub.storage.experiences import SqlExperiences
from hub.storage.failures import DATABASE_ERRORS, translated
from hub.storage.feeds import SqlFeeds
from hub.storage.figures import SqlFigures
from hub.storage.holds import SqlHolds
from hub.storage.inbox import SqlInbox
from hub.storage.ledger import SqlLedger
from hub.storage.links import SqlLinks
from hub.storage.looks import SqlLooks
from hub.storage.moves import SqlMoves
from hub.storage.persons import SqlPersons
from hub.storage.plans import SqlPlans
from hub.storage.proposals import SqlProposals
from hub.storage.set_aside import SqlSetAside
from hub.storage.tally import SqlTally
from hub.storage.tasks import SqlLogbook, SqlTasks
from hub.storage.transaction import Caches, Transaction
from hub.storage.vault import MUNICIPALITIES, PERSONS, Vault
from hub.storage.view_versions import SqlViewVersions
from hub.storage.views import SqlViews


class SqlWork:
    """Keeps the port `Work`: every port on one transaction."""

    def __init__(self, transaction: Transaction, chain: int) -> None:
        vault = Vault(transaction)
        looks = SqlLooks(transaction)
        persons = SqlPersons(transaction, vault, looks)
        self.inbox: ports.Inbox = SqlInbox(transaction)
        self.answers: ports.Answers = SqlAnswers(transaction, vault)
        self.ledger: ports.Ledger = SqlLedger(transaction, vault)
        self.plans: ports.Plans = SqlPlans(transaction, vault)
        self.views: ports.Views = SqlViews(transaction, vault)
        self.view_versions: ports.ViewVersions = SqlViewVersions(transaction)
        self.looks: ports.Looks = looks
        self.links: ports.Links = SqlLinks(transaction, vault)
        self.persons: ports.Persons = persons
        self.consents: ports.Consents = SqlConsents(transaction, persons)
        self.consent_requests: ports.ConsentRequests = SqlConsentRequests(transaction, vault)
        self.deliveries: ports.Deliveries = SqlDeliveries(transaction)
        self.decisions: ports.Decisions = SqlDecisions(transaction)
        self.holds: ports.Holds = SqlHolds(transaction, vault)
        self.moves: ports.Moves = SqlMoves(transaction, vault)
        self.proposals: ports.Proposals = SqlProposals(transaction, vault)
        self.tasks: ports.Tasks = SqlTasks(transaction, vault)
        self.logbook: ports.Logbook = SqlLogbook(transaction, vault)
        self.set_aside: ports.SetAside = SqlSetAside(transaction, vault)
        self.audit: ports.Audit = SqlAudit(transaction, chain)
        self.directory: ports.Directory = SqlDirectory(transaction, vault)
        self.feeds: ports.Feeds = SqlFeeds(transaction)
        self.tally: ports.Tally = SqlTally(transaction)
        self.figures: ports.Figures = SqlFigures(transaction)
        self.experiences: ports.Experiences = SqlExperiences(transaction)


class SqlStore:
    """Keeps the port `Store`. Thread-safe: each transaction has a connection of its own."""

    def __init__(self, engine: Engine, keys: Keys, clock: Clock) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock
        self._caches = Caches()
        self._chain = choose_chain()
        self._claims = Claims(engine)
        self._turn = threading.Lock()

    @contextmanager
    def begin(self) -> Iterator[Work]:
        with self._transaction() as transaction:
            yield SqlWork(transaction, self._chain)

    def claim(self, names: Sequence[str]) -> AbstractContextManager[frozenset[str]]:
        return self._claims.claim(names)

    def migrate(self) -> None:
        with translated():
            migrations.upgrade(self._engine)

    def rewrap(self) -> int:
        with self._transaction() as transaction:
            return sum(self._rewrap(transaction, table) for table in (PERSONS, MUNICIPALITIES))

    def ping(self) -> None:
        with translated(), self._engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """SQLite has one writer: threads of one process queue here, since its own waiting sleeps longer and longer."""
        if self._engine.dialect.name != "sqlite":
            yield
            return
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise TryAgainError("another transaction of this process has not ended")
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        with self._in_turn(), self._connected() as transaction:
            yield transaction

    @contextmanager
    def _connected(self) -> Iterator[Transaction]:
        with translated():
            connection = self._engine.connect()
        try:
            with translated():
                connection.begin()
            transaction = Transaction(connection, self._keys, self._clock, self._caches)
            yield transaction
            transaction.finish()
        except BaseException:
            _roll_back(connection)
            raise
        finally:
            with suppress(*DATABASE_ERRORS):
                connection.close()

    def _rewrap(self, transaction: Transaction, table: Table) -> int:
        rows = transaction.rows(select(table.c.id, table.c.key).where(table.c.key.is_not(None)).with_for_update())
        changed = [(row.id, newer) for row in rows if (newer := self._keys.rewrap(row.key)) != row.key]
        return transaction.update(Change(table, finds=("id",), sets=("key",)), changed)


def _roll_back(connection: Connection) -> None:
    """A connection that cannot even roll back is thrown away, not given to the next."""
    try:
        connection.rollback()
    except DATABASE_ERRORS:
        with suppress(*DATABASE_ERRORS):
            connection.invalidate()
