"""The statutes of `statutes.yaml`: which version of what a rule cites is in force on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from hub.errors import SetupError
from hub.policy.book import RULES

Provision = Mapping[str, str | None]


@cache
def acts() -> Mapping[str, Mapping[str, Any]]:
    """Every act by its short name, the adopted but not commenced ones among them."""
    text = (files("hub.policy") / "statutes.yaml").read_text(encoding="utf-8")
    read: Mapping[str, Mapping[str, Any]] = yaml.safe_load(text)
    return read


def split(cite: str) -> tuple[str, str]:
    """`hpl § 25` is § 25 of `hpl`; an act that is not listed or not in force cannot be cited."""
    act, _, section = cite.partition(" ")
    known = acts().get(act)
    if known is None or not known.get("commenced", True):
        raise SetupError(f"statutes.yaml: a rule cites {cite!r}, which is not a commenced act there")
    return act, section


def _holds(span: Mapping[str, Any], day: date) -> bool:
    begun: date = span.get("from", date.min)
    ended: date = span.get("to", date.max)
    return begun <= day < ended


def version_on(cite: str, day: date) -> Provision | None:
    """The version of a provision in force on a day, or nothing where there was none."""
    act, section = split(cite)
    row = acts()[act]
    own = row.get("provisions", {}).get(section, {})
    if not (_holds(row, day) and _holds(own, day)):
        return None
    version = next((one for one in row.get("versions", [row]) if _holds(one, day)), row)
    begun = max(version["from"], own.get("from", date.min))
    ended = min(version.get("to", date.max), own.get("to", date.max))
    return {
        "act": act,
        "section": section,
        "lov": row["lov"],
        "valid_from": begun.isoformat(),
        "valid_to": None if ended == date.max else ended.isoformat(),
    }


@lru_cache(maxsize=4096)
def of_rule(rule: str, day: date) -> tuple[Provision, ...]:
    """What a rule cites, as it stood on a day."""
    cites = RULES[rule].cites if rule in RULES else ()
    return tuple(one for cite in cites if (one := version_on(cite, day)) is not None)


@lru_cache(maxsize=1024)
def provisions(rules: tuple[str, ...], day: date) -> tuple[str, ...]:
    """What several rules cite as it stood on a day, each as `act section @ first day of the version`."""
    return tuple(f"{one['act']} {one['section']} @ {one['valid_from']}" for one in in_force(rules, day))


def in_force(rules: Sequence[str], day: date) -> tuple[Provision, ...]:
    """What several rules cite, each provision once."""
    found = {(one["act"], one["section"]): one for rule in rules for one in of_rule(rule, day)}
    return tuple(found.values())
