"""The broker contract and the door on RabbitMQ 4, built where `LANGBENK_TEST_RABBIT4=1` allows it (root, Debian)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SCRIPT = HERE.parent / "faults/rabbit4.sh"

pytestmark = pytest.mark.skipif(
    os.environ.get("LANGBENK_TEST_RABBIT4") != "1", reason="builds a RabbitMQ 4; set LANGBENK_TEST_RABBIT4=1"
)


@pytest.fixture(scope="module")
def rabbit4() -> Iterator[dict[str, str]]:
    """The environment in which the tests find it."""
    subprocess.run(["bash", SCRIPT, "start"], check=True)
    yield {
        **os.environ,
        "CI": "true",
        "LANGBENK_TEST_RABBIT": "amqp://guest:guest@127.0.0.1:5674/",
        "LANGBENK_TEST_RABBIT_API": "http://127.0.0.1:15674",
    }
    subprocess.run(["bash", SCRIPT, "stop"], check=True)


@pytest.mark.parametrize("file", ["test_broker_rabbit.py", "test_door.py"])
def test_what_holds_on_rabbitmq_3_holds_on_4(rabbit4: dict[str, str], file: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(HERE / file)],
        env=rabbit4,
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-4000:]
