"""What a letter to a sender says of a part, and when there is news to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hub.model.codes import CODES
from hub.model.service import System
from hub.ports import Part
from hub.routing.letters import hears, is_news, letter
from hub.routing.sender_told import said
from hub.sdk import load_schema

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
NURSERY = System("nursery-1", "9999", "kindergarten", "kindergarten", "client", "310000000", "amqp", account="konto-1")
SCHEMA = Draft202012Validator(load_schema("hub.broker", "meldingssvar.schema.json").schema)
PART = Part("part-1", "receipt-1", "9999", "nursery-1", "a-kind", "refused", NOON, "plan-1", "child-1")
REFUSED = PART._replace(code="nothing_mapped", place="document", document=b'{"name": "Ingrid Hemmelig"}')
ASIDE = PART._replace(state="set_aside", code="adapter_broken")
MERGED = PART._replace(state="merged")


@pytest.mark.parametrize("part", [REFUSED, ASIDE, MERGED], ids=lambda part: str(part.state))
def test_the_letter_keeps_its_schema_and_says_nothing_of_the_document(part: Part) -> None:
    body = said(part, "b7f2")

    SCHEMA.validate(body)
    assert (body["message"], body["receipt"], body["part"], body["state"]) == (
        "b7f2",
        "receipt-1",
        "part-1",
        part.state,
    )
    assert "Hemmelig" not in str(body) and "child-1" not in str(body)


@pytest.mark.parametrize(
    "code",
    [
        *("plan_closed", "plan_not_begun", "nothing_mapped", "unreadable", "unknown_kind", "family_words"),
        *("adapter_broken", "internal_error", "not_storable"),
    ],
)
def test_whatever_ends_a_part_badly_has_words_of_its_own(code: str) -> None:
    titles = said(PART._replace(code=code), "b7f2")["titles"]

    assert titles == CODES[code].titles
    assert titles != CODES["unusable"].titles


def test_an_adapters_own_code_is_said_in_the_words_for_what_cannot_be_used() -> None:
    body = said(PART._replace(code="too_many_lines"), "b7f2")

    assert (body["code"], body["titles"]) == ("too_many_lines", CODES["unusable"].titles)


def test_a_part_that_ends_badly_is_told_and_one_that_does_not_is_not() -> None:
    words = MERGED._replace(code="family_words", place="goal")

    assert [is_news(part, None) for part in (REFUSED, ASIDE, words, MERGED)] == [True, True, True, False]


def test_what_was_told_is_no_news_and_what_has_become_of_it_is() -> None:
    told = letter(ASIDE, NOON)

    assert not is_news(ASIDE, told)
    assert is_news(MERGED, told)
    assert is_news(ASIDE._replace(code="internal_error"), told)


@pytest.mark.parametrize("other", [{"delivery": "mailbox"}, {"delivery": "push"}, {"account": None}])
def test_who_can_read_a_receipt_or_has_no_account_gets_none(other: dict[str, Any]) -> None:
    assert hears(NURSERY)
    assert not hears(replace(NURSERY, **other))


def test_the_row_belongs_to_no_plan_and_goes_at_once_with_the_senders_own_case() -> None:
    row = letter(REFUSED._replace(correlation_id="dialogue-1"), NOON)

    assert (row.plan, row.child, row.system, row.state) == (None, "child-1", "nursery-1", "waiting")
    assert (row.next_at, row.correlation_id) == (NOON, "dialogue-1")
