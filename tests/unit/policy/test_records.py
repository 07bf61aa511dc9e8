"""What is kept of a decision: every check with its facts, where they come from and since when; ids and codes only."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hub.model.responsibility import Necessity
from hub.model.service import Party
from hub.policy import Message, decide, directed
from hub.policy.known import FACTS
from hub.policy.record_schema import decision_schema
from hub.policy.rules import BOOK
from hub.policy.telling import complaints, tell
from tests.cases.test_mutations import CASES
from tests.unit.policy.children import HOME, NOW, all_three, element, facts, seen

VALIDATOR = Draft202012Validator(decision_schema())
SCHOOL, PPT = Party("school", HOME), Party("ppt", HOME)


def kept(**said: Any) -> dict[str, Any]:
    """The record of a school's message to PPT about education and economy."""
    claims = said.pop("claims", {})
    message = Message(categories=frozenset({"education", "economy"}), free_text=said.pop("free_text", False))
    decision = decide(directed(facts(**said), SCHOOL, PPT, message, NOW, claims))
    record: dict[str, Any] = json.loads(decision.canonical())
    return record


def viewed(**said: Any) -> dict[str, Any]:
    """The record of a view with its grounds."""
    view = seen(facts(**said), element("a", "education"), element("b", "economy"), element("c", "health", owner="bup"))
    return {**json.loads(view.canonical()), **json.loads(view.grounds.canonical)}


def fact(record: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in record["known"] if one["fact"] == name]
    return found


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(decision_schema())


def test_every_record_keeps_the_published_form() -> None:
    VALIDATOR.validate(viewed(consents=all_three()))
    VALIDATOR.validate(kept(consents=all_three(withdrawn_at=NOW)))
    for case in CASES:
        VALIDATOR.validate(json.loads(decide(case.disclosure).canonical()))


def test_every_rule_rests_on_facts_that_have_a_name() -> None:
    assert {name for one in BOOK.rules.values() for name in one.rests} <= set(FACTS)


@pytest.mark.parametrize("record", [kept(consents=all_three()), viewed(consents=all_three())], ids=["message", "view"])
def test_each_fact_has_its_source_and_its_time(record: dict[str, Any]) -> None:
    age, maturity = fact(record, "age"), fact(record, "maturity")

    assert (age["is"], age["source"], age["at"]) == ("7-11", "population_register", NOW.isoformat())
    assert (maturity["is"], maturity["source"], maturity["at"]) == (True, "teacher", "2026-01-10")
    assert fact(record, "guardians")["is"] == ["p1", "p2"]


def test_a_check_says_whether_it_hinders_and_what_it_rests_on() -> None:
    checks = {one["rule"]: one for one in kept(consents=all_three())["findings"]}

    assert (checks["CON-07"]["result"], checks["CON-07"]["facts"]) == ("passed", ["consents"])
    assert (checks["AGE-05"]["result"], checks["AGE-05"]["facts"]) == ("noted", ["age", "maturity"])
    assert (checks["CON-08"]["result"], checks["CON-08"]["shuts"]) == ("failed", ["economy"])


def test_a_claimed_basis_that_carries_nothing_has_failed() -> None:
    record = kept(claims={"basis": {"statute": "fvl-13b-5"}, "person": "rektor-1"})
    (check,) = [one for one in record["findings"] if one["rule"] == "LBW-01"]

    assert check["result"] == "failed"
    assert fact(record, "basis") == {
        "fact": "basis", "is": "fvl-13b-5", "source": "rektor-1", "necessity": "none", "reference": None,
    }  # fmt: skip


def test_what_is_claimed_is_kept_by_code_and_never_by_its_words() -> None:
    duty = {"ground": "worried about Marker", "danger": "Marker said it", "order": {"id": "P-9"}}
    record = kept(claims={"duty": duty, "person": "teacher-17"})

    claims = [(one["is"], one["source"]) for one in record["known"] if one["fact"] == "claim"]
    assert claims == [("report:none", "teacher-17"), ("order:P-9", "teacher-17"), ("danger", "teacher-17")]
    assert "Marker" not in json.dumps(record)


def test_a_documented_necessity_is_named_by_the_decision_that_documents_it() -> None:
    row = Necessity("school", "ppt", "fvl-13b-5", frozenset({"economy"}), "sender", "sak-7")
    told = fact(viewed(necessities=(row,)), "basis")

    assert (told["is"], told["source"], told["reference"]) == ("fvl-13b-5", "school", "sak-7")


def test_a_consent_is_named_with_its_instants() -> None:
    gone = datetime(2026, 8, 30, 12, tzinfo=UTC)
    (one,) = kept(consents=all_three(withdrawn_at=gone, answered_at=NOW)[:1])["consents"]

    assert one == {
        "id": "k1", "giver": "mother", "answer": "yes",
        "answered_at": NOW.isoformat(), "withdrawn_at": gone.isoformat(),
    }  # fmt: skip


def test_the_law_is_named_as_it_stood_on_the_day() -> None:
    assert "hpl § 22 @ 2026-07-01" in viewed(consents=all_three())["statutes"]


def test_the_age_is_kept_as_a_band_and_no_birth_date_is() -> None:
    for born, band in ((date(2019, 9, 2), "0-6"), (date(2019, 9, 1), "7-11"), (date(2011, 9, 2), "12-14")):
        record = kept(birth_date=born)

        assert fact(record, "age")["is"] == band
        assert born.isoformat() not in json.dumps(record)


def test_what_would_change_it_is_kept_as_codes_and_told_in_words() -> None:
    record = kept(consents=all_three())

    assert {"CON-08", "CON-01"} <= set(record["ways"])
    assert "et samtykke som nevner økonomi" in tell(record, "nb").ways
    assert kept(consents=all_three(categories=frozenset({"education", "economy"})))["ways"] == []


def test_a_refusal_is_told_with_the_way_to_complain_of_the_service_that_kept_it_back() -> None:
    assert [(one.service, one.body) for one in complaints(kept())] == [("school", "county_governor")]
    assert [(one.service, one.act) for one in complaints(viewed())] == [("bup", "pbrl"), ("school", "fvl")]
    assert complaints(kept(consents=all_three(categories=frozenset({"education", "economy"})))) == []


@pytest.mark.parametrize(
    ("language", "outcome", "check"),
    [
        ("nb", "Det kan sendes uten økonomi.", "Ingen samtykker nevner økonomi."),
        ("nn", "Det kan sendast utan økonomi.", "Ingen samtykke nemner økonomi."),
        ("en", "It may be sent without economy.", "No consent names economy."),
    ],
)
def test_a_record_is_told_in_the_language_of_the_reader(language: Any, outcome: str, check: str) -> None:
    told = tell(kept(consents=all_three()), language)

    assert told.outcome == outcome
    assert check in [one.said for one in told.checks]


def test_elements_of_a_view_stand_together_by_their_answer() -> None:
    told = tell(viewed(consents=all_three()), "nb")

    assert [(one.answer, one.ids) for one in told.elements] == [("går", ("a",)), ("blir igjen", ("b", "c"))]
