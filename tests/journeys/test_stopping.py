"""A process that is told to stop: it ends its work, puts away what it has open, and has nothing to complain of."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic

import httpx
import pytest

from hub.security.keys import new_master_key

SOON = 30.0
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


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_serve_closes_its_database_when_it_is_told_to_stop(tmp_path: Path, told: signal.Signals) -> None:
    """SQLite folds its log into the database when the last connection is closed in order."""
    (tmp_path / "jwks.json").write_bytes(b'{"keys": []}')
    port, journal = free_port(), tmp_path / "hub.sqlite3-wal"
    settings = {
        "LANGBENK_DATABASE_URL": f"sqlite:///{tmp_path / 'hub.sqlite3'}",
        "LANGBENK_MASTER_KEY": new_master_key(),
        "LANGBENK_ISSUER": "https://issuer.example",
        "LANGBENK_JWKS": str(tmp_path / "jwks.json"),
        "LANGBENK_PORT": str(port),
    }
    process = subprocess.Popen([sys.executable, "-c", SERVE], env={**os.environ, **settings})
    until, pause = monotonic() + SOON, Event()
    while not is_alive(f"http://127.0.0.1:{port}") and monotonic() < until:
        pause.wait(0.1)
    at_work = journal.exists()
    process.send_signal(told)

    assert process.wait(SOON) == 0
    assert (at_work, journal.exists()) == (True, False)
