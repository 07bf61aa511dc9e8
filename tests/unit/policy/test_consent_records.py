"""What a record covers in a view: from whom it says, since when, and by whom it was given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.model.consent import Consent
from tests.unit.policy.children import GIVEN, NOW, all_three, element, facts, seen

EARLIER, LATER = NOW - timedelta(days=2), NOW - timedelta(days=1)


def of_father(**said: object) -> Consent:
    return replace(GIVEN, id="k9", person="p2", giver="father", **said)  # type: ignore[arg-type]  # each by its name


def test_a_consent_that_names_senders_opens_what_these_own_and_nothing_else() -> None:
    known = facts(all_three(senders=frozenset({"school"})))

    view = seen(known, element("a", "education"), element("b", "education", owner="after_school"))

    assert (view.opened, set(view.shut)) == ({"a"}, {"b"})


def test_beside_a_narrow_consent_a_wide_one_counts_as_before() -> None:
    narrow = [replace(one, id=f"n{one.id}") for one in all_three(senders=frozenset({"kindergarten"}))]
    known = facts((*all_three(), *narrow))

    assert seen(known, element("a", "education")).opened == {"a"}


def test_a_refusal_that_names_senders_stops_these_alone() -> None:
    known = facts((*all_three(), of_father(answer="no", senders=frozenset({"school"}))))

    view = seen(known, element("a", "education"), element("b", "education", owner="after_school"))

    assert (view.opened, set(view.shut)) == ({"b"}, {"a"})


def test_a_parents_own_information_goes_only_from_whom_the_consent_names() -> None:
    own = replace(GIVEN, about="p1", categories=frozenset({"mother_health"}), senders=frozenset({"school"}))
    about = {"about": "parent", "person": "p1"}

    view = seen(
        facts((own,)),
        element("a", "mother_health", **about),
        element("b", "mother_health", owner="after_school", **about),
    )

    assert view.opened == {"a"}


@pytest.mark.parametrize(
    ("refused", "agreed", "opened"),
    [
        (EARLIER, LATER, True),
        (LATER, EARLIER, False),
        (LATER, LATER, False),
        (None, LATER, False),
        (EARLIER, None, False),
    ],
)
def test_the_latest_answer_of_a_person_counts(refused: object, agreed: object, opened: bool) -> None:
    yes = tuple(replace(one, answered_at=agreed) for one in all_three())  # type: ignore[arg-type]  # an instant or none

    view = seen(facts((*yes, of_father(answer="no", answered_at=refused))), element("a", "education"))

    assert (view.opened == {"a"}) is opened


@pytest.mark.parametrize(
    "unsure",
    [
        {"withdrawn_at": NOW},
        {"valid_to": NOW},
        {"voluntary": False},
        {"unambiguous": False},
        {"specific": False},
        {"form": "oral"},
        {"informed": False},
        {"categories": frozenset({"attendance"})},
    ],
)
def test_a_yes_that_does_not_count_takes_back_no_refusal(unsure: dict[str, object]) -> None:
    changed_mind = of_father(answered_at=LATER, **unsure)
    no = replace(of_father(answer="no", answered_at=EARLIER), id="k8")

    assert "a" in seen(facts((*all_three(), no, changed_mind)), element("a", "education")).shut


def test_a_yes_to_some_leaves_the_refusal_of_the_rest() -> None:
    both = frozenset({"education", "attendance"})
    no = replace(of_father(answer="no", answered_at=EARLIER), id="k8", categories=frozenset({"ALL"}))
    known = facts((*all_three(categories=both), no, of_father(answered_at=LATER)))

    view = seen(known, element("a", "education"), element("b", "attendance"))

    assert (view.opened, set(view.shut)) == ({"a"}, {"b"})


def test_a_record_given_without_authority_opens_nothing_even_when_authority_comes() -> None:
    known = facts(tuple(replace(one, authority=False) if one.giver == "father" else one for one in all_three()))

    assert "a" in seen(known, element("a", "education")).shut
