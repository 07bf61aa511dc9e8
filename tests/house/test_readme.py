"""Documentation is true: what can be run is run, and what it names is there."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import orjson
import pytest
import typer
import yaml
from typer.testing import CliRunner

from hub.cli import app
from hub.conformance import Subject, report
from hub.settings import PREFIX, Settings
from tests.house.house import ROOMS, ROOT, listed, name, readmes
from tests.house.pages import Block, blocks, code, commands, is_there, links, named_files

PAGES = [pytest.param(page, id=name(page)) for page in readmes()]
TOP = ROOT / "README.md"
BESIDE = {"LANGBENK_SAMPLES", "LANGBENK_SECRETS_DIR"}
"""Variables that are no settings of the hub."""
A_VENDORS_OWN = {"adapters/example/README.md"}
"""Pages that name the files of a package somebody else writes."""
PACKAGES = [path for path in (ROOT / "hub").iterdir() if (path / "__init__.py").is_file()]
MAIN = typer.main.get_command(app)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page: Path) -> None:
    dead = [link for link in links(page) if not (page.parent / link).exists()]

    assert not dead, listed("links that lead nowhere:", dead)


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    gone = [file for file in named_files(page) if name(page) not in A_VENDORS_OWN and not is_there(page, file)]

    assert not gone, listed("files that are not there:", gone)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_is_one_that_can_be_given(page: Path) -> None:
    said = [words for block in blocks(page, "sh") for words in commands(block)]
    said += [each.split() for each in code(page) if re.fullmatch(r"(langbenk|make) [a-z][^|·…]*", each)]
    wrong = [" ".join(words) for words in said if not _can_be_given(words)]

    assert not wrong, listed("commands, options or targets that there are not:", wrong)


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_that_is_named_is_one(page: Path) -> None:
    known = {PREFIX + field.upper() for field in Settings.model_fields} | BESIDE
    named = set(re.findall(r"\bLANGBENK_(?!TEST_)[A-Z0-9_]+\b", page.read_text(encoding="utf-8")))

    assert named - known == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_data_can_be_read(page: Path) -> None:
    for block in blocks(page, "toml", "yaml", "json"):
        {"toml": tomllib.loads, "yaml": yaml.safe_load, "json": json.loads}[block.language](block.text)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_python_imports_what_is_there(page: Path) -> None:
    for block in blocks(page, "python"):
        for node in ast.walk(ast.parse(block.text)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ROOMS:
                module = import_module(node.module or "")

                assert all(hasattr(module, each.name) for each in node.names), ast.unparse(node)


@pytest.mark.parametrize("room", [pytest.param(room, id=name(room)) for room in PACKAGES])
def test_every_room_says_which_files_it_has(room: Path) -> None:
    said = (room / "README.md").read_text(encoding="utf-8")
    files = [path.stem for path in room.glob("*.py") if path.stem != "__init__"]
    untold = [stem for stem in files if not re.search(rf"\b{stem}\b", said)]

    assert not untold, listed(f"files that {name(room)}/README.md does not name:", untold)


def test_the_two_commands_open_the_page() -> None:
    first = blocks(TOP, "sh")[0]

    assert [words[:2] for words in commands(first)] == [["make", "demo"], ["make", "test"]]


def test_the_translation_it_shows_can_be_made() -> None:
    (words,) = (words for words in _shell(TOP) if words[:2] == ["langbenk", "translate"])
    done = CliRunner().invoke(app, [*words[1:2], str(ROOT / words[2]), *words[3:]])

    assert done.exit_code == 0
    assert json.loads(done.output).keys() == {"change", "unmapped"}


def test_the_systems_it_registers_can_be_registered(tmp_path: Path) -> None:
    wanted = [words[1:] for words in _shell(TOP) if words[:2] in (["langbenk", "config"], ["langbenk", "status"])]
    given = {"LANGBENK_MASTER_KEY": _printed(["key", "new"], {}), "LANGBENK_DATABASE_URL": f"sqlite:///{tmp_path}/a.db"}

    assert wanted == [["config", "check"], ["config", "apply", "deploy/systems.example.yaml"], ["status"]]
    for words in wanted:
        _printed(words, given)


def test_the_adapter_it_shows_passes_the_kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "acme_club"
    (package / "club").mkdir(parents=True)
    (package / "__init__.py").write_text(_block("class AcmeClub", "python").text)
    (package / "club" / "activities.v1.yaml").write_text(_block("lens: club", "yaml").text)
    shutil.copy(ROOT / "adapters" / "example" / "activities.schema.json", package)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    adapter = import_module("acme_club").AcmeClub()
    member = {"member": {"number": "M-1"}, "activities": [{"code": "a", "name": "Chess", "first": "2026-08-17"}]}
    samples = {"no.acme.club.v1.activities": [orjson.dumps(member)]}

    results = report(Subject(adapter, samples, rounds=5))

    assert [each for each in results if each.state == "failed"] == []
    assert tomllib.loads(_block("hub.adapters", "toml").text)["project"]["entry-points"]["hub.adapters"] == {
        adapter.manifest.name: "acme_club:AcmeClub"
    }


def _shell(page: Path) -> list[list[str]]:
    return [words for block in blocks(page, "sh") for words in commands(block)]


def _block(beginning: str, language: str) -> Block:
    return next(block for block in blocks(TOP, language) if beginning in block.text)


def _can_be_given(words: list[str]) -> bool:
    if words[0] == "make":
        return _are_targets([word for word in words[1:] if "=" not in word])
    if words[0] == "export":
        return words[1].startswith(PREFIX)
    if words[0] == "langbenk":
        return _is_command(words[1:])
    return words[0] in (".", "rabbitmqctl") or "=" in words[0]


def _are_targets(names: list[str]) -> bool:
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    return set(names) <= made


def _is_command(words: list[str]) -> bool:
    """Walks down groups to a command, and asks it about every option; files of ours must be there."""
    command = MAIN
    while words and hasattr(command, "commands"):
        found = command.commands.get(words[0].split("|")[0])
        if found is None:
            return False
        command, words = found, words[1:]
    options = {flag for option in command.params for flag in option.opts}
    return all(word in options for word in words if word.startswith("-")) and all(
        (ROOT / word).exists() for word in words if "/" in word
    )


def _printed(words: list[str], given: dict[str, str]) -> str:
    """What the command prints in a process of its own, with these settings and no others."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(PREFIX)}
    command = [sys.executable, "-c", "from hub.cli import main; main()", *words]
    done = subprocess.run(command, cwd=ROOT, env={**kept, **given}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
