"""Asking for consent: who is asked, and what is refused at entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hub.errors import UnusableError
from hub.model.person import Child, Guardian
from hub.ops.enrol import Desk
from hub.ports import Store
from tests.unit.ops.asking import ABLE, FORM, asked, enrolled, now_of, registers_say
from tests.unit.ops.conftest import NOW, StandingClock


@pytest.fixture
def child(store: Store, desk: Desk) -> Child:
    return enrolled(store, desk)


def test_each_guardian_gets_a_question_and_ten_working_days(store: Store, desk: Desk, child: Child) -> None:
    request = asked(store, desk, child, hold="hold-1")

    assert [(one.giver, one.person, one.state) for one in request.questions] == [
        ("mother", "anne", "open"),
        ("father", "bo", "open"),
    ]
    assert request.deadline == datetime(2026, 9, 15, 22, tzinfo=UTC)
    assert (now_of(store, desk, request.id), request.hold, request.needs) == (request, "hold-1", ())


@pytest.mark.parametrize(
    ("age", "registers", "sender", "expected"),
    [
        (8, {}, "school", ["anne", "bo"]),
        (12, {"maturity": ABLE}, "child_welfare", ["anne", "bo", "child-1"]),
        (15, {"maturity": None}, "school", ["child-1"]),
        (15, {"maturity": None}, "nav_social", ["anne", "bo", "child-1"]),
        (16, {}, "bup", ["child-1"]),
        (15, {}, "bup", ["anne", "bo"]),
        (18, {}, "nav_social", ["child-1"]),
        (8, {"care_order": True}, "school", ["child_welfare"]),
        (8, {"guardians": (Guardian("anne", "mother"),)}, "school", ["anne"]),
        (8, {"unborn": True, "birth_date": None, "maturity": None, "hearing": None}, "municipal_health", ["child-1"]),
    ],
)  # fmt: skip
def test_who_is_asked_follows_age_service_and_who_decides(
    store: Store, desk: Desk, child: Child, age: int, registers: dict[str, Any], sender: str, expected: list[str]
) -> None:
    registers_say(store, desk, child, **{"birth_date": date(2026 - age, 1, 2), **registers})

    request = asked(store, desk, child, replace(FORM, senders=frozenset({sender}), categories=frozenset({"education"})))

    assert sorted(one.person for one in request.questions) == expected


def test_what_waits_for_its_answer_is_not_asked_twice(
    store: Store, desk: Desk, child: Child, clock: StandingClock
) -> None:
    first = asked(store, desk, child)
    again = asked(store, desk, child, replace(FORM, background="Another hold waits for the same."), hold="hold-2")
    narrower = asked(store, desk, child, replace(FORM, receivers=frozenset({"ppt"})))
    registers_say(store, desk, child, guardians=(Guardian("anne", "mother"),))
    other_people = asked(store, desk, child)
    clock.at = first.deadline
    later = asked(store, desk, child)

    assert again == first
    assert len({first.id, narrower.id, other_people.id, later.id}) == 4


def test_parents_who_should_not_know_are_not_asked(store: Store, desk: Desk, child: Child) -> None:
    registers_say(store, desk, child, birth_date=date(2013, 1, 2))
    terms = replace(FORM, senders=frozenset({"school_health"}), categories=frozenset({"sexual_health"}))

    request = asked(store, desk, child, terms, matter="confidential_from_parents")

    assert [one.person for one in request.questions] == ["child-1"]


def test_information_about_a_parent_is_that_parents_to_consent_to(store: Store, desk: Desk, child: Child) -> None:
    request = asked(store, desk, child, replace(FORM, categories=frozenset({"mother_health"})), about="anne")

    assert [(one.giver, one.person) for one in request.questions] == [("mother", "anne")]


def test_a_request_tells_what_else_is_needed(store: Store, desk: Desk, child: Child) -> None:
    registers_say(store, desk, child, maturity=None, hearing=None)

    request = asked(store, desk, child, replace(FORM, senders=frozenset({"school", "bup"})))

    assert request.needs == ("AGE-03", "AGE-06")


@pytest.mark.parametrize("unknown", [{"birth_date": None}, {"guardians": ()}, {"deceased": True}])
def test_where_the_registers_do_not_say_whom_to_ask_nobody_is(
    store: Store, desk: Desk, child: Child, unknown: dict[str, Any]
) -> None:
    registers_say(store, desk, child, **unknown)

    with pytest.raises(UnusableError) as refused:
        asked(store, desk, child)

    assert refused.value.code == "nobody_to_ask"


@pytest.mark.parametrize(
    ("blank", "place"),
    [
        ({"receivers": frozenset({"ALL"})}, "receivers"),
        ({"categories": frozenset({"ALL", "education"})}, "categories"),
        ({"senders": frozenset()}, "senders"),
        ({"purposes": frozenset()}, "purposes"),
        ({"categories": frozenset({"UNCLEAR"})}, "categories"),
        ({"background": " "}, "background"),
    ],
)
def test_a_blank_form_is_refused_with_the_reason_and_the_way_out(
    store: Store, desk: Desk, child: Child, blank: dict[str, Any], place: str
) -> None:
    with pytest.raises(UnusableError) as refused:
        asked(store, desk, child, replace(FORM, **blank))

    assert (refused.value.code, refused.value.place) == ("blank_form", place)
    assert refused.value.way_out


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"receivers": frozenset({"skole"})}, "unknown_word"),
        ({"categories": frozenset({"diagnosis"})}, "unknown_word"),
        ({"categories": frozenset({"unclassified"})}, "unknown_word"),
        ({"valid_from": NOW + timedelta(days=2), "valid_to": NOW + timedelta(days=1)}, "contradicting_period"),
        ({"valid_to": NOW}, "contradicting_period"),
        ({"valid_to": NOW + timedelta(days=3)}, "contradicting_period"),
    ],
)
def test_words_nobody_knows_and_periods_that_contradict_are_refused(
    store: Store, desk: Desk, child: Child, wrong: dict[str, Any], code: str
) -> None:
    with pytest.raises(UnusableError) as refused:
        asked(store, desk, child, replace(FORM, **wrong))

    assert refused.value.code == code


def test_a_deadline_must_lie_ahead(store: Store, desk: Desk, child: Child) -> None:
    with pytest.raises(UnusableError) as refused:
        asked(store, desk, child, deadline=NOW)

    assert refused.value.code == "contradicting_period"


def test_a_child_of_another_municipality_cannot_be_asked_about(store: Store, elsewhere: Desk, child: Child) -> None:
    with pytest.raises(UnusableError) as refused:
        asked(store, elsewhere, child)

    assert refused.value.code == "not_found"
