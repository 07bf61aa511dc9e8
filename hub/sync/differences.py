"""What differs between two values of an element, in words a person reads: nb, nn or en (pure)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from hub.model.plan import Content, Kind, Value

Language = Literal["nb", "nn", "en"]
LONGEST = 60
"""Signs of an old or new value that are shown; of a longer one only that it has changed."""


@cache
def texts(language: Language) -> dict[str, Any]:
    """The words of one language, by kind, field and sentence."""
    return dict(yaml.safe_load(files("hub.sync").joinpath(f"texts/{language}.yaml").read_text("utf-8")))


def words(kind: Kind, was: Content | None, now: Content | None, language: Language, *, known: bool = True) -> str:
    """One sentence. `known`: whether it was there before; without `was` it is only said that it has changed."""
    said = texts(language)
    what = _named(said["kind"][kind], now or was or {})
    if now is None:
        return str(said["gone"]).format(what=what)
    if not known:
        return str(said["added"]).format(what=what)
    if was is None:
        return str(said["changed"]).format(what=what)
    told = [_field(name, was.get(name), now.get(name), said) for name in differing(was, now)]
    return f"{what}: {'; '.join(told)}" if told else str(said["changed"]).format(what=what)


def differing(was: Content, now: Content) -> list[str]:
    """The fields whose values differ, in the order of the newer and then of the older; empty is as good as absent."""
    names = dict.fromkeys([*now, *was])
    return [name for name in names if (was.get(name) or None) != (now.get(name) or None)]


def _named(kind: str, content: Content) -> str:
    name = content.get("title") or content.get("name") or content.get("fact")
    return f"{kind} «{name}»" if name else kind


def _field(name: str, before: Value | None, after: Value | None, said: dict[str, Any]) -> str:
    field = said["field"].get(name, name)
    old, new = _short(before), _short(after)
    if old is None or new is None:
        return str(said["field_changed"]).format(field=field)
    sentence = "field_taken_out" if not new else "field_from_to" if old else "field_set"
    return str(said[sentence]).format(field=field, old=old, new=new)


def _short(value: Value | None) -> str | None:
    """The value as it is read; `None` where it is too long to be shown."""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
    return text if len(text) <= LONGEST else None
