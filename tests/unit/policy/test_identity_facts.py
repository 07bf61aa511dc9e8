"""The eight identity facts (LBW-10): every receiver, every fact, every way, against a table that knows no policy."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model.plan import IDENTITY_FACTS
from hub.policy import Disclosure, decide
from hub.policy.case_format import read_case
from hub.policy.services import services
from tests.unit.policy import children
from tests.unit.policy.identity_table import (
    CARRIES,
    EXTENDED,
    FACTS,
    RECEIVERS,
    SENDERS,
    Asked,
    Way,
    goes,
    outcome,
)

WAYS: tuple[Way, ...] = ("consent", "none", "duty", "necessity")


def disclosure(asked: Asked) -> Disclosure:
    """The same as a lawyer would write it into a case file."""
    case: dict[str, Any] = {
        "id": "one",
        "title": "Some of the eight facts",
        "expect": {"outcome": "deny"},
        "subject": {"age": 6, "guardians": ["mother"], "protection": asked.protection},
        "sender": asked.sender,
        "receiver": asked.receiver,
        "message": {"categories": sorted(asked.told)},
    }
    if asked.way == "consent":
        agreed = sorted(asked.agreed | {"adaptation"})
        yes = {"by": ["mother"], "to": [asked.receiver], "categories": agreed, "form": "written", "documented": True}
        case["consents"] = [yes]
    if asked.way == "duty":
        case["duty"] = {"ground": "a"}
    if asked.way == "necessity":
        case["basis"] = {"statute": CARRIES[asked.sender][0], "necessity": "sender"}
    if asked.protection == "none":
        del case["subject"]["protection"]
    return read_case(case).disclosure


def told_as_the_table_says(asked: Asked) -> None:
    decision = decide(disclosure(asked))

    kept = decision.kept if decision.outcome.startswith("forward") else frozenset()
    assert (decision.outcome, kept) == (outcome(asked), goes(asked)), asked
    taken = asked.facts - goes(asked)
    if decision.outcome != "deny":
        assert taken <= decision.removed.keys()
    if asked.way == "consent" and asked.sender in EXTENDED and asked.facts - asked.agreed:
        assert "LBW-10" in decision.rules


def pairs(receiver: str) -> list[tuple[str, Way]]:
    return [(sender, way) for sender in SENDERS for way in WAYS if sender != receiver]


@pytest.mark.parametrize("receiver", RECEIVERS)
def test_each_fact_goes_to_a_receiver_where_it_is_itself_covered_and_nowhere_else(receiver: str) -> None:
    for sender, way in pairs(receiver):
        for fact in FACTS:
            for agreed in (frozenset({fact}), frozenset[str]()):
                told_as_the_table_says(Asked(sender, receiver, frozenset({fact}), agreed, way))


@settings(max_examples=1_000, deadline=None)
@given(
    asked=st.builds(
        Asked,
        st.sampled_from(SENDERS),
        st.sampled_from(RECEIVERS),
        st.frozensets(st.sampled_from(FACTS)),
        st.frozensets(st.sampled_from(FACTS)),
        st.sampled_from(WAYS),
        st.sampled_from(["none", "none", "confidential", "strictly_confidential"]),
    ).filter(lambda asked: asked.sender != asked.receiver)
)
def test_any_of_the_facts_go_where_each_is_covered(asked: Asked) -> None:
    told_as_the_table_says(asked)


@pytest.mark.parametrize("owner", SENDERS)
@pytest.mark.parametrize("fact", FACTS)
def test_in_a_plan_a_fact_is_an_element_and_goes_where_it_is_agreed_to_by_name(owner: str, fact: str) -> None:
    element = children.element("a", fact, owner=owner)
    agreed, other = (children.all_three(categories=frozenset({name})) for name in (fact, "education"))

    assert children.seen(children.facts(agreed), element).opened == {"a"}
    assert set(children.seen(children.facts(other), element).shut) == {"a"}


def test_the_table_names_every_receiver_and_every_fact() -> None:
    assert set(RECEIVERS) == set(services())
    assert set(FACTS) == IDENTITY_FACTS
    assert set(EXTENDED) == {name for name, one in services().items() if one.identity_secret}
