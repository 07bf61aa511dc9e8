"""Forgetting a child: the key goes, and with it everything that was sealed under it."""

from __future__ import annotations

from sqlalchemy import delete, or_, update

from hub.storage.consent_requests import CONSENT_REQUESTS
from hub.storage.deliveries import DELIVERIES
from hub.storage.holds import HOLDS
from hub.storage.ledger import PARTS
from hub.storage.links import LINKS
from hub.storage.looks import LOOKS
from hub.storage.proposals import PROPOSALS
from hub.storage.tasks import LOGBOOK, TASKS
from hub.storage.transaction import Transaction
from hub.storage.vault import PERSONS

CODE = "erased"


def erase(transaction: Transaction, child: str) -> None:
    """Ids, states and the audit chain stay, so both ledgers still add up; nobody can tell any more whose they were."""
    now = transaction.clock.now()
    person = update(PERSONS).where(PERSONS.c.id == child)
    transaction.run(
        person.values(
            key=None, facts=None, number=None, number_print=None, confirmed_at=None, version=PERSONS.c.version + 1
        )
    )
    transaction.run(delete(LINKS).where(LINKS.c.child == child))
    transaction.run(delete(LOOKS).where(LOOKS.c.child == child))
    parts = update(PARTS).where(or_(PARTS.c.open, PARTS.c.state == "held"), PARTS.c.child == child)
    transaction.run(parts.values(state="refused", code=CODE, open=False, ended_at=now))
    waits = or_(DELIVERIES.c.open, DELIVERIES.c.state == "held")
    deliveries = update(DELIVERIES).where(waits, DELIVERIES.c.child == child)
    transaction.run(deliveries.values(state="expired", code=CODE, open=False))
    asked = update(CONSENT_REQUESTS).where(CONSENT_REQUESTS.c.child == child)
    transaction.run(asked.values(open=False))
    transaction.run(delete(LOGBOOK).where(LOGBOOK.c.child == child))
    for table, end in ((HOLDS, "lapsed"), (PROPOSALS, "declined"), (TASKS, "withdrawn")):
        waiting = update(table).where(table.c.child == child, table.c.state == "open")
        transaction.run(waiting.values(state=end))
    transaction.after_commit += [
        transaction.caches.plans.clear,
        transaction.caches.facts.clear,
        transaction.caches.opened.clear,
    ]
