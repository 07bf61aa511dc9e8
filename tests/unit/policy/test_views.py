"""A plan view is decided element by element: opened ones go, held ones wait alone, shut ones are left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hub.model.responsibility import Necessity
from hub.model.service import Party
from tests.unit.policy.children import GIVEN, NOW, all_three, element, facts, seen


def test_without_consent_nothing_of_others_is_told() -> None:
    view = seen(facts(), element("a", "education"), element("b", "health", owner="gp"))

    assert not view.opened
    assert set(view.shut) == {"a", "b"}
    assert view.outcome == "deny"


def test_ones_own_elements_are_ones_own() -> None:
    view = seen(facts(), element("a", "unclassified", owner="ppt"), element("b", "education"))

    assert view.opened == {"a"}
    assert view.outcome == "deny"


def test_the_same_service_of_another_municipality_owns_nothing_here() -> None:
    view = seen(facts(), element("a", "education", owner="ppt"), receiver=Party("ppt", "5001"))

    assert not view.opened


def test_each_element_gets_its_own_answer() -> None:
    view = seen(facts(all_three()), element("a", "education"), element("b", "economy"), element("c", "education"))

    assert view.opened == {"a", "c"}
    assert set(view.shut) == {"b"}
    assert view.outcome == "forward_redacted"


def test_a_consent_covers_every_category_of_an_element_or_none_of_it() -> None:
    view = seen(facts(all_three()), element("a", "education", "health"))

    assert set(view.shut) == {"a"}


def test_free_text_with_something_shut_in_it_waits() -> None:
    view = seen(facts(all_three()), element("a", "education", "health", free_text=True), element("b", "education"))

    assert view.opened == {"b"}
    assert "RED-01" in view.held["a"]


def test_free_text_of_which_all_is_shut_is_shut() -> None:
    view = seen(facts(all_three()), element("a", "health", free_text=True))

    assert set(view.shut) == {"a"}


def test_free_text_that_is_covered_goes() -> None:
    view = seen(facts(all_three()), element("a", "education", free_text=True), element("b", "economy"))

    assert view.opened == {"a"}


def test_goal_and_measure_count_only_where_there_is_nothing_else() -> None:
    plan_only = facts(all_three(categories=frozenset({"plan_measure"})))
    content_only = facts(all_three())

    assert seen(plan_only, element("a", "plan_measure"), element("b", "plan_measure", "education")).opened == {"a"}
    assert seen(content_only, element("a", "plan_measure"), element("b", "plan_measure", "education")).opened == {"b"}


def test_what_a_code_table_does_not_know_is_opened_by_nothing() -> None:
    known = facts(
        all_three(categories=frozenset({"unclassified"})),
        necessities=(Necessity("school", "ppt", "fvl-13b-5", frozenset({"unclassified"}), "sender"),),
    )

    assert set(seen(known, element("a", "unclassified")).shut) == {"a"}


def test_an_owner_nobody_knows_opens_nothing() -> None:
    assert set(seen(facts(all_three()), element("a", "education", owner="somebody")).shut) == {"a"}


def test_a_documented_necessity_opens_what_it_names_and_no_more() -> None:
    known = facts(necessities=(Necessity("school", "ppt", "fvl-13b-5", frozenset({"attendance"}), "sender", "d-1"),))

    view = seen(known, element("a", "attendance"), element("b", "education"), element("c", "attendance", owner="bup"))

    assert view.opened == {"a"}


def test_a_necessity_towards_another_service_opens_nothing_here() -> None:
    known = facts(necessities=(Necessity("school", "bup", "fvl-13b-5", frozenset({"education"}), "sender"),))

    assert not seen(known, element("a", "education")).opened


def test_a_missing_birth_date_holds() -> None:
    view = seen(facts(all_three(), birth_date=None), element("a", "education"))

    assert view.held == {"a": ("MISSING",)}
    assert view.outcome == "hold"


def test_missing_guardians_hold() -> None:
    view = seen(facts(all_three(), guardians=()), element("a", "education"))

    assert view.held["a"] == ("AGE-08",)


def test_a_missing_assessment_holds() -> None:
    parents = all_three()[:2]

    assert seen(facts(parents, maturity=None), element("a", "education")).held["a"] == ("AGE-06",)


def test_an_assessment_that_is_yet_to_come_is_none() -> None:
    known = facts(all_three()[:2])
    assert known.child.maturity is not None
    later = replace(known.child.maturity, understands=False, assessed_on=date(2026, 9, 2))

    assert "a" in seen(replace(known, child=replace(known.child, maturity=later)), element("a", "education")).held


def test_two_mothers_both_consent() -> None:
    first, second, of_child = all_three()
    mothers = (first, replace(second, giver="mother"), of_child)

    assert seen(facts(mothers), element("a", "education")).opened == {"a"}
    assert not seen(facts((first, of_child)), element("a", "education")).opened


def test_nobody_signs_for_the_child_in_its_place() -> None:
    mother, father, of_child = all_three()

    assert not seen(facts((mother, father, replace(of_child, person="p1"))), element("a", "education")).opened


def test_a_person_called_child_welfare_is_not_child_welfare() -> None:
    stranger = replace(GIVEN, person="child_welfare", giver="other")

    assert not seen(facts((stranger,), care_order=True), element("a", "health", owner="bup")).opened


def test_the_age_turns_at_midnight_in_norway() -> None:
    own = (replace(GIVEN, person="c1", giver="child", categories=frozenset({"health"})),)
    known = facts(own, birth_date=date(2010, 9, 2), maturity=None)
    note = element("a", "health", owner="bup")

    assert not seen(known, note, now=datetime(2026, 9, 1, 21, 59, tzinfo=UTC)).opened
    assert seen(known, note, now=datetime(2026, 9, 1, 22, 0, tzinfo=UTC)).opened == {"a"}


def test_a_withdrawal_counts_from_its_instant() -> None:
    mother, *others = all_three()
    known = facts((replace(mother, withdrawn_at=NOW), *others))

    assert seen(known, element("a", "education"), now=NOW - timedelta(seconds=1)).opened == {"a"}
    assert not seen(known, element("a", "education"), now=NOW).opened


def test_what_is_about_a_parent_needs_that_parents_own_consent() -> None:
    note = element("a", "economy", owner="nav_social", about="parent", person="p1")
    own = replace(GIVEN, id="k9", about="p1", categories=frozenset({"economy"}))
    by_father = replace(own, person="p2", giver="father")

    assert not seen(facts(all_three(categories=frozenset({"economy"}))), note).opened
    assert not seen(facts((by_father,)), note).opened
    assert seen(facts((own,)), note).opened == {"a"}


def test_a_parents_own_consent_is_bound_by_receiver_period_and_withdrawal() -> None:
    note = element("a", "economy", owner="nav_social", about="parent", person="p1")
    own = replace(GIVEN, id="k9", about="p1", categories=frozenset({"economy"}))

    for spoilt in (
        replace(own, receivers=frozenset({"bup"})),
        replace(own, withdrawn_at=NOW),
        replace(own, valid_to=NOW),
        replace(own, purposes=frozenset({"research"})),
        replace(own, answer="no"),
    ):
        assert set(seen(facts((spoilt,)), note).shut) == {"a"}
    assert "a" in seen(facts((replace(own, form="oral"),)), note).held


def test_about_somebody_nobody_has_named_nothing_is_told() -> None:
    assert set(seen(facts(all_three()), element("a", "education", about="sibling")).shut) == {"a"}


def test_the_parents_consent_opens_nothing_of_the_child() -> None:
    own = tuple(replace(one, about=one.person) for one in all_three())

    assert not seen(facts(own[:2]), element("a", "education")).opened


def test_a_receiver_in_another_municipality_waits() -> None:
    known = facts(all_three(municipality="5001"))

    view = seen(known, element("a", "education"), element("b", "health"), receiver=Party("ppt", "5001"))

    assert view.held == {"a": ("COO-09",)}
    assert set(view.shut) == {"b"}


def test_of_one_who_has_died_everything_waits() -> None:
    assert seen(facts(all_three(), deceased=True), element("a", "education")).held["a"] == ("LBW-18",)
