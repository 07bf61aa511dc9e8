"""JSON at the door: bytes read strictly and written canonically; what two readers could understand apart is refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Any, NoReturn

import orjson

from hub.errors import UnusableError

MAX_BYTES = 5_000_000
MAX_DEPTH = 64

_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(raw: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """The JSON value these bytes hold.

    Refuses, by `UnusableError` with a place, what two readers could understand differently or what could exhaust one: a
    key twice in one object, NaN and numbers out of range, text that is not UTF-8, too many bytes, too deep a nest.
    """
    if len(raw) > max_bytes:
        raise UnusableError("too_large", f"document: more than {max_bytes} bytes", place="$", way_out="send less")
    try:
        text = raw.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_object, parse_float=_number, parse_int=_integer, parse_constant=_no)
    except UnicodeDecodeError as error:
        raise _unreadable("is not UTF-8", f"byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise _unreadable("is not JSON", f"line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise _too_deep(max_depth) from None
    if raw.count(b"{") + raw.count(b"[") > max_depth and _deeper_than(value, max_depth):
        raise _too_deep(max_depth)
    if b"\\u" in raw and _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        raise _unreadable("holds half a surrogate pair, which is no character", "$")
    return value


def write_json(document: Any) -> bytes:
    """The document as compact UTF-8, keys in the order they stand in."""
    try:
        return orjson.dumps(document)
    except TypeError as error:
        raise _unreadable("is not a JSON value", "$") from error


def canonical_json(document: Any) -> bytes:
    """The same for every document that says the same: keys sorted, so that two writings can be compared."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _unreadable("holds a key twice in one object", "$")
    return found


def _number(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise _unreadable("holds a number out of range", "$")
    return value


def _integer(text: str) -> int:
    if len(text) > 20 or not -(2**63) <= (value := int(text)) < 2**64:
        raise _unreadable("holds a whole number of more than 64 bits", "$")
    return value


def _no(constant: str) -> NoReturn:
    raise _unreadable(f"holds {constant}, which is not JSON", "$")


def _unreadable(what: str, place: str) -> UnusableError:
    return UnusableError("unreadable", f"document: {what} ({place})", place=place, way_out="send it as RFC 8259 says")


def _too_deep(max_depth: int) -> UnusableError:
    return UnusableError("too_large", f"document: nested deeper than {max_depth}", place="$", way_out="send it flatter")


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [child for node in level for child in _children(node) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _children(node: Any) -> Iterable[Any]:
    """Of a scalar at the root: none."""
    return node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
