"""Objects a system spells where the hub has one line: a coded concept, a person's name."""

from __future__ import annotations

from typing import Any

import pytest

from hub.mapping.pairs import PAIRS

CONCEPT, NAME = PAIRS["concept"], PAIRS["person_name"]


@pytest.mark.parametrize(
    ("concept", "words"),
    [
        ({"text": "Samtaler", "coding": [{"display": "Talks"}]}, "Samtaler"),
        ({"coding": [{"code": "1", "display": "Talks"}, {"display": "Other"}]}, "Talks"),
        ({"coding": [{"code": "1"}]}, "1"),
        ({"coding": []}, ""),
        ({}, ""),
    ],
)
def test_a_concept_says_its_text_or_else_its_first_code(concept: Any, words: str) -> None:
    assert CONCEPT.read(concept) == words


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ({"text": "Nora T.", "family": "Testbarn"}, "Nora T."),
        ({"given": ["Nora", "Lill"], "family": "Testbarn"}, "Nora Lill Testbarn"),
        ({"given": [None, "Nora"]}, "Nora"),
        ({"use": "old"}, ""),
    ],
)
def test_a_name_is_one_line(name: Any, line: str) -> None:
    assert NAME.read(name) == line


@pytest.mark.parametrize("line", ["Nora", "Nora Testbarn", "Nora  Lill Testbarn", "Áigi\nPrøvesen"])
def test_a_line_that_is_written_is_read_again(line: str) -> None:
    assert NAME.read(NAME.write(line)) == line
    assert CONCEPT.read(CONCEPT.write(line)) == line


@pytest.mark.parametrize("pair", [CONCEPT, NAME])
def test_what_is_no_object_and_a_line_that_says_nothing_are_refused(pair: Any) -> None:
    for value in ("text", 3, [], None):
        with pytest.raises(ValueError):
            pair.read(value)
    for value in ("", 3, None):
        with pytest.raises(ValueError):
            pair.write(value)
