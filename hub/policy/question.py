"""What a person is asked, in words they can read: rendered from the terms when somebody reads it, in their language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

import yaml

from hub.model.calendar import norwegian
from hub.model.consent import ConsentRequest
from hub.policy.services import services

Language = Literal["nb", "nn", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
PARTS = (
    *("background", "categories", "senders", "receivers", "purposes", "period"),
    *("right_to_refuse", "consequences", "withdrawal", "no_answer"),
)
"""What must be told before somebody can answer; a record of an oral consent says which of them were."""

INFORMED: frozenset[str] = frozenset(
    {"categories", "receivers", "purposes", "right_to_refuse", "consequences", "withdrawal"}
)
"""Without these a consent is not shown to be informed (CON-05, GDPR art. 7 nr. 3)."""


def is_informed(told: Iterable[str]) -> bool:
    """Whether what was told makes a consent an informed one."""
    return set(told) >= INFORMED


def render(request: ConsentRequest, language: Language = "nb") -> Mapping[str, str]:
    """The question, part by part, with `title` and what `yes`, `no` and `withdraw` are called."""
    words, terms = _words(language), request.terms
    told = {
        "background": terms.background,
        "categories": _listed(words["category"][one] for one in terms.categories),
        "senders": _listed(getattr(services()[one], language) for one in terms.senders),
        "receivers": _listed(getattr(services()[one], language) for one in terms.receivers),
        "purposes": _listed(words["purpose"].get(one, one) for one in terms.purposes),
        "period": _period(terms.valid_from, terms.valid_to, words),
        "deadline": _day(request.deadline),
    }
    about = "child" if request.about == request.child else "yourself"
    return {part: text.format_map({**told, "whom": words["whom"][about]}) for part, text in words["question"].items()}


@cache
def wording() -> str:
    """SHA-256 of the words as they now are: what shows, years later, which text was read."""
    digest = hashlib.sha256()
    for language in LANGUAGES:
        digest.update(_text(language).encode())
    return digest.hexdigest()


@cache
def _words(language: Language) -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml.safe_load(_text(language))
    return read


def _text(language: Language) -> str:
    return (files("hub.policy") / "texts" / f"consent.{language}.yaml").read_text(encoding="utf-8")


def _period(start: datetime | None, end: datetime | None, words: Mapping[str, Any]) -> str:
    kind = ("from_" if start else "") + ("until" if end else "open")
    return str(words["period"][kind]).format(start=_day(start), end=_day(end))


def _day(instant: datetime | None) -> str:
    return "" if instant is None else f"{norwegian(instant):%d.%m.%Y}"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
