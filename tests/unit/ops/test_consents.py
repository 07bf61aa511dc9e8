"""Answers to a request: a yes, a no, a change of mind, and none at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.errors import UnusableError
from hub.model.person import Child
from hub.ops.consents import expire
from hub.ops.enrol import Desk
from hub.policy.question import wording
from hub.ports import Store
from tests.unit.ops.asking import FORM, TOLD, asked, enrolled, now_of, records, registers_say, said
from tests.unit.ops.conftest import NOW, StandingClock


@pytest.fixture
def child(store: Store, desk: Desk) -> Child:
    return enrolled(store, desk)


def test_a_yes_becomes_a_record_of_exactly_what_was_asked(store: Store, desk: Desk, child: Child) -> None:
    request = asked(store, desk, child)

    given = said(store, desk, request, person="anne", answer="yes")

    assert (given.receivers, given.categories, given.senders) == (FORM.receivers, FORM.categories, FORM.senders)
    assert (given.person, given.giver, given.answered_at, given.request) == ("anne", "mother", NOW, request.id)
    assert (given.informed, given.voluntary, given.specific, given.unambiguous) == (True,) * 4
    assert given.evidence == TOLD
    assert [one.state for one in now_of(store, desk, request.id).questions] == ["yes", "open"]


def test_which_words_were_read_is_kept_with_the_answer(store: Store, desk: Desk, child: Child) -> None:
    request = asked(store, desk, child)

    given = said(store, desk, request, person="anne", answer="yes")
    with store.begin() as work:
        line = work.audit.of(desk.municipality, request.id)[-1]

    assert (line.action, line.detail["consent"], line.detail["wording"]) == ("consent.answered", given.id, wording())


def test_boxes_left_open_are_not_consented_to(store: Store, desk: Desk, child: Child) -> None:
    request = asked(store, desk, child)

    given = said(store, desk, request, person="anne", answer="yes", receivers=frozenset({"ppt"}))

    assert given.receivers == {"ppt"}


def test_nothing_beside_the_form_can_be_consented_to(store: Store, desk: Desk, child: Child) -> None:
    request = asked(store, desk, child)

    with pytest.raises(UnusableError) as refused:
        said(store, desk, request, person="anne", answer="yes", categories=frozenset({"economy"}))

    assert (refused.value.code, refused.value.place) == ("not_asked", "categories")


def test_somebody_who_is_not_asked_cannot_answer(store: Store, desk: Desk, child: Child) -> None:
    request = asked(store, desk, child)

    with pytest.raises(UnusableError) as refused:
        said(store, desk, request, person="grandmother", answer="yes")

    assert refused.value.code == "not_asked"


def test_a_no_needs_nothing_more_than_to_be_said(store: Store, desk: Desk, child: Child) -> None:
    request = asked(store, desk, child)

    refused = said(store, desk, request, person="bo", answer="no", evidence=None)

    assert (refused.answer, refused.informed) == ("no", True)


def test_a_yes_without_evidence_is_not_shown_to_be_informed(store: Store, desk: Desk, child: Child) -> None:
    request = asked(store, desk, child)

    given = said(store, desk, request, person="anne", answer="yes", evidence=None)

    assert (given.answer, given.informed) == ("yes", False)


def test_the_same_answer_again_is_the_same_record_and_another_is_a_new_one(
    store: Store, desk: Desk, child: Child, clock: StandingClock
) -> None:
    request = asked(store, desk, child)
    yes, again = (said(store, desk, request, person="anne", answer="yes") for _ in range(2))
    clock.at += timedelta(days=1)
    no = said(store, desk, request, person="anne", answer="no")

    assert yes == again
    assert records(store, child) == [yes, no]
    assert now_of(store, desk, request.id).questions[0].consent == no.id


def test_no_answer_at_the_deadline_is_no_consent_and_says_so(
    store: Store, desk: Desk, child: Child, clock: StandingClock
) -> None:
    request = asked(store, desk, child)
    said(store, desk, request, person="anne", answer="yes")
    clock.at = request.deadline
    with store.begin() as work:
        counted = expire(work, clock)
    with store.begin() as work:
        counted_again = expire(work, clock)
        audit = [entry.action for entry in work.audit.of(desk.municipality, request.id)]

    assert (counted, counted_again) == (1, 0)
    assert [one.state for one in now_of(store, desk, request.id).questions] == ["yes", "expired"]
    assert [(one.person, one.answer) for one in records(store, child)] == [("anne", "yes"), ("bo", "none")]
    assert audit == ["consent.asked", "consent.answered", "consent.unanswered"]


@pytest.mark.parametrize("swept", [True, False])
def test_after_the_deadline_a_yes_must_be_asked_for_anew_and_a_no_is_still_heard(
    store: Store, desk: Desk, child: Child, clock: StandingClock, swept: bool
) -> None:
    request = asked(store, desk, child)
    clock.at = request.deadline
    if swept:
        with store.begin() as work:
            expire(work, clock)

    with pytest.raises(UnusableError) as late:
        said(store, desk, request, person="anne", answer="yes")
    refused = said(store, desk, request, person="bo", answer="no")

    assert late.value.code == "past_deadline"
    assert refused.answer == "no"


def test_a_yes_of_one_who_has_lost_authority_since_the_question_never_opens(
    store: Store, desk: Desk, child: Child
) -> None:
    request = asked(store, desk, child)
    registers_say(store, desk, child, care_order=True)

    given = said(store, desk, request, person="anne", answer="yes")

    assert given.authority is False
