"""A decision whole: directed messages, what is kept of them, the statutes of the day, and the words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hub.errors import SetupError, UnusableError
from hub.model.service import Party
from hub.policy import Message, decide, directed
from hub.policy.book import RULES, Book, rule
from hub.policy.explain import explanation, texts, would_change
from hub.policy.rules import BOOK
from hub.policy.services import services
from hub.policy.statutes import acts, of_rule, split, version_on
from tests.unit.policy.children import HOME, NOW, all_three, facts

SCHOOL = Party("school", HOME)
CHILD_WELFARE = Party("child_welfare", HOME)
REPORT = Message(kind="info", categories=frozenset({"care_situation"}), free_text=True)


def test_a_report_about_a_child_the_hub_does_not_know_goes() -> None:
    claims = {"duty": {"ground": "a"}, "person": "teacher-17"}

    decision = decide(directed(None, SCHOOL, CHILD_WELFARE, REPORT, NOW, claims))

    assert decision.outcome == "forward"
    assert {"DUT-01", "DUT-04"} <= set(decision.rules)


def test_an_ordinary_message_about_a_child_the_hub_does_not_know_never_goes() -> None:
    decision = decide(directed(None, SCHOOL, CHILD_WELFARE, REPORT, NOW, {}))

    assert decision.outcome == "hold"
    assert "MISSING" in decision.rules


@pytest.mark.parametrize(
    ("claims", "place"),
    [
        ({"consents": []}, "claims.consents"),
        ({"basis": {"statute": "because"}}, "basis.statute"),
        ({"duty": "a"}, "duty"),
    ],
)
def test_a_message_claims_a_basis_or_a_duty_and_nothing_else(claims: dict[str, object], place: str) -> None:
    with pytest.raises(UnusableError) as caught:
        directed(facts(), SCHOOL, CHILD_WELFARE, REPORT, NOW, claims)

    assert caught.value.place == place


def test_a_service_nobody_knows_is_an_error() -> None:
    with pytest.raises(UnusableError, match="schol"):
        decide(directed(facts(), Party("schol", HOME), CHILD_WELFARE, REPORT, NOW, {}))


def test_the_record_is_ids_and_codes_and_hashes_the_same_twice() -> None:
    message = Message(categories=frozenset({"education", "economy"}))
    asked = directed(facts(all_three(), version=12), SCHOOL, Party("ppt", HOME), message, NOW, {})

    decision = decide(asked)

    record = json.loads(decision.canonical())
    assert decision.outcome == "forward_redacted"
    assert record["removed"] == {"economy": "CON-08"}
    assert record["facts"] == ["facts:c1@12"]
    assert [one["id"] for one in record["consents"]] == ["k1", "k2", "k3"]
    assert decision.hash() == decide(asked).hash()


@pytest.mark.parametrize(
    ("protection", "queue"), [("none", "coordinator"), ("strictly_confidential", "address_handler")]
)
def test_a_hold_says_who_may_decide_it(protection: str, queue: str) -> None:
    message = Message(categories=frozenset({"education", "economy"}), free_text=True)
    known = facts(all_three(), protection=protection)

    decision = decide(directed(known, SCHOOL, Party("ppt", HOME), message, NOW, {}))

    assert (decision.outcome, decision.queue) == ("hold", queue)


def test_before_the_first_day_of_the_book_nothing_goes() -> None:
    asked = directed(
        facts(all_three()), SCHOOL, Party("ppt", HOME), Message(categories=frozenset({"education"})), NOW, {}
    )

    decision = decide(replace(asked, now=datetime(2022, 7, 31, 12, tzinfo=UTC)))

    assert (decision.outcome, decision.rules) == ("deny", ())


def test_a_rule_is_asked_from_its_first_day_until_not_on_its_last() -> None:
    day = NOW.date()
    one = replace(RULES["CON-07"], since=day, until=day.replace(day=2))

    assert one.in_force(day)
    assert not one.in_force(day.replace(month=8))
    assert not one.in_force(day.replace(day=2))
    assert Book({"CON-07": one}).on(day.replace(day=2)).rules == {}


def test_the_statutes_are_those_of_the_day() -> None:
    before, after = (version_on("hpl § 25", datetime(2026, month, 1, tzinfo=UTC).date()) for month in (6, 7))

    assert before and before["valid_to"] == "2026-07-01"
    assert after and after["valid_from"] == "2026-07-01"
    assert version_on("hpl § 29", datetime(2026, 6, 30, tzinfo=UTC).date()) is None
    assert [one["section"] for one in of_rule("OPP-01", NOW.date())] == ["§ 29"]


def test_acts_that_have_not_commenced_are_listed_and_cannot_be_cited() -> None:
    waiting = [name for name, row in acts().items() if row.get("commenced") is False]

    assert {acts()[name]["lov"] for name in waiting} == {"LOV-2025-06-20-81", "LOV-2025-06-20-40"}
    with pytest.raises(SetupError):
        split(f"{waiting[0]} § 34")


def test_every_citation_is_of_a_listed_act() -> None:
    assert all(split(cite) for one in RULES.values() for cite in one.cites)


def test_every_service_has_a_listed_act() -> None:
    assert {one.act for one in services().values()} <= set(acts()) | {"none"}


def test_a_rule_cannot_be_entered_twice() -> None:
    with pytest.raises(SetupError, match="CON-01"):
        rule("CON-01")(RULES["CON-01"].check)


def test_every_rule_has_words() -> None:
    words = texts("en")

    assert set(BOOK.rules) <= set(words["finding"])
    assert set(words["finding"]) - {"MISSING", "STALE", "OWN"} == set(BOOK.rules)
    assert set(words["change"]) <= set(words["finding"])


def test_a_denial_says_why_and_what_would_change_it() -> None:
    message = Message(categories=frozenset({"economy"}))
    decision = decide(directed(facts(), SCHOOL, Party("ppt", HOME), message, NOW, {}))

    assert explanation(decision).startswith("It may not be sent.")
    assert "[CON-01]" in explanation(decision)
    assert "economy" in would_change(decision)
