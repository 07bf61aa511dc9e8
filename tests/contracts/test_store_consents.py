"""What the consent register and the requests for consent promise, on each kind of database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from hub.errors import UnusableError
from hub.model.consent import Consent, ConsentRequest, Evidence, Question, Terms
from hub.storage import SqlStore
from tests.contracts.test_store_persons import consent, everything
from tests.rows import NOON, Enrolled, enrol, fresh

EVIDENCE = Evidence("nurse-1", NOON, frozenset({"right_to_refuse", "withdrawal"}), "journal-17")


def oral(one: Enrolled) -> Consent:
    return replace(consent(one.child, one.municipality), form="oral", senders=frozenset({"school"}), answered_at=NOON)


def request(one: Enrolled, **changes: object) -> ConsentRequest:
    terms = Terms(
        "A new school from August.", frozenset({"education"}), frozenset({"school"}), frozenset({"ppt"}), valid_to=NOON
    )
    questions = (Question("mother-1", "mother"), Question("father-1", "father"))
    made = ConsentRequest(
        fresh("request"),
        one.municipality,
        one.child,
        one.child,
        terms,
        "emp-1",
        NOON,
        NOON,
        questions,
        needs=("AGE-06",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # each by its own name


class TestConsents:
    def test_a_record_comes_back_whole_by_its_id_in_its_municipality_only(self, store: SqlStore) -> None:
        one = enrol(store)
        given = replace(oral(one), documented=True, evidence=EVIDENCE, request="r", source="s", authority=False)
        with store.begin() as work:
            work.consents.add([given])
        with store.begin() as work:
            found = work.consents.find(one.municipality, given.id)
            elsewhere = work.consents.find(fresh("municipality"), given.id)
            unknown = work.consents.find(one.municipality, "unknown")

        assert (found, elsewhere, unknown) == (given, None, None)

    def test_each_change_raises_the_facts_version_and_several_records_are_one_change(self, store: SqlStore) -> None:
        one = enrol(store)
        first, second = oral(one), replace(oral(one), person="father-1", giver="father")
        with store.begin() as work:
            work.consents.add([first, second])
        with store.begin() as work:
            work.consents.put(replace(first, withdrawn_at=NOON))
        with store.begin() as work:
            kept = work.consents.of(one.child)
            facts = work.persons.facts([one.child])[one.child]

        assert kept == (replace(first, withdrawn_at=NOON), second)
        assert (facts.consents, facts.version) == (kept, 3)

    def test_a_consent_among_the_facts_is_found_by_its_id(self, store: SqlStore) -> None:
        facts = everything(fresh("child"), fresh("municipality"))
        with store.begin() as work:
            work.persons.add(facts, None)
            found = work.consents.find(facts.child.municipality, facts.consents[0].id)

        assert found == facts.consents[0]

    def test_oral_ones_are_listed_until_they_are_documented_or_withdrawn(self, store: SqlStore) -> None:
        one, other = enrol(store), enrol(store)
        waiting, gone, written = oral(one), oral(one), consent(one.child, one.municipality)
        with store.begin() as work:
            work.consents.add([waiting, gone, written])
            work.consents.add([oral(other)])
            work.consents.put(replace(gone, withdrawn_at=NOON))
        with store.begin() as work:
            before = list(work.consents.undocumented(one.municipality))
            work.consents.put(replace(waiting, documented=True, evidence=EVIDENCE))
            after = list(work.consents.undocumented(one.municipality))

        assert (before, after) == ([waiting], [])

    def test_a_consent_for_a_child_nobody_knows_is_refused(self, store: SqlStore) -> None:
        with pytest.raises(UnusableError) as refused, store.begin() as work:
            work.consents.add([consent(fresh("child"), "0301")])

        assert refused.value.code == "unknown_child"


class TestConsentRequests:
    def test_a_request_comes_back_whole_in_its_municipality_only(self, store: SqlStore) -> None:
        one = enrol(store)
        asked = request(one, hold="hold-1", matter="daily_care")
        with store.begin() as work:
            work.consent_requests.add(asked)
        with store.begin() as work:
            found = work.consent_requests.find(one.municipality, asked.id)
            elsewhere = work.consent_requests.find(fresh("municipality"), asked.id)
            mine = list(work.consent_requests.of(one.municipality, one.child))

        assert (found, elsewhere, mine) == (asked, None, [asked])

    def test_it_is_open_until_everybody_has_answered(self, store: SqlStore) -> None:
        one = enrol(store)
        asked = request(one)
        said = replace(asked.questions[0], state="no", answered_at=NOON, consent="c")
        half = replace(asked, questions=(said, asked.questions[1]))
        done = replace(asked, questions=(said, replace(said, person="father-1", giver="father")))
        with store.begin() as work:
            work.consent_requests.add(asked)
            work.consent_requests.put(half)
            open_before = list(work.consent_requests.open(one.municipality))
            work.consent_requests.put(done)
            open_after = list(work.consent_requests.open(one.municipality))
            kept = list(work.consent_requests.of(one.municipality, one.child))

        assert (open_before, open_after, kept) == ([half], [], [done])

    def test_two_who_answer_at_once_are_both_heard(self, store: SqlStore) -> None:
        one = enrol(store)
        asked = request(one)
        with store.begin() as work:
            work.consent_requests.add(asked)

        def says(person: int) -> None:
            with store.begin() as work:
                found = work.consent_requests.find(one.municipality, asked.id)
                assert found is not None
                questions = list(found.questions)
                questions[person] = replace(questions[person], state="yes")
                both.wait(0.2)
                work.consent_requests.put(replace(found, questions=tuple(questions)))

        both = Event()
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(says, person) for person in (0, 1)]:
                done.result()
        with store.begin() as work:
            kept = work.consent_requests.find(one.municipality, asked.id)

        assert kept is not None
        assert [each.state for each in kept.questions] == ["yes", "yes"]

    def test_the_oldest_stands_first(self, store: SqlStore) -> None:
        one = enrol(store)
        newer, older = request(one), request(one, asked_at=NOON - timedelta(days=1))
        with store.begin() as work:
            for each in (newer, older):
                work.consent_requests.add(each)
            found = list(work.consent_requests.open(one.municipality))

        assert found == [older, newer]

    def test_those_past_their_deadline_are_due_and_answered_ones_are_not(self, store: SqlStore) -> None:
        one = enrol(store)
        late, early = request(one), request(one, deadline=NOON + timedelta(hours=1))
        answered = request(one, questions=(Question("mother-1", "mother", "yes", NOON, "c"),))
        with store.begin() as work:
            for each in (late, early, answered):
                work.consent_requests.add(each)
        with store.begin() as work:
            due = [each for each in work.consent_requests.due(NOON, 1_000) if each.child == one.child]

        assert due == [late]

    def test_of_an_erased_child_nobody_is_asked_any_more(self, store: SqlStore) -> None:
        one = enrol(store)
        asked = request(one)
        with store.begin() as work:
            work.consent_requests.add(asked)
        with store.begin() as work:
            work.persons.erase(one.child)
        with store.begin() as work:
            assert work.consent_requests.find(one.municipality, asked.id) is None
            assert work.consent_requests.open(one.municipality) == []
            assert [each for each in work.consent_requests.due(NOON, 1_000) if each.child == one.child] == []
