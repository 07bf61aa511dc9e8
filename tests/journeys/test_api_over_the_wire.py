"""The API behind a real uvicorn on a free port: what only a server can show."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from hub.api.app import server
from tests.unit.api.conftest import SCHOOL, World, message_headers, world
from tests.unit.api.test_messages import GOOD

__all__ = ["world"]


@pytest.fixture
def address(world: World) -> Iterator[str]:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()  # so that a client may connect before the server has come up
    running = server(world.app, "127.0.0.1", listening.getsockname()[1])
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join()
    listening.close()


def test_a_message_is_sent_and_its_receipt_read_over_the_wire(world: World, address: str) -> None:
    token = {"Authorization": f"Bearer {world.issuer.token_for(SCHOOL)}"}
    with httpx.Client(base_url=address, headers=token, timeout=30) as client:
        answer = client.post("/v1/messages", content=GOOD, headers=message_headers("m-1"))
        receipt = client.get(answer.headers["Location"])

    assert answer.status_code == 202
    assert receipt.json() == answer.json()


def test_fifty_megabytes_are_refused_without_being_read(world: World, address: str) -> None:
    token = world.issuer.token_for(SCHOOL)
    head = (
        "POST /v1/messages HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nContent-Length: 50000000\r\n"
        "Idempotency-Key: m-1\r\nLangbenk-Kind: no.langbenk.school.v1.support-plan\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    )
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.encode() + b"x" * 1_000)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
            if answer.endswith(b"}"):
                break

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"too_large"' in answer


def test_the_server_tells_neither_its_name_nor_a_path_in_its_log(
    world: World, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = httpx.get(f"{address}/v1/persons/kari-nordmann", timeout=30)

    assert answer.status_code == 401
    assert "server" not in answer.headers
    assert "kari-nordmann" not in caplog.text
