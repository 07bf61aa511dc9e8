"""Whose an element is may be a secret though what it says is none (RED-02)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.policy import client_relation, hides_client, named_in
from hub.policy.services import services
from tests.unit.policy.children import NOW, PPT, all_three, element, facts, seen

EDUCATION = all_three(categories=frozenset({"education"}))
SECRET = sorted(service for service in services() if client_relation(service))


@pytest.mark.parametrize("owner", SECRET)
def test_what_is_agreed_to_goes_from_a_service_that_is_not_named(owner: str) -> None:
    known = facts(EDUCATION)

    view = seen(known, element("a", "education", owner=owner))

    assert view.unnamed == {"a"}
    assert (view.outcome, hides_client(known, PPT, owner, NOW)) == ("forward_redacted", True)


@pytest.mark.parametrize("owner", SECRET)
def test_who_may_know_of_the_relation_is_told_the_name(owner: str) -> None:
    known = facts(all_three(categories=frozenset({"education"}) | client_relation(owner)))

    view = seen(known, element("a", "education", owner=owner))

    assert (view.opened, view.unnamed, view.outcome) == ({"a"}, frozenset(), "forward")
    assert not hides_client(known, PPT, owner, NOW)


def test_free_text_of_a_service_that_is_not_named_waits() -> None:
    view = seen(facts(EDUCATION), element("a", "education", owner="nav_social", free_text=True))

    assert view.held == {"a": ("RED-01", "RED-02")}


def test_what_shows_the_relation_itself_is_a_matter_of_its_own_categories() -> None:
    view = seen(facts(EDUCATION), element("a", "education", "benefit", owner="nav_social"))

    assert set(view.shut) == {"a"}


def test_that_education_knows_a_child_is_no_secret() -> None:
    view = seen(facts(EDUCATION), element("a", "education", owner="school"))

    assert (view.opened, view.unnamed) == ({"a"}, frozenset())


@pytest.mark.parametrize(
    "label", ["Møte med NAV", "nav-kontoret", "Samtale på BUP", "Barnevernspedagog", "krisesenteret"]
)
def test_a_label_may_name_a_service(label: str) -> None:
    assert named_in(label)


@pytest.mark.parametrize("label", ["Navn på kontakt", "Rolig start", "Vannavenger", "Fire timer om dagen", "bupp"])
def test_most_labels_name_none(label: str) -> None:
    assert not named_in(label)


def test_a_plan_made_by_a_service_that_may_not_be_named_names_nobody() -> None:
    made = {"title": "Individuell plan", "author": "child_welfare"}
    agreed = facts(all_three(categories=frozenset({"plan_goal"})))

    view = seen(agreed, replace(element("a", "plan_goal", content=made), kind="frame"))
    told = seen(agreed, replace(element("a", "plan_goal", content={**made, "author": "school"}), kind="frame"))

    assert (view.unnamed, told.unnamed, told.opened) == ({"a"}, frozenset(), {"a"})
