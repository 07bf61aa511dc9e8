"""The command line as a user has it: words in, status and both outputs back."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from hub.cli import main


@dataclass(frozen=True)
class Done:
    """What one command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return orjson.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Runs `langbenk` in this process, under the environment that `settings` makes."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def settings(self, **chosen: str) -> None:
        for name, value in chosen.items():
            self.monkeypatch.setenv(f"LANGBENK_{name.upper()}", value)

    def run(self, *words: object) -> Done:
        self.monkeypatch.setattr(sys, "argv", ["langbenk", *map(str, words)])
        self.capsys.readouterr()
        try:
            main()
            status = 0
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = self.capsys.readouterr()
        return Done(status, out, err)
