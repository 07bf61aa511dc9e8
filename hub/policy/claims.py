"""Reading what a message or a case file claims: closed sets of keys and values, and an error for everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from hub.errors import UnusableError
from hub.policy.services import services
from hub.policy.words import Basis, Duty, Order

Read: TypeAlias = Callable[[Any], Any]
Fields: TypeAlias = Mapping[str, tuple[str, Read]]
"""What a mapping may hold: key → the name it gets, and how its value is read (`ValueError` with what was wanted)."""

STATUTES = frozenset(
    {"fvl-13b-3", "fvl-13b-5", "fvl-13b-6", "fvl-13g", "hpl-23", "hpl-24", "hpl-25", "bvl-13-1", "nav-8", "intgl-42"}
    | {"krl-5", "transition"}
)
NECESSITIES = frozenset({"sender", "receiver_only", "reporter", "public_interest"})


def one_of(allowed: frozenset[str], *, none: bool = False) -> Read:
    """A word of a closed set; with `none` also nothing, or the word `none`."""

    def read(value: Any) -> str | None:
        if none and value in (None, "none"):
            return None
        if not isinstance(value, str) or value not in allowed:
            raise ValueError("one of " + " ".join(sorted(allowed)))
        return value

    return read


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text")
    return value


def words(value: Any) -> frozenset[str]:
    """A list of words; a single word stands for a list of one."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) and one for one in listed):
        raise ValueError("a list of words")
    return frozenset(listed)


def words_of(allowed: frozenset[str]) -> Read:
    def read(value: Any) -> frozenset[str]:
        found = words(value)
        if not found <= allowed:
            raise ValueError("words among " + " ".join(sorted(allowed)))
        return found

    return read


def optional(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


def service(value: Any) -> str:
    return str(one_of(frozenset(services()))(value))


def take(value: Any, fields: Fields, place: str) -> dict[str, Any]:
    """The known keys of a mapping, read; raises `UnusableError` naming the place of the first thing wrong."""
    if not isinstance(value, Mapping):
        raise UnusableError("wrong_type", f"{place}: wanted keys and values", place=place)
    taken: dict[str, Any] = {}
    for key, given in value.items():
        where = f"{place}.{key}" if place else str(key)
        if key not in fields:
            known = " ".join(sorted(fields))
            raise UnusableError("unknown_key", f"{where}: no such key; known are {known}", place=where)
        name, read = fields[key]
        try:
            taken[name] = read(given)
        except ValueError as error:
            raise UnusableError("unknown_value", f"{where}: wanted {error}", place=where) from error
    return taken


BASIS: Fields = {
    "statute": ("statute", one_of(STATUTES, none=True)),
    "necessity": ("necessity", one_of(NECESSITIES, none=True)),
    "decision_documented": ("decision_documented", flag),
    "weighty_reasons_documented": ("weighty_reasons_documented", flag),
    "permission": ("permission", flag),
    "regulation_names": ("regulation_names", words_of(frozenset(services()))),
    "only_to_ease_adaptation": ("only_to_ease_adaptation", words),
}
ORDER: Fields = {
    "id": ("id", optional(lambda value: str(value))),
    "provision": ("provision", optional(text)),
    "covers": ("covers", words),
}


def ground(value: Any) -> str:
    """A ground is a letter; present but empty is a claim without ground, and any other text is no ground."""
    return "" if value is None else str(value)


DUTY: Fields = {
    "ground": ("ground", ground),
    "order": ("order", lambda value: value),
    "danger": ("danger", optional(text)),
    "substance_misuse_in_pregnancy": ("substance_misuse_in_pregnancy", flag),
    "board_decision": ("board_decision", flag),
}


def read_basis(value: Any, place: str = "basis") -> Basis:
    """A claimed legal basis."""
    return Basis(**take(value, BASIS, place))


def read_duty(value: Any, place: str = "duty") -> Duty:
    """A claimed duty."""
    taken = take(value, DUTY, place)
    if taken.get("order") is not None:
        taken["order"] = Order(**take(taken["order"], ORDER, f"{place}.order"))
    if taken.get("danger") == "none":
        taken["danger"] = None
    return Duty(**taken)


CLAIMS: Fields = {"basis": ("basis", read_basis), "duty": ("duty", read_duty), "person": ("person", str)}


def claimed(claims: Any) -> dict[str, Any]:
    """What a message claims: a basis or a duty, and the person who claims it."""
    return take(claims, CLAIMS, "claims")
