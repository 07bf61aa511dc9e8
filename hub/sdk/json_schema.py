"""A JSON Schema at the door: it names the place and the kind of an error, and never the value there.

Beyond JSON Schema 2020-12 it knows the rule `uniqueBy` (no two items of a list have the same value at that key) and the
format `partial-date` (a year, a month or a day that exists).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.resources import files
from typing import Any, cast

import orjson
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from jsonschema.exceptions import SchemaError, best_match

from hub.errors import SetupError, UnusableError
from hub.sdk.quick_check import quick_check, unique_by


def _is_date(value: object, lengths: tuple[int, ...] = (10,)) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return len(value) in lengths and bool(date.fromisoformat(value + "0001-01-01"[len(value) :]))
    except ValueError:
        return False


def _is_partial_date(value: object) -> bool:
    return _is_date(value, (4, 7, 10))


def _unique_by(validator: Any, key: str, items: Any, schema: Any) -> Iterator[ValidationError]:
    if (index := unique_by(items, key)) is not None:
        yield ValidationError(key, path=[index, key])


_FORMATS = {"date": _is_date, "partial-date": _is_partial_date}
_CHECKER = FormatChecker(formats=())
for _name, _check in _FORMATS.items():
    _CHECKER.checks(_name)(_check)
_Validator = validators.extend(  # type: ignore[no-untyped-call]  # jsonschema says nothing of its types here
    Draft202012Validator, {"uniqueBy": _unique_by}
)


class Schema:
    """A compiled JSON Schema (2020-12) that names the place and the kind of an error, never the value there."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            raise SetupError(f"schema {schema.get('$id', '')}: {error.message}") from error
        self.schema = schema
        self._surely_valid = quick_check(schema, _FORMATS)
        self._validator = _Validator(schema, format_checker=_CHECKER)
        self._names = frozenset(_property_names(schema))

    def check(self, document: Any) -> None:
        """Raises `UnusableError` with the place of the most telling error; returns where there is none."""
        if self._surely_valid(document) or (error := best_match(self._validator.iter_errors(document))) is None:
            return
        place = self._place(error.absolute_path)
        raise UnusableError(
            "unreadable", f"{place}: {_complaint(error)}", place=place, way_out="send what the schema says"
        )

    def _place(self, path: Iterable[str | int]) -> str:
        """A key that the schema does not name may itself be personal, so it is shown as a star."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step if step in self._names else '*'}" for step in path)
        return "$" + "".join(steps)


def load_schema(package: str, name: str) -> Schema:
    """The schema that lies as data beside an adapter; `SetupError` where it is missing or is no schema."""
    try:
        return Schema(orjson.loads(files(package).joinpath(name).read_bytes()))
    except (OSError, ModuleNotFoundError, ValueError) as error:
        raise SetupError(f"{package}: no readable schema {name}; install the package again") from error


def _property_names(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        yield from schema.get("properties", {})
    for child in schema.values() if isinstance(schema, Mapping) else schema if isinstance(schema, list) else ():
        yield from _property_names(child)


def _complaint(error: ValidationError) -> str:
    rule, limit = error.validator, cast(Any, error.validator_value)
    match rule:
        case "required":
            return "lacks " + ", ".join(name for name in limit if name not in cast(Any, error.instance))
        case "type":
            return f"must be {limit if isinstance(limit, str) else ' or '.join(limit)}"
        case "enum" | "const":
            return f"must be {limit}" if rule == "const" else f"must be one of {', '.join(map(str, limit))}"
        case "uniqueBy":
            return f"is the {limit} of an earlier item"
        case "additionalProperties" | "unevaluatedProperties":
            return "holds a key that the schema does not know"
        case _:
            return f"breaks the rule {rule} {limit if isinstance(limit, str | int) else ''}".rstrip()
