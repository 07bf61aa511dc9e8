"""The directory tells of every service what it does, who answers and what the law asks of it, in every language."""

from __future__ import annotations

import re

import pytest

from hub.policy.directory import NO_SERVICE, Duty, directory
from hub.policy.explain import LANGUAGES, Language
from hub.policy.services import services
from tests.unit.policy.test_texts import SLIPS


def duty(service: str, code: str) -> Duty:
    (found,) = (each for each in directory()[service].duties if each.code == code)
    return found


def test_every_service_stands_in_it_and_nobody_for_whom_they_are() -> None:
    assert directory().keys() == services().keys() - NO_SERVICE


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_told_in_every_language(language: Language) -> None:
    said = [text for one in directory().values() for text in (one.does[language], one.answers[language])]
    said += [each.words[language] for one in directory().values() for each in one.duties]

    assert all(text.endswith(".") and len(text) > 20 for text in said)
    if language in SLIPS:
        assert [text for text in said if re.search(SLIPS[language], text.lower())] == []


def test_who_has_a_duty_in_plans_is_told_so_and_nobody_else() -> None:
    for name, one in directory().items():
        codes = {each.code for each in one.duties}
        assert ("start" in codes, "take_part" in codes) == (
            services()[name].plan == "start",
            services()[name].plan == "take_part",
        ), name


def test_a_time_the_law_sets_stands_beside_its_provision() -> None:
    feedback = duty("child_welfare", "feedback")

    assert (feedback.within or {})["nb"] == "innen tre uker"
    assert feedback.cite == "barnevernsloven § 13-3"
    assert duty("hospital", "notify").cite == "spesialisthelsetjenesteloven § 2-5"
    assert duty("kindergarten", "report").cite == "barnehageloven § 46"


def test_it_is_told_whom_the_municipality_can_appoint() -> None:
    found = directory()

    assert (found["kindergarten"].coordinates, found["private_kindergarten"].coordinates) == (True, False)
    assert (found["private_kindergarten"].answers["en"], found["bufetat"].answers["en"]) == (
        "Its owner answers for the service.",
        "The state answers for the service.",
    )
