"""Every rule removed on purpose, one at a time, and every rule broken inside, in one place at a time: a case fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.policy import decide
from hub.policy.book import Book
from hub.policy.cases import read_cases
from hub.policy.rules import BOOK
from tests.cases.findings import answers
from tests.cases.mutants import FAMILIES, mutants

HERE = Path(__file__).parent
CASES = [case for name in ("own.yaml", "lines.yaml", "cases.yaml") for case in read_cases(HERE / name)]
ANSWERS = answers()

ONLY_EXPLAINED = {
    "CON-06": "an unclear word is nobody's name: CON-07 and CON-08 find that nothing is named",
    "CON-08": "a category that no record names is covered by none; the rule tells which",
    "CON-13": "the basis opens by its own rule; this one records that the basis has changed",
    "CON-14": "nobody asks a person without authority; the rule tells why the paper does not count",
    "COO-04": "without a coordinator no rule opens the gate; who decides it is told by `gate`, and the rule opens to "
    "the municipality's choice, which a case file cannot name",
    "COO-07": "the next in line coordinates by COO-02 to COO-04; the rule tells that the mandate has ended",
    "DUT-03": "DUT-01 opens to child welfare alone; the rule tells why a copy goes nowhere",
    "DUT-04": "says that no leader is asked: there is nobody in the hub who could be",
    "DUT-09": "says that attention is no basis: there is none of that name to claim",
    "LBW-07": "LBW-06 opens to health alone; the rule tells why it reaches nobody else",
    "LBW-10": "an identity fact that nothing covers stays by CON-01; the rule tells that it is secret by itself",
}
"""Rules whose outcome another rule, or the default, gives without them, each with what it is there for."""


def changed(book: Book) -> bool:
    """Whether a decision of another outcome comes out anywhere."""
    return any(decide(case.disclosure, book=book).outcome != case.outcome for case in CASES)


def noticed(book: Book) -> bool:
    """Whether a test of ours would fail, by another answer or by an error."""
    try:
        return _told_otherwise(book)
    except Exception:  # whatever a broken rule raises
        return True


def _told_otherwise(book: Book) -> bool:
    if any(row.given(book) != row.says for row in ANSWERS):
        return True
    decided = ((case, decide(case.disclosure, book=book)) for case in CASES)
    return any(one.outcome != case.outcome or not case.rules <= set(one.rules) for case, one in decided)


@pytest.mark.long
@pytest.mark.parametrize("id", sorted(BOOK.rules))
def test_no_rule_can_be_torn_out_unnoticed(id: str) -> None:
    assert noticed(BOOK.without(id))


@pytest.mark.long
@pytest.mark.parametrize("id", sorted(BOOK.rules))
def test_a_rule_torn_out_changes_an_outcome_or_only_explained_one(id: str) -> None:
    assert changed(BOOK.without(id)) == (id not in ONLY_EXPLAINED)


@pytest.mark.long
@pytest.mark.parametrize("family", FAMILIES)
def test_no_rule_can_be_broken_inside_unnoticed(family: str) -> None:
    survivors = [one.name for one in mutants(family) if not noticed(one.book)]

    assert survivors == []
