"""The port `Experiences`: counters, and keyed prints of who has answered, apart from each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from hub.ports import Answered, Experience
from hub.storage.schema import METADATA, Id
from hub.storage.transaction import Transaction

EXPERIENCES = Table(
    "experiences",
    METADATA,
    Column("municipality", Id, primary_key=True),
    Column("year", BigInteger, primary_key=True, autoincrement=False),
    Column("service", Id, primary_key=True),
    Column("question", Id, primary_key=True),
    Column("answer", Id, primary_key=True),
    Column("number", BigInteger, nullable=False),
)
GIVEN = Table(
    "experiences_given",
    METADATA,
    Column("print", LargeBinary, primary_key=True),
    Column("municipality", Id, nullable=False),
    Column("year", BigInteger, nullable=False),
)

_E, _G = EXPERIENCES.c, GIVEN.c
_OF_YEAR = select(_E.service, _E.answer, _E.number).where(
    _E.municipality == bindparam("municipality"), _E.year == bindparam("year"), _E.question == bindparam("question")
)
_FORMER = delete(GIVEN).where(_G.municipality == bindparam("of_municipality"), _G.year < bindparam("of_year"))


class SqlExperiences:
    """Keeps the port `Experiences`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, experience: Experience, child: str) -> bool:
        municipality, year, service, answers = experience
        self._transaction.run(_FORMER, of_municipality=municipality, of_year=year)
        print_ = self._transaction.keys.fingerprint("experience", municipality, str(year), service, child)
        first = self._insert(GIVEN).values(print=print_, municipality=municipality, year=year)
        if not self._transaction.rows(first.on_conflict_do_nothing().returning(_G.print)):
            return False
        for question, answer in sorted(answers.items()):
            row = {"municipality": municipality, "year": year, "service": service, "question": question}
            one = self._insert(EXPERIENCES).values(**row, answer=answer, number=1)
            again = one.on_conflict_do_update(
                index_elements=list(EXPERIENCES.primary_key), set_={"number": _E.number + 1}
            )
            self._transaction.run(again)
        return True

    def answered(self, municipality: str, year: int, question: str) -> Sequence[Answered]:
        rows = self._transaction.rows(_OF_YEAR, municipality=municipality, year=year, question=question)
        return [Answered(*row) for row in rows]

    def _insert(self, table: Table) -> Any:
        dialect = postgresql if self._transaction.connection.dialect.name == "postgresql" else sqlite
        return dialect.insert(table)
