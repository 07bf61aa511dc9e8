"""The question as a person reads it: whole in every language, and plain about the right to say no."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest
import yaml

from hub.model.consent import ConsentRequest, Question, Terms
from hub.policy.form import ASKABLE
from hub.policy.question import LANGUAGES, PARTS, is_informed, render
from hub.policy.services import services

TERMS = Terms(
    "Overgang til ungdomsskolen.", frozenset({"education", "sped"}), frozenset({"school"}), frozenset({"ppt", "bup"})
)
REQUEST = ConsentRequest(
    "r1",
    "4601",
    "c1",
    "c1",
    TERMS,
    "emp-1",
    datetime(2026, 9, 1, tzinfo=UTC),
    datetime(2026, 9, 15, 21, tzinfo=UTC),
    (Question("p1", "mother"),),
)


def words(language: str) -> dict[str, Any]:
    text = (files("hub.policy") / "texts" / f"consent.{language}.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_and_every_word_is_said_in_every_language(language: str) -> None:
    said = words(language)

    assert set(PARTS) < set(said["question"])
    assert set(said["category"]) == ASKABLE
    assert {key: sorted(value) for key, value in said.items()} == {
        key: sorted(value) for key, value in words("nb").items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_to_be_filled_in(language: str) -> None:
    every_word = replace(TERMS, categories=ASKABLE, senders=frozenset(services()), receivers=frozenset(services()))
    shown = render(replace(REQUEST, terms=every_word), language)

    assert not any("{" in text or "_" in text for text in shown.values())


def test_who_what_why_and_how_long_are_told_in_words() -> None:
    shown = render(REQUEST, "nb")

    assert shown["background"] == "Hvorfor vi spør: Overgang til ungdomsskolen."
    assert "opplæring" in shown["categories"]
    assert "PPT" in shown["receivers"]
    assert shown["period"].endswith("fra du svarer, og til du trekker det")
    assert "15.09.2026" in shown["no_answer"]


@pytest.mark.parametrize(
    ("language", "same"),
    [("nb", "er de samme uansett"), ("nn", "er dei same uansett"), ("en", "stay the same whatever")],
)
def test_a_no_is_as_good_as_a_yes_and_the_services_stay_the_same(language: str, same: str) -> None:
    shown = render(REQUEST, language)

    assert same in shown["consequences"]
    assert (bool(shown["yes"]), bool(shown["no"]), bool(shown["withdraw"])) == (True, True, True)


def test_a_period_is_told_as_it_is() -> None:
    start, end = datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 6, 30, 22, tzinfo=UTC)

    told = render(replace(REQUEST, terms=replace(TERMS, valid_from=start, valid_to=end)), "en")["period"]

    assert told == "How long it applies: from 01.09.2026 to 01.07.2027"


def test_somebody_asked_about_herself_is_addressed() -> None:
    assert render(replace(REQUEST, about="p1"), "nb")["title"].endswith("om deg")


@pytest.mark.parametrize(
    ("told", "informed"),
    [(PARTS, True), ([part for part in PARTS if part != "consequences"], False), ([], False)],
)
def test_a_consent_is_informed_only_when_what_matters_was_told(told: list[str], informed: bool) -> None:
    assert is_informed(told) is informed
