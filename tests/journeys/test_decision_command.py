"""`langbenk decision`: words one would rather look at than JSON, and a status one can script on."""

from __future__ import annotations

import pytest

from hub.policy.explain import LANGUAGES, texts
from tests.journeys.command import Shell
from tests.journeys.systems import HOME
from tests.journeys.test_command_line import held, ready, world
from tests.journeys.world import World

__all__ = ["ready", "world"]


def kept(world: World) -> str:
    with world.hub.store.begin() as work:
        return work.decisions.of(HOME, world.plans["nora"])[-1].id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_is_shown_as_tables_and_words(shell: Shell, world: World, language: str) -> None:
    held(world)

    done = shell.run("decision", "show", kept(world), "--language", language)

    label = texts(language)["label"]  # type: ignore[arg-type]
    assert done.status == 0, done.err
    assert all(label[name] in done.out for name in ("rests", "source", "statutes", "ways", "complaint"))
    assert "AGE-05" in done.out


def test_the_record_is_there_for_programs(shell: Shell, world: World) -> None:
    held(world)

    told = shell.run("decision", "show", kept(world), "--json").json

    assert told["record"]["policy"]["version"]
    assert told["words"]["checks"]


def test_a_decision_that_stands_says_so(shell: Shell, world: World) -> None:
    held(world)

    done = shell.run("decision", "replay", kept(world), "--language", "en")
    nynorsk = shell.run("decision", "replay", kept(world), "--language", "nn")

    assert (done.status, nynorsk.status) == (0, 0)
    assert "is what was kept" in done.out
    assert "teken vare på" in nynorsk.out


def test_a_decision_that_was_changed_fails_the_command(shell: Shell, world: World) -> None:
    held(world)
    with world.hub.store.begin() as work:
        row = work.decisions.of(HOME, world.plans["nora"])[-1]
        work.decisions.add([row._replace(id="forged", record=row.record.replace(b"hold", b"open"))])

    done = shell.run("decision", "replay", "forged", "--language", "en")

    assert done.status == 1
    assert "has been changed" in done.out


def test_the_schema_of_a_decision_is_published(shell: Shell) -> None:
    assert shell.run("schema", "decision").json["title"] == "Decision (avgjørelse)"


@pytest.mark.parametrize("reader", ["guardian", "child"])
def test_the_citizens_log_is_printed_for_its_reader(shell: Shell, world: World, reader: str) -> None:
    held(world)
    child = world.plan("nora").child

    done = shell.run("log", child, "--for", reader, "--language", "nb")
    told = shell.run("log", child, "--for", reader, "--json").json

    assert done.status == 0, done.err
    assert "Skole ville fortelle" in done.out
    assert [entry["state"] for entry in told["entries"]] == ["waits"]
