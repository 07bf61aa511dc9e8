"""Children and the register facts about them, sealed as one value with one version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Boolean, Column, Table, bindparam, or_, select, update

from hub.errors import TryAgainError
from hub.model.responsibility import Facts, Release
from hub.storage import wire
from hub.storage.bulk import Change
from hub.storage.erasure import erase
from hub.storage.looks import SqlLooks
from hub.storage.query import Query
from hub.storage.schema import METADATA, Id, one_of
from hub.storage.transaction import Transaction, ordered
from hub.storage.vault import PERSONS, Vault

CONSENTS = Table(
    "consents",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("child", Id, nullable=False),
    Column("undocumented", Boolean, nullable=False),
)
"""Whose a consent is. The consent itself lies among the child's facts, so that a decision sees one version of all."""

_P = PERSONS.c
_SELECT_HEADS = select(_P.id, _P.version, _P.key).where(one_of(_P.id, "ids"), _P.key.is_not(None)).order_by(_P.id)
_LOCKED = Query(_SELECT_HEADS.with_for_update(read=True))
_TO_CHANGE = Query(_SELECT_HEADS.with_for_update(key_share=True))
_HEADS = Query(_SELECT_HEADS)
_FACTS = Query(select(_P.id, _P.version, _P.key, _P.facts).where(one_of(_P.id, "ids"), _P.key.is_not(None)))
_BY_PRINT = select(_P.id, _P.number_print).where(
    one_of(_P.number_print, "prints"), _P.municipality == bindparam("municipality"), _P.key.is_not(None)
)
_NUMBERS = select(_P.id, _P.key, _P.number).where(
    one_of(_P.id, "ids"), _P.municipality == bindparam("municipality"), _P.key.is_not(None), _P.number.is_not(None)
)
_IDENTIFY = (
    update(PERSONS)
    .where(_P.id == bindparam("of_child"), _P.number.is_(None))
    .values(number=bindparam("sealed"), number_print=bindparam("mark"))
)
_CHANGE = Change(PERSONS, finds=("id", "version"), sets=("version", "facts", "confirmed_at"))
_INDEX = Change(CONSENTS, finds=("id",), sets=("municipality", "child", "undocumented"))


class SqlPersons:
    """Keeps the port `Persons`."""

    def __init__(self, transaction: Transaction, vault: Vault, looks: SqlLooks) -> None:
        self._transaction = transaction
        self._vault = vault
        self._looks = looks

    def facts(self, children: Sequence[str], *, lock: bool = False, change: bool = False) -> Mapping[str, Facts]:
        if not children:
            return {}
        remembered = self._transaction.caches.facts
        found: dict[str, Facts] = {}
        missing: list[str] = []
        heads = _TO_CHANGE if change else _LOCKED if lock else _HEADS
        for row in self._transaction.rows(heads, ids=ordered(children)):
            self._vault.learn(row.id, row.key)
            facts = remembered.get((row.id, row.version))
            if facts is None:
                missing.append(row.id)
            else:
                found[row.id] = facts
        if missing:
            found.update((row.id, self._read(row)) for row in self._transaction.rows(_FACTS, ids=missing))
        return found

    def add(self, facts: Facts, number: str | None) -> None:
        child, key = facts.child, self._transaction.keys.new_child_key()
        sealed_number = self._transaction.keys.seal(key, number.encode()) if number is not None else None
        mark = self._print(child.municipality, number) if number is not None else None
        facts = replace(facts, version=1)
        sealed = self._transaction.keys.seal(key, dump_facts(facts))
        row = (child.id, child.municipality, 1, key, sealed, sealed_number, mark, child.as_of)
        self._transaction.insert(PERSONS, [row])
        self._vault.learn(child.id, key)
        self._index(facts)

    def change(self, facts: Facts) -> None:
        child = facts.child
        newer = replace(facts, version=facts.version + 1)
        sealed = self._vault.seal(child.id, child.municipality, dump_facts(newer))
        if self._transaction.update(_CHANGE, [(child.id, facts.version, newer.version, sealed, child.as_of)]) != 1:
            raise TryAgainError("somebody else changed the facts about this child first")
        self._index(newer)
        self._looks.ask_of_child(child.municipality, child.id)

    def identify(self, child: str, municipality: str, number: str) -> None:
        sealed = self._vault.seal(child, municipality, number.encode())
        self._transaction.run(_IDENTIFY, of_child=child, sealed=sealed, mark=self._print(municipality, number))

    def by_number(self, municipality: str, number: str) -> str | None:
        mark = self._print(municipality, number)
        row = self._transaction.row(select(_P.id).where(_P.municipality == municipality, _P.number_print == mark))
        return None if row is None else row.id

    def by_numbers(self, municipality: str, numbers: Sequence[str]) -> Mapping[str, str]:
        if not numbers:
            return {}
        marks = {self._print(municipality, number): number for number in numbers}
        rows = self._transaction.rows(_BY_PRINT, prints=list(marks), municipality=municipality)
        return {marks[row.number_print]: row.id for row in rows}

    def numbers(self, municipality: str, children: Sequence[str]) -> Mapping[str, str]:
        if not children:
            return {}
        rows = self._transaction.rows(_NUMBERS, ids=ordered(children), municipality=municipality)
        return {row.id: self._transaction.keys.open(row.key, row.number).decode() for row in rows}

    def confirmed_before(self, municipality: str, before: datetime, limit: int) -> Sequence[str]:
        mine = (_P.municipality == municipality, _P.key.is_not(None), _P.number.is_not(None))
        old = or_(_P.confirmed_at.is_(None), _P.confirmed_at < before)
        rows = select(_P.id).where(*mine, old).order_by(_P.confirmed_at.asc().nulls_first(), _P.id).limit(limit)
        return [row.id for row in self._transaction.rows(rows)]

    def erase(self, child: str) -> None:
        erase(self._transaction, child)

    def _print(self, municipality: str, number: str) -> str:
        return self._transaction.keys.fingerprint("number", municipality, number).hex()

    def _read(self, row: Any) -> Facts:
        facts = load_facts(self._transaction.keys.open(row.key, row.facts))
        key = (row.id, row.version)
        self._transaction.after_commit.append(lambda: self._transaction.caches.facts.put(key, facts))
        return facts

    def _index(self, facts: Facts) -> None:
        child = facts.child
        rows = [(each.id, each.municipality, child.id, each.awaits_documentation) for each in facts.consents]
        self._transaction.upsert(_INDEX, rows)


def dump_facts(facts: Facts) -> bytes:
    """JSON bytes; the releases as a list, since their keys are within them."""
    return orjson.dumps(
        [orjson.Fragment(wire.dump(replace(facts, releases={}))), *map(_fragment, facts.releases.values())]
    )


def load_facts(raw: bytes) -> Facts:
    """The inverse of `dump_facts`."""
    head, *releases = orjson.loads(raw)
    found = [wire.build(Release, release) for release in releases]
    facts: Facts = wire.build(Facts, head)
    return replace(facts, releases={(each.element, each.digest, each.receiver): each for each in found})


def _fragment(release: Release) -> orjson.Fragment:
    return orjson.Fragment(wire.dump(release))
