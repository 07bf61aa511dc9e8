"""Everything a decision can say is there in bokmål, nynorsk and English, and says the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from hub.model.plan import CATEGORIES
from hub.policy.complaints import bodies, complaint_about, spoken
from hub.policy.decide import decide
from hub.policy.explain import LANGUAGES, Language, explanation, rule_text, texts, would_change
from hub.policy.rules import BOOK
from hub.policy.services import services
from hub.policy.statutes import acts
from tests.cases.test_mutations import CASES

NORWEGIAN: tuple[Language, ...] = ("nb", "nn")
SLIPS = {
    "nb": r"\b(ikkje|eit|ein|berre|kva|kven|korleis|frå|noko|nokon|opplysningar|avsendaren|mottakaren|samtykkje)\b",
    "nn": r"\b(ikke|et|en|bare|hva|hvem|hvordan|fra|noe|noen|opplysninger|avsenderen|mottakeren|kommunens|barnets)\b",
}
"""Words of the one that do not belong in the other."""


def leaves(told: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(told, Mapping):
        for key, value in told.items():
            yield from leaves(value, f"{place}.{key}")
    else:
        yield place, told


@pytest.mark.parametrize("language", NORWEGIAN)
def test_what_can_be_said_in_english_can_be_said_in_norwegian(language: Language) -> None:
    english, norwegian = dict(leaves(texts("en"))), dict(leaves(texts(language)))

    beyond = {place for place in norwegian if place.startswith(".rule.")}
    assert set(english) - set(norwegian) == set()
    assert set(norwegian) - set(english) - beyond == set()


@pytest.mark.parametrize("language", NORWEGIAN)
def test_the_same_things_are_filled_in(language: Language) -> None:
    english, norwegian = dict(leaves(texts("en"))), dict(leaves(texts(language)))

    other = [p for p in english if set(re.findall(r"{\w+}", english[p])) != set(re.findall(r"{\w+}", norwegian[p]))]
    assert other == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_has_a_name(language: Language) -> None:
    assert CATEGORIES - set(texts(language)["category"]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_can_be_said_aloud(language: Language) -> None:
    said = [rule_text(id, language) for id in BOOK.rules]

    assert all(text.endswith(".") and text[0].isupper() for text in said)
    assert len(set(said)) == len(BOOK.rules)


@pytest.mark.parametrize("language", NORWEGIAN)
def test_bokmål_and_nynorsk_are_kept_apart(language: Language) -> None:
    slipped = [(place, said) for place, said in leaves(texts(language)) if re.search(SLIPS[language], said.lower())]

    assert slipped == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_case_is_told_and_what_waits_or_is_denied_has_a_way_out(language: Language) -> None:
    for case in CASES:
        decision = decide(case.disclosure)

        told, way = explanation(decision, language), would_change(decision, language)

        assert told.startswith(texts(language)["outcome"][decision.outcome][:8])
        assert "{" not in told + way
        assert way or decision.outcome in ("forward", "forward_redacted"), case.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_by_any_service_names_where_to_complain(language: Language) -> None:
    for service in services():
        told = spoken(complaint_about(service), language)

        assert "{" not in told
        assert bodies()["authority"][language] in told


def test_every_act_of_a_service_has_a_body_for_complaints() -> None:
    governing = {one.act for one in services().values()} - {"none"}

    assert set(bodies()["acts"]) == governing
    assert {row["act"] for row in bodies()["acts"].values()} <= set(acts())
    assert {row["body"] for row in bodies()["acts"].values()} <= set(bodies()["bodies"])


@pytest.mark.parametrize(
    ("service", "way"),
    [
        ("bup", ("county_governor", "pbrl", "§ 7-2")),
        ("gp", ("county_governor", "pbrl", "§ 7-2")),
        ("school", ("county_governor", "fvl", "kap. VI")),
        ("child_welfare", ("county_governor", "bvl", "§ 12-9")),
        ("nav_state", ("nav_appeals", "fvl", "kap. VI")),
        ("guardian", ("county_governor", "fvl", "kap. VI")),
    ],
)
def test_the_body_follows_the_act(service: str, way: tuple[str, str, str]) -> None:
    found = complaint_about(service)

    assert (found.body, found.act, found.section) == way
