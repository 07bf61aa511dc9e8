"""Frozen dataclasses to JSON bytes and back, by their own type hints: for what is kept sealed and seldom parsed."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson

T = TypeVar("T")


def dump(value: object) -> bytes:
    """Sets become sorted lists, so that equal values are equal bytes."""
    return orjson.dumps(value, default=_sorted, option=orjson.OPT_SORT_KEYS)


def load(kind: type[T], raw: bytes) -> T:
    """The inverse of `dump` for a dataclass. A field the bytes do not name takes its default."""
    value: T = build(kind, orjson.loads(raw))
    return value


def _sorted(value: object) -> object:
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"cannot write a {type(value).__name__}")


def build(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return build(next(kind for kind in get_args(hint) if kind is not type(None)), value)
    if is_dataclass(hint):
        hints = _hints(hint)  # type: ignore[arg-type]  # a class is hashable
        fields = {name: build(hints[name], item) for name, item in value.items() if name in hints}
        return hint(**fields)  # type: ignore[operator]  # a class, as the caller's hints are
    if origin is tuple or origin is frozenset:
        item = get_args(hint)[0]
        return origin(build(item, each) for each in value)
    if hint is datetime or hint is date:
        return hint.fromisoformat(value)
    return dict(value) if origin in (Mapping, dict) or isinstance(value, Mapping) else value


@lru_cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
