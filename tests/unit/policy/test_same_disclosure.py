"""A case file and register facts that say the same are the same disclosure, and are decided alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.model.calendar import norwegian_day
from hub.model.person import Child, Guardian, Maturity
from hub.model.responsibility import Facts
from hub.policy import Disclosure, decide, directed
from hub.policy.case_format import LawCase
from hub.policy.cases import read_cases

CASES = Path(__file__).parents[2] / "cases"
ONE_DAY = {"cases.yaml", "own.yaml", "lines.yaml"}


class _Words(yaml.SafeLoader):
    """YAML without dates, as case files are read."""


_Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def told() -> list[tuple[LawCase, dict[str, Any]]]:
    """Every case about an ordinary message, with what its file claims."""
    found = []
    for name in sorted(ONE_DAY):
        documents = [one for one in yaml.load_all((CASES / name).read_text(encoding="utf-8"), _Words) if one]
        found += list(zip(read_cases(CASES / name), documents, strict=True))
    return [(case, document) for case, document in found if case.disclosure.message.kind == "info"]


def registered(asked: Disclosure) -> Facts:
    """What the registers would have to say for this case to be so."""
    subject, today = asked.subject, norwegian_day(asked.now)
    child = Child(
        "child",
        "same",
        birth_date=None if subject.age is None else _born(today, subject.age),
        unborn=subject.unborn,
        guardians=tuple(Guardian(one, one) for one in sorted(subject.guardians)),  # type: ignore[arg-type]
        care_order=subject.care_order,
        protection=subject.protection,
        deceased=subject.deceased,
        maturity=None if subject.understands is None else Maturity(subject.understands, "nurse-1", today, "sharing"),
        hearing=today if subject.heard else None,
        authority_block=subject.authority_block,
        opposes_health_disclosure=subject.opposes_health_disclosure,
        withheld=subject.withheld,
        as_of=asked.now,
        residence=None if subject.municipality == "same" else subject.municipality,
    )
    return Facts(child, consents=asked.consents)


def _born(today: Any, age: int) -> Any:
    return today.replace(year=today.year - age) if (today.month, today.day) != (2, 29) else today


@pytest.mark.parametrize(("case", "document"), told(), ids=[case.id for case, _ in told()])
def test_a_case_and_the_registers_are_decided_alike(case: LawCase, document: dict[str, Any]) -> None:
    asked = case.disclosure
    claims = {key: document[key] for key in ("basis", "duty") if document.get(key)}
    claims |= {"person": "emp-1"} if claims else {}

    routed = directed(registered(asked), asked.sender, asked.receiver, asked.message, asked.now, claims)
    routed = replace(routed, purpose=asked.purpose)
    one, other = decide(asked), decide(routed)

    assert (one.outcome, one.rules, one.removed, one.kept) == (other.outcome, other.rules, other.removed, other.kept)
    assert asked.now == routed.now
    assert isinstance(routed.now, datetime)
