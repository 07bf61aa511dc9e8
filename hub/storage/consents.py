"""The consent register: part of a child's facts, so that each change raises their version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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

    def add(self, consents: Sequence[Consent]) -> None:
        if consents:
            facts = self._facts(consents[0].child)
            self._persons.change(replace(facts, consents=(*facts.consents, *consents)))

    def find(self, municipality: str, id: str) -> Consent | None:
        mine = select(CONSENTS.c.child).where(CONSENTS.c.id == id, CONSENTS.c.municipality == municipality)
        row = self._transaction.row(mine)
        return None if row is None else next((each for each in self.of(row.child) if each.id == id), None)

    def put(self, consent: Consent) -> None:
        facts = self._facts(consent.child)
        consents = (consent if each.id == consent.id else each for each in facts.consents)
        self._persons.change(replace(facts, consents=tuple(consents)))

    def of(self, child: str) -> Sequence[Consent]:
        facts = self._persons.facts([child]).get(child)
        return () if facts is None else facts.consents

    def undocumented(self, municipality: str) -> Sequence[Consent]:
        mine = select(CONSENTS.c.child).where(CONSENTS.c.undocumented, CONSENTS.c.municipality == municipality)
        children = sorted({row.child for row in self._transaction.rows(mine)})
        found = self._persons.facts(children).values()
        return sorted(
            (one for each in found for one in each.consents if one.awaits_documentation), key=lambda one: one.id
        )

    def _facts(self, child: str) -> Facts:
        facts = self._persons.facts([child]).get(child)
        if facts is None:
            raise UnusableError(
                "unknown_child", "no such child is known, or it has been erased", way_out="enrol it first"
            )
        return facts
