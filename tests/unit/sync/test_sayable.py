"""What a format cannot say, its silence does not take away."""

from __future__ import annotations

from hub.model.change import Item
from hub.model.plan import Element, Plan
from hub.sync import merge, stamped
from hub.sync.keys import given_key
from hub.sync.merge import Base, Sender

FIELDS = {"measure": frozenset({"title", "status"})}
ELEMENT = stamped(Element("e1", "measure", "health", frozenset({"health"}), {"title": "Swim", "status": "paused"}))
PLAN = Plan("p", "9999", "c", 1, {"e1": ELEMENT})
SCHOOL = Sender("school-1", "school", lambda element: "propose", says=lambda element: {"title": "Swim"})


def said(**content: str) -> dict[str, dict[str, Item]]:
    return {"measure": {given_key("e1", "school-1"): Item(content, frozenset({"health"}))}}


def test_an_echo_without_the_code_its_format_lacks_is_no_change() -> None:
    outcome = merge(PLAN, said(title="Swim"), "full", SCHOOL, Base({}, {}), FIELDS)

    assert (outcome.changed, outcome.proposed) == ([], [])


def test_an_edit_keeps_the_code_its_format_lacks() -> None:
    outcome = merge(PLAN, said(title="Dive"), "full", SCHOOL, Base({}, {}), FIELDS)

    assert [element.content for element in outcome.proposed] == [{"title": "Dive", "status": "paused"}]
