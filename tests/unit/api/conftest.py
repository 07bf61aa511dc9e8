"""A whole hub on a SQLite file behind its API, with an issuer of its own and four registered clients."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from hub.api.app import create_app
from hub.bootstrap import Hub, build
from hub.clock import SystemClock
from hub.model.official import Official
from hub.model.service import System
from hub.sandbox.issuer import Issuer
from hub.security.keys import new_master_key
from hub.security.tokens import CONTROL, READ, WRITE
from hub.settings import load_settings

SUPPORT_PLAN = "no.langbenk.school.v1.support-plan"
SCHOOL = System(
    id="school-1",
    municipality="0001",
    service="school",
    adapter="school",
    client_id="client-school",
    organisation="999888777",
    document=SUPPORT_PLAN,
    scopes=frozenset({WRITE, READ}),
)
KINDERGARTEN = replace(
    SCHOOL,
    id="kindergarten-1",
    service="kindergarten",
    adapter="kindergarten",
    client_id="client-kindergarten",
    document="no.langbenk.kindergarten.v1.support-plan",
)
OFFICE = replace(
    SCHOOL,
    id="control-1",
    service="coordinating_unit",
    adapter="",
    client_id="client-control",
    document="",
    scopes=frozenset({CONTROL}),
)
OTHER_OFFICE = replace(OFFICE, id="control-2", municipality="0002", client_id="client-control-2")
EMP_12 = {"Langbenk-Person": "emp-12"}
_ALL = frozenset({"coordinator", "address_handler"})
PEOPLE = [*(Official(person, "0001", _ALL) for person in ("emp-12", "emp-13"))]


@dataclass
class World:
    """The API as a client meets it: `call` with the token of a registered system."""

    hub: Hub
    app: FastAPI
    issuer: Issuer

    def call(
        self, method: str, path: str, *, by: System | None = OFFICE, token: str | None = None, **more: Any
    ) -> httpx.Response:
        return self.calls([(method, path, more)], by=by, token=token)[0]

    def calls(
        self, requests: list[tuple[str, str, dict[str, Any]]], *, by: System | None = OFFICE, token: str | None = None
    ) -> list[httpx.Response]:
        """All at once, so that a group can form."""
        bearer = token or (self.issuer.token_for(by) if by else None)
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return asyncio.run(self._all(requests, headers))

    async def _all(
        self, requests: list[tuple[str, str, dict[str, Any]]], headers: dict[str, str]
    ) -> list[httpx.Response]:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub.test", headers=headers) as client:
            return await asyncio.gather(*(client.request(method, path, **more) for method, path, more in requests))

    def send(self, body: bytes, id: str, *, by: System = SCHOOL, **headers: str) -> httpx.Response:
        return self.call("POST", "/v1/messages", by=by, content=body, headers=message_headers(id, **headers))


def message_headers(id: str, *, kind: str = SUPPORT_PLAN, **more: str) -> dict[str, str]:
    """The headers of a message; keyword names are header names with underscores."""
    told = {name.replace("_", "-"): value for name, value in more.items()}
    return {"Content-Type": "application/json", "Idempotency-Key": id, "Langbenk-Kind": kind} | told


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    issuer = Issuer(SystemClock())
    (tmp_path / "jwks.json").write_bytes(issuer.jwks())
    settings = load_settings(
        {},
        database_url=f"sqlite:///{tmp_path / 'hub.db'}",
        master_key=new_master_key(),
        issuer=issuer.issuer,
        audience=issuer.audience,
        jwks=str(tmp_path / "jwks.json"),
        broker_url=f"memory://{tmp_path.name}",
        max_body=100_000,
    )
    hub = build(settings)
    hub.store.migrate()
    with hub.store.begin() as work:
        work.directory.put([SCHOOL, KINDERGARTEN, OFFICE, OTHER_OFFICE])
        work.directory.authorise(PEOPLE)
    app = create_app(hub)
    yield World(hub, app, issuer)
    app.state.writer.close()
    hub.close()


@pytest.fixture
def plan(world: World) -> dict[str, Any]:
    """A plan with the school at its table, whose own key for the pupil is `pupil-7`."""
    made = world.call("POST", "/v1/plans", json={"child": {"birth_date": "2018-04-02"}})
    assert made.status_code == 201, made.text
    link = {"key": {"kind": "own", "value": "pupil-7"}}
    linked = world.call("PUT", f"/v1/plans/{made.json()['id']}/links/school-1", json=link, headers={"If-Match": "*"})
    assert linked.status_code == 200, linked.text
    answer: dict[str, Any] = made.json()
    return answer
