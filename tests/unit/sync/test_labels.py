"""A message may add categories; only the owner takes one away, and only by a label of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.model.change import Item
from hub.model.plan import Element, Plan
from hub.sync import merge, stamped
from hub.sync.merge import Base, Merge, Sender

FIELDS = {"measure": frozenset({"title"})}
EDUCATION, SPED = frozenset({"education"}), frozenset({"sped"})
UNCLASSIFIED = frozenset({"unclassified"})
NOTHING: frozenset[str] = frozenset()


def plan(*categories: str, owner: str = "school") -> Plan:
    element = Element("e1", "measure", owner, frozenset(categories), {"title": "Read"}, keys={"school-1": "m1"})
    return Plan("p", "9999", "c", 1, {"e1": stamped(element)})


def told(at: Plan, title: str, named: frozenset[str] | None, echo: frozenset[str] | None = None) -> Merge:
    """The school's document, whose label names these; `echo` is what the hub's own label would name."""
    item = Item({"title": title}, EDUCATION | (named or NOTHING), named=named)
    sender = Sender("school-1", "school", lambda _: "allowed", label=lambda _: echo)
    return merge(at, {"measure": {"m1": item}}, "full", sender, Base({}, {}), FIELDS)


def categories(outcome: Merge) -> frozenset[str]:
    return outcome.plan.elements["e1"].categories


@pytest.mark.parametrize("title", ["Read", "Read aloud"], ids=["unchanged words", "other words"])
class TestTheOwner:
    def test_takes_away_what_its_former_label_named(self, title: str) -> None:
        outcome = told(plan("education", "sped"), title, NOTHING, echo=SPED)

        assert categories(outcome) == {"education"}
        assert outcome.taken(plan("education", "sped")) == {"e1": SPED}

    def test_classifies_what_nobody_had(self, title: str) -> None:
        assert categories(told(plan("education", "unclassified"), title, SPED)) == {"education", "sped"}

    def test_takes_nothing_away_by_a_format_without_labels(self, title: str) -> None:
        assert categories(told(plan("education", "unclassified", "sped"), title, None)) == {
            "education", "unclassified", "sped"
        }  # fmt: skip

    def test_takes_nothing_away_by_the_echo_of_the_hubs_own_label(self, title: str) -> None:
        at = plan("education", "sped", "attendance")

        assert categories(told(at, title, SPED, echo=SPED)) == {"education", "sped", "attendance"}

    def test_leaves_what_no_single_label_could_say(self, title: str) -> None:
        at = plan("education", "sped", "attendance")

        assert categories(told(at, title, NOTHING, echo=SPED)) == {"education", "attendance"}

    def test_whose_label_nobody_knows_stays_unclassified(self, title: str) -> None:
        at = plan("education", "unclassified")

        assert categories(told(at, title, UNCLASSIFIED)) == {"education", "unclassified"}


def test_nobody_else_takes_a_category_away_by_a_label() -> None:
    others = replace(plan("education", "sped", owner="health"))

    assert categories(told(others, "Read aloud", NOTHING, echo=SPED)) == {"education", "sped"}
    assert told(others, "Read", NOTHING, echo=SPED).changed == []
