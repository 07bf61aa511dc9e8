"""`langbenk demo --exit --json`: the story as a user runs it, and what the ledgers say when it is over."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import orjson
import pytest

SECTORS = {"health", "child_welfare", "school", "nav", "kindergarten"}
KEYS = [
    *("messages", "deliveries", "forwarded", "redacted", "held", "denied", "set_aside", "lost"),
    *("sectors", "seconds"),
]


@pytest.fixture(scope="module")
def told() -> subprocess.CompletedProcess[bytes]:
    return demo("--exit", "--json")


def demo(*options: str) -> subprocess.CompletedProcess[bytes]:
    """With nothing set: the embedded set-up, as on a fresh machine."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("LANGBENK_")}
    command = [sys.executable, "-c", "from hub.cli import main; main()", "demo", *options]
    return subprocess.run(command, capture_output=True, env=bare, timeout=240, check=False)


def report(told: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(told.stdout.splitlines()[-1])
    return found


def test_it_ends_well_with_one_line_of_json(told: subprocess.CompletedProcess[bytes]) -> None:
    assert told.returncode == 0, told.stderr.decode()[-2_000:]
    assert len(told.stdout.splitlines()) == 1
    assert list(report(told)) == KEYS


def test_nothing_is_lost_and_nothing_is_set_aside(told: subprocess.CompletedProcess[bytes]) -> None:
    assert (report(told)["lost"], report(told)["set_aside"]) == (0, 0)


@pytest.mark.parametrize("outcome", ["forwarded", "redacted", "held", "denied"])
def test_every_outcome_happens(told: subprocess.CompletedProcess[bytes], outcome: str) -> None:
    assert report(told)[outcome] >= 1


def test_all_five_sectors_send_and_receive(told: subprocess.CompletedProcess[bytes]) -> None:
    sectors = report(told)["sectors"]

    assert sectors.keys() == SECTORS
    assert all(each["sent"] >= 1 and each["received"] >= 1 for each in sectors.values())


def test_the_story_is_told_beside_the_json(told: subprocess.CompletedProcess[bytes]) -> None:
    words = told.stderr.decode()

    assert "Eksempelvik" in words
    assert "Traceback" not in words
    assert words.count("The population register: confirmed") == 3
    assert words.count("birth_date guardians protection") == 3
    assert "DUT-01" in words or "child welfare" in words
