"""The law's own cases, ours beside them, and those of a neighbouring checkout where there is one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hub.policy import decide
from hub.policy.book import RULES
from hub.policy.case_format import LawCase
from hub.policy.cases import as_expected, read_cases, run_cases

HERE = Path(__file__).parent
CASES = [*read_cases(HERE / "cases.yaml"), *read_cases(HERE / "own.yaml")]
LAW = {row["id"]: row for row in json.loads((HERE / "rules.json").read_text(encoding="utf-8"))}


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_the_outcome_is_the_one_the_law_gives(case: LawCase) -> None:
    decision = decide(case.disclosure)

    assert decision.outcome == case.outcome
    assert case.rules <= set(decision.rules)
    assert as_expected(case, decision)


def test_the_open_cases_are_all_there() -> None:
    results, ok = run_cases(HERE / "cases.yaml")

    assert ok
    assert len(results) == 146
    keys = {"id", "outcome", "rules", "removed", "explanation", "statutes", "would_change_it"}
    assert all(set(line) == keys for line in results)
    assert all(line["would_change_it"] for line in results if line["outcome"] in ("deny", "hold"))
    json.dumps(results)


def test_the_book_holds_exactly_the_rules_of_the_law() -> None:
    assert set(RULES) == set(LAW)
    assert all(rule.text.endswith(".") and rule.cites for rule in RULES.values())


def test_every_rule_stands_alone_in_a_case_of_ours() -> None:
    alone = {next(iter(case.rules)) for case in read_cases(HERE / "own.yaml") if len(case.rules) == 1}

    assert alone == set(RULES)
