"""Forgetting a child: the key goes, and with it everything that was sealed under it."""

from __future__ import annotations

from sqlalchemy import delete, update

from hub.storage.deliveries import DELIVERIES
from hub.storage.ledger import PARTS
from hub.storage.links import LINKS
from hub.storage.transaction import Transaction
from hub.storage.vault import PERSONS

CODE = "erased"


def erase(transaction: Transaction, child: str) -> None:
    """Ids, states and the audit chain stay, so both ledgers still add up; nobody can tell any more whose they were."""
    now = transaction.clock.now()
    person = update(PERSONS).where(PERSONS.c.id == child)
    transaction.run(person.values(key=None, facts=None, number=None, number_print=None, version=PERSONS.c.version + 1))
    transaction.run(delete(LINKS).where(LINKS.c.child == child))
    parts = update(PARTS).where(PARTS.c.open, PARTS.c.child == child)
    transaction.run(parts.values(state="refused", code=CODE, open=False, ended_at=now))
    deliveries = update(DELIVERIES).where(DELIVERIES.c.open, DELIVERIES.c.child == child)
    transaction.run(deliveries.values(state="expired", code=CODE, open=False))
    transaction.after_commit += [
        transaction.caches.plans.clear,
        transaction.caches.facts.clear,
        transaction.caches.opened.clear,
    ]
