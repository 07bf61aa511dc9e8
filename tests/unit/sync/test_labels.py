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


def plan(*categories: str, owner: str = "school", said: tuple[tuple[str, ...], ...] = (("sped",),)) -> Plan:
    """`said` are the labels that the school's first system has said of it."""
    keys, labels = {"school-1": "m1"}, {"school-1": said}
    element = Element("e1", "measure", owner, frozenset(categories), {"title": "Read"}, keys=keys, labels=labels)
    return Plan("p", "9999", "c", 1, {"e1": stamped(element)})


def told(
    at: Plan, title: str, named: frozenset[str] | None, echo: frozenset[str] | None = None, by: str = "school-1"
) -> Merge:
    """The document of one of the school's systems, whose label names these; `echo` is what the hub's own would name."""
    item = Item({"title": title}, EDUCATION | (named or NOTHING), named=named)
    sender = Sender(by, "school", lambda _: "allowed", label=lambda _: echo)
    if by != "school-1":
        at = replace(at, elements={"e1": replace(at.elements["e1"], keys={**at.elements["e1"].keys, by: "m1"})})
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
        at = plan("education", "unclassified", said=(("unclassified",),))

        assert categories(told(at, title, SPED)) == {"education", "sped"}

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

    def test_takes_nothing_away_by_an_older_document_that_comes_late(self, title: str) -> None:
        at = plan("education", "sped", said=((), ("sped",)))

        assert categories(told(at, title, NOTHING, echo=SPED)) == {"education", "sped"}

    def test_takes_nothing_away_by_another_of_its_systems_that_has_not_seen_it(self, title: str) -> None:
        assert categories(told(plan("education", "sped"), title, NOTHING, echo=SPED, by="school-2")) == {
            "education", "sped"
        }  # fmt: skip

    def test_takes_away_only_what_that_systems_own_label_named(self, title: str) -> None:
        at = plan("education", "attendance", "sped", said=(("attendance",),))

        assert categories(told(at, title, NOTHING, echo=SPED)) == {"education", "sped"}


def test_what_a_system_has_labelled_once_it_does_not_label_so_again_by_an_old_document() -> None:
    first = told(plan("education", "sped"), "Read", NOTHING, echo=SPED)

    second = told(first.plan, "Read aloud", SPED)
    third = told(second.plan, "Read", NOTHING, echo=SPED)

    assert [categories(each) for each in (first, second, third)] == [EDUCATION, EDUCATION | SPED, EDUCATION | SPED]


def test_nobody_else_takes_a_category_away_by_a_label() -> None:
    others = replace(plan("education", "sped", owner="health"))

    assert categories(told(others, "Read aloud", NOTHING, echo=SPED)) == {"education", "sped"}
    assert told(others, "Read", NOTHING, echo=SPED).changed == []
