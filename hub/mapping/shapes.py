"""What a system spells as an object and the hub as one line: a coded concept, a person's name."""

from __future__ import annotations

from collections.abc import Mapping

from hub.mapping.path import Json
from hub.model.plan import Value


def read_concept(value: Json) -> str:
    """The words of a coded concept (`text`, `coding`): its text, or else its first code's display or the code."""
    concept = _object(value)
    codings = concept.get("coding") or [{}]
    first = _object(codings[0]) if isinstance(codings, list) else {}
    return _first_text(concept.get("text"), first.get("display"), first.get("code"))


def write_concept(value: Value) -> Json:
    """Words only: the codes beside them would say what the words no longer do."""
    return {"text": _line(value)}


def read_person_name(value: Json) -> str:
    """The name as one line, from `text` or else from `given` and `family`."""
    name = _object(value)
    given = name.get("given") or []
    words = [*(given if isinstance(given, list) else [given]), name.get("family")]
    return _first_text(name.get("text"), " ".join(word for word in words if isinstance(word, str)))


def write_person_name(value: Value) -> Json:
    """The line itself, and its last word as the family name where there are several."""
    line = _line(value)
    *given, family = line.split() or [line]
    return {"text": line, "family": family, "given": given} if given else {"text": line}


def _object(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise ValueError
    return value


def _first_text(*candidates: Json) -> str:
    return next((text for text in candidates if isinstance(text, str) and text), "")


def _line(value: Value) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value
