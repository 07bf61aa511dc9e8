"""A process that runs for long: what it may open, and how it ends when it is told to stop."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import httpx
import pytest

from hub.security.keys import new_master_key

SOON = 30.0
FEW = 128
"""Files that are open to a process as it starts; most platforms say 1024."""

SERVE = "import sys; from hub.cli import main; sys.argv = ['langbenk', 'serve']; main()"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def is_alive(url: str) -> bool:
    try:
        return httpx.get(f"{url}/livez", timeout=5).is_success
    except httpx.TransportError:
        return False


def few_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (FEW, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`langbenk serve`, at work on `hub.sqlite3`."""
    (tmp_path / "jwks.json").write_bytes(b'{"keys": []}')
    port = free_port()
    settings = {
        "LANGBENK_DATABASE_URL": f"sqlite:///{tmp_path / 'hub.sqlite3'}",
        "LANGBENK_MASTER_KEY": new_master_key(),
        "LANGBENK_ISSUER": "https://issuer.example",
        "LANGBENK_JWKS": str(tmp_path / "jwks.json"),
        "LANGBENK_PORT": str(port),
    }
    process = subprocess.Popen([sys.executable, "-c", SERVE], env={**os.environ, **settings}, preexec_fn=few_files)
    until, pause = monotonic() + SOON, Event()
    while not is_alive(f"http://127.0.0.1:{port}") and monotonic() < until:
        pause.wait(0.1)
    yield process
    process.kill()
    process.wait(SOON)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_serve_closes_its_database_when_it_is_told_to_stop(
    tmp_path: Path, served: subprocess.Popen[bytes], told: signal.Signals
) -> None:
    """SQLite folds its log into the database when the last connection is closed in order."""
    journal = tmp_path / "hub.sqlite3-wal"
    at_work = journal.exists()
    served.send_signal(told)

    assert served.wait(SOON) == 0
    assert (at_work, journal.exists()) == (True, False)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells another process's limits")
def test_a_process_may_open_as_many_files_as_its_platform_allows(served: subprocess.Popen[bytes]) -> None:
    """Four or eight for each receiver: several hundred need more than what a process starts with."""
    few, most = resource.prlimit(served.pid, resource.RLIMIT_NOFILE)

    assert few == most > FEW
