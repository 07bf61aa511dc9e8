"""A decision in words: rendered from its codes when somebody reads it, in the language they read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

import yaml

from hub.policy.decision import Decision
from hub.policy.words import Found

Language = Literal["nb", "nn", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

HINDERS = ("shuts", "holds", "voids", "doubts")


@cache
def texts(language: Language) -> Mapping[str, Any]:
    """The words of one language, by code."""
    text = (files("hub.policy") / "texts" / f"{language}.yaml").read_text(encoding="utf-8")
    read: Mapping[str, Any] = yaml.safe_load(text)
    return read


def explanation(decision: Decision, language: Language = "en") -> str:
    """The outcome and every finding, one sentence each; what hinders comes first."""
    opening = texts(language)["outcome"][decision.outcome].format(removed=_listed(decision.removed))
    hindering_first = sorted(decision.found, key=lambda one: set(HINDERS).isdisjoint(one.finding.effects))
    said = (sentence(one, language) for one in hindering_first)
    return " ".join(dict.fromkeys([opening, *(one for one in said if one)]))


def sentence(one: Found, language: Language = "en") -> str:
    """One finding in words: what hinders goes before what opens."""
    known = texts(language)["finding"].get(one.rule, {})
    order = (*HINDERS, "opens", "asks")
    effect = next((name for name in order if name in known and name in one.finding.effects), "*")
    categories = getattr(one.finding, effect, ()) if effect in ("shuts", "holds", "opens") else ()
    return f"{known[effect].format(categories=_listed(categories))} [{one.rule}]" if effect in known else ""


def would_change(decision: Decision, language: Language = "en") -> str:
    """What would change the answer, where it is anything but a plain forward."""
    if decision.outcome == "forward":
        return ""
    ways = texts(language)["change"]
    hindering = [one for one in decision.found if not set(HINDERS).isdisjoint(one.finding.effects)]
    found = (ways[one.rule].format(categories=_listed(one.finding.shuts)) for one in hindering if one.rule in ways)
    return "; ".join(dict.fromkeys(found))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "it"
