"""What single rules answer, exactly: read from `findings.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from hub.policy import Disclosure, decide
from hub.policy.book import Book
from hub.policy.case_format import read_case
from hub.policy.decision import finding_record
from hub.policy.rules import BOOK


@dataclass(frozen=True)
class Answer:
    """One row: the rule, what it says (`None`: it is silent), and the disclosure."""

    name: str
    rule: str
    says: Mapping[str, list[str]] | None
    disclosure: Disclosure

    def given(self, book: Book = BOOK) -> Mapping[str, list[str]] | None:
        """What the rule answers by this book."""
        found = [one for one in decide(self.disclosure, book=book).found if one.rule == self.rule]
        if not found:
            return None
        told = finding_record(found[0])
        return {name: told[name] for name in found[0].finding.effects}


def answers() -> list[Answer]:
    rows = yaml.safe_load(Path(__file__).with_name("findings.yaml").read_text(encoding="utf-8"))
    return [_answer(place, row) for place, row in enumerate(rows)]


def _answer(place: int, row: dict[str, Any]) -> Answer:
    asked = read_case(row["case"]).disclosure
    for part, facts in row.get("beyond", {}).items():
        known = {name: frozenset(value) if isinstance(value, list) else value for name, value in facts.items()}
        now = getattr(asked, part)
        changed = tuple(replace(one, **known) for one in now) if isinstance(now, tuple) else replace(now, **known)
        asked = replace(asked, **{part: changed})
    says = None if row.get("silent") else {name: sorted(value) for name, value in row["says"].items()}
    return Answer(f"{row['rule']} {place}", row["rule"], says, asked)
