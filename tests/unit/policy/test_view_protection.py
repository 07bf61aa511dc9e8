"""Of a hidden child no place is told, and what could hold one waits."""

from __future__ import annotations

import pytest

from tests.unit.policy.children import all_three, element, facts, seen


@pytest.mark.parametrize("category", ["address", "residence", "workplace"])
def test_of_a_hidden_child_no_place_is_told(category: str) -> None:
    known = facts(all_three(categories=frozenset({"education", category})), protection="strictly_confidential")

    view = seen(known, element("a", "education"), element("b", category), element("c", "education", category))

    assert view.opened == {"a"}
    assert all("ADR-01" in view.shut[id] for id in ("b", "c"))
    assert view.placeless
    assert view.outcome == "forward_redacted"


@pytest.mark.parametrize("field", ["unit", "place", "phone", "email"])
def test_of_a_hidden_child_no_field_tells_the_place(field: str) -> None:
    known = facts(all_three(), protection="strictly_confidential")

    view = seen(known, element("a", "education", content={field: "x"}), element("b", "education", content={field: ""}))

    assert view.opened == {"b"}
    assert view.shut == {"a": ("ADR-01",)}


def test_of_a_hidden_child_free_text_waits() -> None:
    known = facts(all_three(), protection="strictly_confidential")

    view = seen(known, element("a", "education", free_text=True), element("b", "health", free_text=True))

    assert view.held == {"a": ("ADR-01", "RED-01")}
    assert set(view.shut) == {"b"}


def test_of_a_hidden_child_what_waits_for_something_else_waits_for_an_address_handler_too() -> None:
    known = facts(all_three(), protection="strictly_confidential")

    view = seen(known, element("a", "education", "health", free_text=True))

    assert view.held["a"][:2] == ("ADR-01", "RED-01")
