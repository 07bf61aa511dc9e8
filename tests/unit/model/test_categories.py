"""Which information categories a message may name: decisions keep them in clear, so a sender's own word is not kept."""

from __future__ import annotations

from hub.model.plan import CATEGORIES, UNCLASSIFIED, classified


def test_a_word_that_is_no_category_is_unclassified() -> None:
    assert classified(["education", "qvortrupina", "cystic_fibrosis"]) == {"education", UNCLASSIFIED}


def test_every_category_is_itself() -> None:
    assert classified(CATEGORIES) == CATEGORIES
