"""The assessment of consequences for privacy (DPIA) tells what the code does: it names all, and proves what it says."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib import import_module
from pkgutil import iter_modules

import pytest

import hub.storage
from hub.model.official import ROLES
from hub.model.person import Child
from hub.model.plan import CATEGORIES
from hub.ops.config import SCOPES
from hub.policy.explain import texts
from hub.policy.rules import BOOK
from hub.registers.person import PARTS
from hub.settings import PREFIX, Settings
from hub.storage.schema import METADATA
from tests.house.house import ROOT, functions, listed, tree
from tests.house.pages import code

PAGE = ROOT / "deploy" / "dpia.md"
TEXT = PAGE.read_text(encoding="utf-8")
NAMED = frozenset(code(PAGE))
RISKS = re.findall(r"^\| (\d+) \| .*$", TEXT, re.MULTILINE)
PROOFS = [each for each in code(PAGE) if "::" in each]
UNITS = {"days": "dager", "hours": "timer"}


def tables() -> set[str]:
    """Every table there is."""
    for module in iter_modules(hub.storage.__path__):
        import_module(f"hub.storage.{module.name}")
    return set(METADATA.tables)


def retention() -> list[str]:
    """Every setting that says how long something is kept or counts."""
    return [name for name in Settings.model_fields if name.rpartition("_")[2] in UNITS]


@pytest.mark.parametrize(
    ("what", "there"),
    [
        ("categories", CATEGORIES),
        ("facts of a child", {each.name for each in fields(Child)}),
        ("parts asked of the population register", set(PARTS)),
        ("roles", ROLES),
        ("scopes", SCOPES),
    ],
)
def test_everything_that_is_processed_is_named(what: str, there: frozenset[str]) -> None:
    missing = sorted(there - NAMED)

    assert not missing, listed(f"{what} that deploy/dpia.md does not name:", missing)


def test_every_category_is_called_what_the_family_reads() -> None:
    said = texts("nb")["category"]
    wrong = [name for name in sorted(CATEGORIES) if f"`{name}` {said[name]}" not in TEXT.replace("\n", " ")]

    assert not wrong, listed("categories under another name:", wrong)


def test_every_table_that_is_kept_is_named_and_none_that_is_not() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith(("| `", "Uten personopplysninger:"))]
    told = {word for line in rows for word in re.findall(r"`([a-z_]+)`", line.split(" | ")[0])} - ROLES

    assert told == tables()


@pytest.mark.parametrize("name", retention())
def test_every_time_of_storage_stands_with_its_default(name: str) -> None:
    default, unit = Settings.model_fields[name].default, UNITS[name.rpartition("_")[2]]

    assert re.search(rf"\| `{PREFIX}{name.upper()}` \| {default:g} {unit} \|", TEXT), f"{name}: {default:g} {unit}"


def test_every_rule_is_named_in_its_family() -> None:
    told = set(re.findall(r"\b[A-Z]{3}-\d\d\b", TEXT))
    families = {rule[:3] for rule in BOOK.rules}

    assert told == set(BOOK.rules)
    assert all(re.search(rf"^\|(?: [A-Z]{{3}})* {family}\b", TEXT, re.MULTILINE) for family in families)


def test_every_risk_has_a_measure_that_a_test_proves() -> None:
    rows = [line.split(" | ") for line in TEXT.splitlines() if re.match(r"\| \d+ \|", line)]
    levels = [tuple(map(int, re.findall(r"[1-4]", row[at]))) for row in rows for at in (2, 5)]

    assert [int(number) for number in RISKS] == list(range(1, len(rows) + 1))
    assert all(len(row) == 6 and row[3].strip() and "::" in row[4] for row in rows)
    assert all(len(each) == 2 for each in levels)
    assert all(
        after[0] * after[1] < before[0] * before[1] for before, after in zip(levels[::2], levels[1::2], strict=True)
    )


@pytest.mark.parametrize("proof", sorted(set(PROOFS)))
def test_every_test_it_leans_on_is_there(proof: str) -> None:
    file, _, test = proof.partition("::")
    found = {where.rpartition(".")[2] for where, _ in functions(tree(ROOT / "tests" / file))}

    assert test in found, f"{proof} is no test that there is"


def test_what_only_the_municipality_can_decide_is_left_to_it() -> None:
    ask = TEXT.partition("## 9.")[2]

    assert all(f"art. {article}" in ask for article in ("26", "28", "33", "35 nr. 2", "35 nr. 9", "36"))
    assert ask.count("| |") >= 10
