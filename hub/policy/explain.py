"""A decision in words: rendered from its codes when somebody reads it, in the language they read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

import yaml

from hub.policy.book import RULES
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
    hindering_first = sorted(decision.found, key=lambda one: set(HINDERS).isdisjoint(one.finding.effects))
    said = (sentence(one, language) for one in hindering_first)
    return " ".join(
        dict.fromkeys([outcome(decision.outcome, decision.removed, language), *(one for one in said if one)])
    )


def outcome(code: str, removed: Iterable[str], language: Language) -> str:
    """What came out, in one sentence."""
    return str(texts(language)["outcome"][code].format(removed=listed(removed, language)))


def sentence(one: Found, language: Language = "en") -> str:
    """One finding in words, with its rule: what hinders goes before what opens."""
    said = said_of(one, language)
    return f"{said} [{one.rule}]" if said else ""


def said_of(one: Found, language: Language) -> str:
    """One finding in words."""
    known = texts(language)["finding"].get(one.rule, {})
    order = (*HINDERS, "opens", "asks")
    effect = next((name for name in order if name in known and name in one.finding.effects), "*")
    categories = getattr(one.finding, effect, ()) if effect in ("shuts", "holds", "opens") else ()
    return _capital(known[effect].format(categories=listed(categories, language))) if effect in known else ""


def rule_text(rule: str, language: Language) -> str:
    """The rule as one would say it aloud."""
    told = texts(language)["rule"].get(rule)
    return str(told) if told else RULES[rule].text if rule in RULES else ""


def would_change(decision: Decision, language: Language = "en") -> str:
    """What would change the answer, where it is anything but a plain forward."""
    return "" if decision.outcome == "forward" else "; ".join(ways(decision.found, language))


def ways(found: Iterable[Found], language: Language) -> list[str]:
    """What would change what hinders, each way once."""
    known = texts(language)["change"]
    hindering = [one for one in found if not set(HINDERS).isdisjoint(one.finding.effects)]
    told = (
        known[one.rule].format(categories=listed(one.finding.shuts, language)) for one in hindering if one.rule in known
    )
    return list(dict.fromkeys(told))


def listed(codes: Iterable[str], language: Language) -> str:
    """Categories by name, one after the other."""
    names = texts(language)["category"]
    return ", ".join(sorted(names.get(one, one.replace("_", " ")) for one in codes)) or str(texts(language)["nothing"])


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]
