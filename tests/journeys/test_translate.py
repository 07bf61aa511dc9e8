"""`langbenk translate` for a document of each sector, both ways, and what else can be asked of files."""

from __future__ import annotations

from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest

from hub.model.plan import Element, Plan
from hub.model.wire import plan_to_json
from hub.sandbox.people import lives
from hub.sync import stamped
from tests.journeys.command import Shell

NORA = lives(date(2026, 8, 17))["nora"].child
SECTORS = {
    "health": ("health", {"frame", "identity", "goal", "measure", "participant", "need"}),
    "child_welfare": ("child-welfare", {"measure"}),
    "school": ("school", {"frame", "identity", "goal", "measure", "need"}),
    "nav": ("nav", {"measure"}),
    "kindergarten": ("kindergarten", {"frame", "identity", "goal", "measure", "need"}),
}
every_sector = pytest.mark.parametrize("sector", SECTORS)


def document(sector: str, folder: Path) -> Path:
    """What that sector's stand-in sends when a case is new."""
    (point,) = entry_points(group="hub.counterparts", name=sector)
    _, body = point.load()([NORA]).first_document("nora")
    file = folder / f"{sector}.document"
    file.write_bytes(body)
    return file


def plan(folder: Path) -> Path:
    """A plan with a goal and a measure of two services."""
    goal = {"title": "Sleeps through the night", "status": "active"}
    elements = [
        element("e-goal", "goal", "municipal_health", {"plan_goal", "health"}, **goal),
        element("e-measure", "measure", "school", {"plan_measure", "education"}, title="A quiet start"),
    ]
    made = Plan("p-1", "9999", "c-1", 1, {each.id: each for each in elements})
    file = folder / "plan.json"
    file.write_bytes(orjson.dumps(plan_to_json(made)))
    return file


def element(id: str, kind: Any, owner: str, categories: set[str], **content: str) -> Element:
    return stamped(Element(id, kind, owner, frozenset(categories), content))


@every_sector
def test_a_document_says_its_change_and_what_stayed_behind(sector: str, shell: Shell, tmp_path: Path) -> None:
    adapter, kinds = SECTORS[sector]

    done = shell.run("translate", document(sector, tmp_path), "--adapter", adapter)

    assert (done.status, done.err) == (0, "")
    assert done.json.keys() == {"change", "unmapped"}
    assert kinds <= done.json["change"].keys()
    assert NORA.number not in str(done.json["change"])


@every_sector
def test_a_plan_becomes_a_document_of_that_system(sector: str, shell: Shell, tmp_path: Path) -> None:
    adapter, _ = SECTORS[sector]

    done = shell.run("translate", plan(tmp_path), "--adapter", adapter, "--back", plan(tmp_path))

    assert (done.status, done.err) == (0, "")
    assert isinstance(done.json, dict)
    assert "Sleeps through the night" in done.out
    assert "A quiet start" in done.out


@pytest.mark.parametrize("sector", ["health", "school", "kindergarten"])
def test_a_plan_is_written_into_the_document_that_is_there(sector: str, shell: Shell, tmp_path: Path) -> None:
    adapter, base = SECTORS[sector][0], document(sector, tmp_path)
    before = shell.run("translate", base, "--adapter", adapter).json["change"]

    done = shell.run("translate", base, "--adapter", adapter, "--back", plan(tmp_path), "--base", base)
    (tmp_path / "after").write_text(done.out)
    after = shell.run("translate", tmp_path / "after", "--adapter", adapter).json["change"]

    assert "A quiet start" in done.out
    assert before["measure"].items() <= after["measure"].items()
    assert len(after["measure"]) == len(before["measure"]) + 1


def test_a_directed_message_has_no_change(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "info.json"
    file.write_bytes(orjson.dumps({"free_text": False, "parts": [{"categories": ["education"], "facts": {"a": 1}}]}))

    done = shell.run("translate", file, "--adapter", "school", "--kind", "no.langbenk.info.v1.message")

    assert done.json == {"change": None, "unmapped": [], "directed": True}


@pytest.mark.parametrize(
    "words, said",
    [
        (["--adapter", "nothing-installed"], "nothing-installed"),
        (["--adapter", "school", "--kind", "no.such.kind"], "reads no such kind"),
        (["--adapter", "school"], "unreadable"),
    ],
)
def test_what_cannot_be_translated_is_one_line_that_says_why(
    words: list[str], said: str, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "broken.json"
    file.write_text('{"pupil": {"name": "Ingrid Hemmelig"')

    done = shell.run("translate", file, *words)

    assert done.status in (1, 3)
    assert said in done.err
    assert "Ingrid" not in done.err
    assert "Traceback" not in done.err


def test_a_file_that_is_not_there_is_said_in_one_line(shell: Shell, tmp_path: Path) -> None:
    done = shell.run("translate", tmp_path / "nowhere.json", "--adapter", "school")

    assert done.status != 0
    assert "nowhere.json" in done.err
    assert "Traceback" not in done.err


def test_a_plan_that_is_none_is_said_in_one_line(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "no-plan.json"
    file.write_text("[1]")

    done = shell.run("translate", file, "--adapter", "school", "--back", file)

    assert (done.status, "no plan" in done.err) == (1, True)


def test_adapters_are_listed_with_what_they_read_write_and_carry(shell: Shell) -> None:
    found = {each["name"]: each for each in shell.run("adapters", "--json").json}

    assert {"health", "child-welfare", "school", "nav", "kindergarten"} <= found.keys()
    assert found["nav"]["state"] == "ok"
    assert "no.nav.digisos.digisos.soker.v1" in str(found["nav"]["reads"])
    assert "no.nav.digisos.digisos.soker.v1" not in str(found["nav"]["writes"])
    assert "measure" in str(found["nav"]["carries"])
    assert "Traceback" not in shell.run("adapters").out


def test_the_plans_schema_is_json_schema_and_holds_for_a_plan(shell: Shell, tmp_path: Path) -> None:
    schema = shell.run("schema", "plan").json
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(orjson.loads(plan(tmp_path).read_bytes()), schema)


def test_the_shipped_mappings_are_in_order(shell: Shell) -> None:
    done = shell.run("mapping", "check", "--json")

    assert (done.status, done.json) == (0, [])


def test_a_wrong_mapping_is_named_with_file_row_and_reason(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "broken.v1.yaml"
    file.write_text("lens: test/broken.v1\ndocument: no.test.v1\ntitle: Broken\nsnapshot: full\nsections:\n"
                    "  - {kind: goal, each: goals, key: id, rows: [{hub: no_such_field, at: title}]}\n")  # fmt: skip

    done = shell.run("mapping", "check", file, "--json")

    assert done.status == 1
    assert done.json[0]["file"].endswith("broken.v1.yaml")
    assert all(each["reason"] for each in done.json)
