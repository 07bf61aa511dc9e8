"""Every line of the seeds is proved by tests that there are, asks nothing of the hub, or says what is missing."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.policy.cases import read_cases

HERE = Path(__file__).parent
TESTS = HERE.parent
SEEDS: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "seeds.yaml").read_text(encoding="utf-8"))
FAMILIES = {"L": 16, "A": 30, "D": 21, "R": 14, "P": 15, "C": 27, "F": 15, "O": 17}
"""How many lines each family has: laws, actors, duties, rights, plans, confidentiality, failures, others."""
OPEN = 0
"""How many lines lack something. It goes down; it never goes up unseen."""
TABLE = "journeys/test_every_service.py"
"""The one table that stands for many lines, since each line is a row of it."""


@cache
def functions(file: str) -> frozenset[str]:
    """The names of a file's test functions, at any depth; an error where there is no such file."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def named(key: str) -> Counter[str]:
    return Counter(each for line in SEEDS.values() for each in line.get(key, []))


def test_every_line_is_there() -> None:
    assert list(SEEDS) == [
        f"{family}-{number:02}" for family, many in FAMILIES.items() for number in range(1, many + 1)
    ]
    assert len(SEEDS) == 155


@pytest.mark.parametrize("id", SEEDS)
def test_a_line_is_proved_or_exempt_or_says_what_is_missing(id: str) -> None:
    line = SEEDS[id]
    proved = bool(line.get("tests") or line.get("cases"))

    assert line.keys() <= {"says", "tests", "cases", "exempt", "open"}
    assert line["says"].strip()
    assert all(line[key].strip() for key in ("exempt", "open") if key in line)
    assert proved + ("exempt" in line) == 1 or ("open" in line and "exempt" not in line)


def test_a_named_test_is_a_test_that_there_is() -> None:
    split = [each.split("::") for each in named("tests")]

    assert [f"{file}::{name}" for file, name in split if name not in functions(file)] == []
    assert all(name.startswith("test_") for _, name in split)


def test_a_named_case_is_a_case_that_there_is() -> None:
    there = {case.id for name in ("cases.yaml", "own.yaml", "lines.yaml") for case in read_cases(HERE / name)}

    assert sorted(named("cases").keys() - there) == []


def test_no_test_is_named_as_an_excuse() -> None:
    assert [each for each, times in named("tests").items() if times > 4 and not each.startswith(TABLE)] == []
    assert all(times <= 4 for times in named("cases").values())


def test_what_is_open_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    missing = {id: line["open"] for id, line in SEEDS.items() if "open" in line}
    with capsys.disabled():
        told = [f"OPEN LINES OF THE SEEDS: {len(missing)}", *(f"{id}: {why}" for id, why in missing.items())]
        sys.stdout.write("\n" + "\n  ".join(told) + "\n")

    assert len(missing) == OPEN
