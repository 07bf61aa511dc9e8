"""What differs between two values of an element, in words, in three languages."""

from __future__ import annotations

from typing import get_args

import pytest

from hub.model.content import FIELDS
from hub.sync.differences import Language, differing, texts, words

PLANNED = {"title": "Reading", "status": "planned", "due": "2026-10-01"}
ACTIVE = {"title": "Reading", "status": "active", "extent": "2 timer"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nb", "Tiltak «Reading»: status er endret fra planned til active; omfang er satt til 2 timer; "
               "frist er tatt ut (var 2026-10-01)"),
        ("nn", "Tiltak «Reading»: status er endra frå planned til active; omfang er sett til 2 timer; "
               "frist er teke ut (var 2026-10-01)"),
        ("en", "Measure «Reading»: status changed from planned to active; extent set to 2 timer; "
               "due taken out (was 2026-10-01)"),
    ],
)  # fmt: skip
def test_each_field_that_differs_is_told(language: Language, said: str) -> None:
    assert words("measure", PLANNED, ACTIVE, language) == said


def test_a_long_value_is_not_repeated() -> None:
    assert words("note", {"text": "short"}, {"text": "long " * 40}, "en") == "Note: text changed"


def test_what_is_new_gone_or_no_longer_known_is_told_by_name() -> None:
    assert words("goal", None, {"title": "Swims"}, "nb", known=False) == "Nytt: Mål «Swims»"
    assert words("goal", None, {"title": "Swims"}, "nn") == "Endra: Mål «Swims»"
    assert words("goal", {"title": "Swims"}, None, "en") == "No longer in the view: Goal «Swims»"


def test_empty_is_as_good_as_absent() -> None:
    assert differing({"title": "Swims", "description": ""}, {"title": "Swims", "evaluated": []}) == []


@pytest.mark.parametrize("language", get_args(Language))
def test_every_kind_and_field_has_its_word(language: Language) -> None:
    said = texts(language)

    assert FIELDS.keys() == said["kind"].keys()
    assert {field for fields in FIELDS.values() for field in fields} <= said["field"].keys()
