"""The law's own cases, ours beside them, and those of a neighbouring checkout where there is one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hub.policy import decide
from hub.policy.book import RULES
from hub.policy.case_format import LawCase
from hub.policy.cases import as_expected, read_cases, run_cases

HERE = Path(__file__).parent
FILES = ("cases.yaml", "own.yaml", "lines.yaml")
CASES = [case for name in FILES for case in read_cases(HERE / name)]
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


SHORT = {
    "opplæringslova": "oppll",
    "sosialtjenesteloven": "sotjl",
    "helsepersonelloven": "hpl",
    "familievernkontorloven": "fvkl",
    "nav-loven": "nav",
    "FOR-2022-06-22-1110": "ipf",
    "GDPR": "gdpr",
    "barnekonvensjonen": "crc",
}
NO_PROVISION = re.compile(r"S\d|design rule|vergemålsloven$|\(")


@pytest.mark.parametrize("id", sorted(LAW))
def test_a_rule_cites_every_act_and_section_that_the_law_gives_it(id: str) -> None:
    cited = " ".join(RULES[id].cites)
    told = re.sub(r"\(.*?\)|; earlier.*", "", LAW[id]["cite"])
    parts = [part.strip() for part in re.split(r"[;,] ", told) if not NO_PROVISION.match(part.strip())]

    missing = [word for part in parts for word in _act_and_sections(part) if word not in cited]

    assert missing == []


def _act_and_sections(part: str) -> list[str]:
    """`hpl §§ 21-22` is hpl, 21 and 22; a number of an act's own name is none of its sections."""
    act = SHORT.get(part.split(" ")[0], part.split(" ")[0])
    named = [act] if act[0].isalpha() and act not in ("art.", "første") else []
    return named + re.findall(r"(?<= )\d+(?:-\d+)?(?= |$)", part.replace("21-22", "21 22").replace("5-7", "5 6 7"))


def test_the_names_of_the_cases_are_their_own() -> None:
    names = [case.id for case in CASES]

    assert len(set(names)) == len(names)


def test_every_rule_stands_alone_in_a_case_of_ours() -> None:
    alone = {next(iter(case.rules)) for case in read_cases(HERE / "own.yaml") if len(case.rules) == 1}

    assert alone == set(RULES)
