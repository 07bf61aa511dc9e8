"""One transaction, and the database that gives it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from hub.ports.answers import Answers
from hub.ports.audit import Audit
from hub.ports.consents import ConsentRequests, Consents
from hub.ports.decisions import Decisions
from hub.ports.deliveries import Deliveries
from hub.ports.directory import Directory
from hub.ports.experiences import Experiences
from hub.ports.figures import Figures
from hub.ports.holds import Holds, Moves
from hub.ports.inbox import Inbox
from hub.ports.ledger import Ledger
from hub.ports.links import Links
from hub.ports.looks import Looks
from hub.ports.persons import Persons
from hub.ports.plans import Plans
from hub.ports.population import Feeds
from hub.ports.proposals import Proposals
from hub.ports.set_aside import SetAside
from hub.ports.tally import Tally
from hub.ports.tasks import Logbook, Tasks
from hub.ports.views import Views, ViewVersions


class Work(Protocol):
    """One transaction with everything in it."""

    inbox: Inbox
    answers: Answers
    ledger: Ledger
    plans: Plans
    views: Views
    view_versions: ViewVersions
    looks: Looks
    links: Links
    persons: Persons
    consents: Consents
    consent_requests: ConsentRequests
    deliveries: Deliveries
    decisions: Decisions
    holds: Holds
    moves: Moves
    proposals: Proposals
    tasks: Tasks
    logbook: Logbook
    set_aside: SetAside
    audit: Audit
    directory: Directory
    feeds: Feeds
    tally: Tally
    figures: Figures
    experiences: Experiences


class Store(Protocol):
    """A database. Thread-safe."""

    def begin(self) -> AbstractContextManager[Work]:
        """Commits at the end, rolls back on an exception. A database that is away raises `TryAgainError`."""

    def claim(self, names: Sequence[str]) -> AbstractContextManager[frozenset[str]]:
        """Those of the names that no other worker holds: held, with no transaction open, until the block or the process
        ends."""

    def migrate(self) -> None:
        """Makes the tables or brings them up to date; safe to call from every process."""

    def rewrap(self) -> int:
        """Wraps every child key with the current master key; says how many were wrapped by a former one."""

    def ping(self) -> None:
        """Returns when the database answers; raises `TryAgainError` otherwise."""

    def close(self) -> None:
        """Ends its connections."""
