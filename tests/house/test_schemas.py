"""What is published is valid: the API's description, the plan's schema, and the catalogue of message types."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from hub.api.app import create_app
from hub.bootstrap import build
from hub.cli import app
from hub.security.keys import new_master_key
from hub.settings import load_settings
from tests.house.house import files as house_files
from tests.house.house import listed, name

WAYS = frozenset({"get", "put", "post", "delete", "patch"})


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The OpenAPI document of a hub that has nothing yet."""
    database = f"sqlite:///{tmp_path_factory.mktemp('house')}/hub.sqlite3"
    hub = build(load_settings({}, master_key=new_master_key(), database_url=database))
    try:
        return create_app(hub).openapi()
    finally:
        hub.close()


def test_every_operation_says_what_it_does(description: Mapping[str, Any]) -> None:
    silent = [where for where, each in _operations(description) if not each.get("summary") or not _told(each)]

    assert not silent, listed("operations without a summary, and a description or an example:", silent)


def test_every_operation_has_a_name_of_its_own(description: Mapping[str, Any]) -> None:
    names = [each["operationId"] for _, each in _operations(description)]

    assert len(names) == len(set(names))


def test_every_shape_of_the_api_is_a_json_schema(description: Mapping[str, Any]) -> None:
    for shape in description["components"]["schemas"].values():
        Draft202012Validator.check_schema(shape)


def test_every_reference_of_the_api_leads_somewhere(description: Mapping[str, Any]) -> None:
    shapes = {f"#/components/schemas/{each}" for each in description["components"]["schemas"]}

    assert set(_references(description)) <= shapes


def test_every_operation_asks_for_a_token(description: Mapping[str, Any]) -> None:
    open_to_all = [where for where, each in _operations(description) if "/v1/" in where and not each.get("security")]

    assert not open_to_all, listed("operations without security:", open_to_all)


def test_the_schema_that_the_command_prints_is_a_schema() -> None:
    printed = CliRunner().invoke(app, ["schema", "plan"])

    assert printed.exit_code == 0
    Draft202012Validator.check_schema(json.loads(printed.output))


def test_every_schema_in_the_repository_is_one() -> None:
    found = house_files("hub", "adapters", "mappings", ending=".schema.json")

    assert found
    for path in found:
        schema = json.loads(path.read_text(encoding="utf-8"))
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema", name(path)
        Draft202012Validator.check_schema(schema)


def test_the_catalogue_of_message_types_is_in_the_form_of_fiks() -> None:
    catalogue = json.loads(files("hub.broker").joinpath("meldingstyper.json").read_text(encoding="utf-8"))
    wanted = {"id", "beskrivelse", "kanSvareMed", "erSvarPaa", "harPayload", "payloadFilnavn"}

    assert [each["id"] for each in catalogue["meldingstyper"] if not wanted <= each.keys()] == []


def _operations(description: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, ways in description["paths"].items():
        yield from ((f"{way.upper()} {path}", each) for way, each in ways.items() if way in WAYS)


def _told(operation: Mapping[str, Any]) -> bool:
    return bool(operation.get("description")) or "example" in json.dumps(operation)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(found := value.get("$ref"), str):
            yield found
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)
