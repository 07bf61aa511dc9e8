"""Element ids and each system's own keys: the one place where the two meet."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from functools import lru_cache
from uuid import UUID, uuid5

from hub.model.plan import Element, Kind, Plan

_LANGBENK = UUID("6c616e67-6265-5e6b-8000-000000000001")

SHARED_KEY: frozenset[Kind] = frozenset({"frame", "identity"})
"""Kinds whose key is the same in every system: the one frame, and a fact of identity by its name."""


@lru_cache(maxsize=100_000)
def given_key(element_id: str, system: str) -> str:
    """The key the hub gives an element in a system that has none of its own for it: a uuid5 of both."""
    return str(uuid5(_LANGBENK, f"{element_id}\n{system}"))


def new_id(plan: str, system: str, service: str, kind: Kind, key: str) -> str:
    """The id of an element first heard of from a system: the same however often it is heard.

    A fact of identity is each service's own, so that nobody learns from an answer whether another said the same.
    """
    whose = {"frame": "", "identity": service}.get(kind, system)
    return uuid5(_LANGBENK, f"{plan}\n{whose}\n{kind}\n{key}").hex


def new_keys(system: str, kind: Kind, key: str) -> Mapping[str, str]:
    """What an element keeps of the key it was first heard of by."""
    return {"": key} if kind in SHARED_KEY else {system: key}


def key_in(element: Element, system: str) -> str:
    """The key this system knows the element by."""
    if element.kind in SHARED_KEY:
        return element.keys.get("", "")
    return element.keys.get(system) or given_key(element.id, system)


def ids_by_key(plan: Plan, system: str, service: str, sent: Container[str]) -> Mapping[tuple[Kind, str], str]:
    """Elements by the key that system would use for them; of facts of identity its own, or else one it was told."""
    found: dict[tuple[Kind, str], str] = {}
    for element in plan.elements.values():
        place = (element.kind, key_in(element, system))
        if element.kind == "identity" and element.owner != service and (element.id not in sent or place in found):
            continue
        found[place] = element.id
    return found


def adopt(plan: Plan, system: str, keys: Mapping[str, str]) -> Plan | None:
    """The plan with a system's own keys in place of those the hub gave it; `None` where there is nothing to adopt."""
    given = {key_in(element, system): element for element in plan.elements.values() if element.kind not in SHARED_KEY}
    renamed = {
        element.id: replace(element, keys={**element.keys, system: keys[key]})
        for key, element in given.items()
        if keys.get(key, key) != key
    }
    return replace(plan, version=plan.version + 1, elements={**plan.elements, **renamed}) if renamed else None
