"""The consent register: part of a child's facts, so that each change raises their version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from hub.errors import UnusableError
from hub.model.consent import Consent
from hub.model.responsibility import Facts
from hub.storage.persons import CONSENTS, SqlPersons
from hub.storage.transaction import Transaction


class SqlConsents:
    """Keeps the port `Consents`."""

    def __init__(self, transaction: Transaction, persons: SqlPersons) -> None:
        self._transaction = transaction
        self._persons = persons

    def add(self, consent: Consent) -> None:
        facts = self._facts(consent.child)
        others = tuple(each for each in facts.consents if each.id != consent.id)
        self._persons.change(replace(facts, consents=(*others, consent)))

    def withdraw(self, municipality: str, id: str, at: datetime) -> None:
        row = self._transaction.row(
            select(CONSENTS.c.child).where(CONSENTS.c.id == id, CONSENTS.c.municipality == municipality)
        )
        if row is None:
            raise UnusableError(
                "unknown_consent", "no such consent in this municipality", way_out="look it up by child"
            )
        facts = self._facts(row.child)
        consents = (replace(each, withdrawn_at=at) if each.id == id else each for each in facts.consents)
        self._persons.change(replace(facts, consents=tuple(consents)))

    def of(self, child: str) -> Sequence[Consent]:
        facts = self._persons.facts([child]).get(child)
        return () if facts is None else facts.consents

    def _facts(self, child: str) -> Facts:
        facts = self._persons.facts([child]).get(child)
        if facts is None:
            raise UnusableError(
                "unknown_child", "no such child is known, or it has been erased", way_out="enrol it first"
            )
        return facts
