"""The command line as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import click
from typer.main import get_command

from hub.cli import app

RUN_ON = {"serve", "api", "worker"}
"""They run until they are stopped, and answer nothing."""


def commands(group: click.Command, *path: str) -> Iterator[tuple[str, click.Command]]:
    if not hasattr(group, "commands"):
        yield " ".join(path), group
        return
    for name, command in group.commands.items():
        yield from commands(command, *path, name)


def test_every_command_that_answers_takes_json() -> None:
    every = dict(commands(get_command(app)))

    deaf = {name for name, command in every.items() if "json" not in {option.name for option in command.params}}
    assert deaf == RUN_ON
    assert every.keys() > {"demo", "translate", "adapters", "schema plan", "mapping check", "bench", "status", "trail"}
