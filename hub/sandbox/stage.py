"""The stage: a hub with its API and workers in this process, and the actors who call it over HTTP like anybody else."""

from __future__ import annotations

import base64
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import orjson

from hub.api.app import create_app, server
from hub.bootstrap import Hub, build
from hub.clock import SystemClock
from hub.errors import SetupError, TryAgainError
from hub.model.envelope import fresh_id
from hub.model.service import System
from hub.ops.config import apply
from hub.ops.enrol import Desk
from hub.ops.officials import authorise
from hub.sandbox.fiks import open_fiks
from hub.sandbox.issuer import Issuer
from hub.sandbox.people import DECIDES, MUNICIPALITY, SECTORS, Life, control, officials, systems
from hub.sdk.counterpart import Counterpart, SyntheticChild
from hub.sdk.http import Answer, HttpClient
from hub.security.keys import new_master_key
from hub.settings import Settings, load_settings
from hub.worker import Worker

GROUP = "hub.counterparts"


@dataclass(slots=True)
class Actor:
    """A system that sends and fetches with its own token, and the stand-in that makes its documents."""

    system: System
    http: HttpClient
    issuer: Issuer
    counterpart: Counterpart | None = None
    received: list[dict[str, Any]] = field(default_factory=list)

    def send(self, kind: str, body: bytes, **headers: str) -> dict[str, Any]:
        """Sends a document; gives the receipt, or the problem document."""
        media = {"Content-Type": _media(body), "Langbenk-Kind": kind, "Idempotency-Key": fresh_id(), **headers}
        answer = self.call("POST", "/v1/messages", body, media)
        return {"status": answer.status, **_json(answer)}

    def receipt(self, id: str) -> dict[str, Any]:
        """What became of a message by now."""
        found: dict[str, Any] = _json(self.call("GET", f"/v1/messages/{id}"))
        return found

    def empty_mailbox(self) -> list[dict[str, Any]]:
        """Fetches everything that waits, hands it to the counterpart, and acknowledges it."""
        box = _json(self.call("GET", "/v1/mailbox?limit=100"))
        found: list[dict[str, Any]] = box["deliveries"]
        for delivery in found:
            body = delivery["document"]
            raw = base64.b64decode(body) if delivery["encoding"] == "base64" else orjson.dumps(body)
            if self.counterpart:
                self.counterpart.receive(delivery["kind"], raw)
        self._acknowledge([*found, *box["proposals"], *box["feedback"]])
        self.received += found
        return found

    def hear_of_proposals(self) -> None:
        """What became of its edits: no API takes that, so a system that is pushed to fetches it."""
        self._acknowledge(_json(self.call("GET", "/v1/mailbox/proposals?limit=100")))

    def _acknowledge(self, taken: Sequence[Mapping[str, Any]]) -> None:
        if taken:
            said = orjson.dumps([{"id": each["id"], "status": "delivered"} for each in taken])
            self.call("POST", "/v1/mailbox/acknowledgements", said, {"Content-Type": "application/json"})

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A control call with a JSON body; gives the JSON answer."""
        raw = b"" if body is None else orjson.dumps(body)
        person = {"Langbenk-Person": DECIDES[0], "If-Match": "*"}
        answer = self.call(method, path, raw, {"Content-Type": "application/json", **person} if raw else person)
        if answer.status >= 400:
            raise SetupError(f"{method} {path}: {answer.body.decode(errors='replace')}")
        return _json(answer)

    def call(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        token = {"Authorization": f"Bearer {self.issuer.token_for(self.system)}"}
        return self.http.send(method, path, body=body, headers={**token, **(headers or {})}, accept=range(400, 500))


@dataclass(slots=True)
class Stage:
    """Everything that runs while the story is told."""

    hub: Hub
    url: str
    actors: Mapping[str, Actor]
    control: Actor


@contextmanager
def set_stage(people: Sequence[Life], port: int = 0) -> Iterator[Stage]:
    """Starts it all, and takes it all down. Without settings of your own: a SQLite file that goes away, and `memory://`.

    The population register is always the sandbox's own: real ones know none of these children.
    """
    issuer = Issuer(SystemClock(), audience=load_settings().audience)
    residents = [each.resident() for each in people]
    with (
        tempfile.TemporaryDirectory(prefix="langbenk-") as folder,
        open_fiks(residents, issuer, SystemClock()) as registers,
    ):
        hub = build(_settings(Path(folder), port, registers))
        hub.__dict__["tokens"] = issuer.tokens()  # the one place where an embedded issuer is believed
        hub.store.migrate()
        api = server(create_app(hub), hub.settings.host, hub.settings.port)
        worker = Worker(hub)
        thread = threading.Thread(target=api.run, name="api", daemon=True)
        thread.start()
        try:
            url = _address(api, thread)
            with _counterparts([each.child for each in people]) as stand_ins:
                yield _staged(hub, worker, url, issuer, stand_ins)
        finally:
            api.should_exit = True
            worker.stop()
            thread.join(timeout=30)
            hub.close()


def _staged(hub: Hub, worker: Worker, url: str, issuer: Issuer, stand_ins: Mapping[str, Counterpart]) -> Stage:
    addresses = {name: str(address) for name, each in stand_ins.items() if (address := getattr(each, "address", None))}
    registered = systems(addresses)
    with hub.store.begin() as work:
        apply(work, Desk(MUNICIPALITY, "sandbox", hub.clock), registered)
        authorise(work, Desk(MUNICIPALITY, "sandbox", hub.clock), officials())
    worker.start()
    by_service = {system.service: system for system in registered}
    actors = {
        name: Actor(by_service[service], HttpClient(url), issuer, stand_ins[name])
        for name, (service, _, _) in SECTORS.items()
    }
    return Stage(hub, url, actors, Actor(control(), HttpClient(url), issuer))


def _settings(folder: Path, port: int, registers: Mapping[str, str]) -> Settings:
    """The environment's settings; what it does not set is made up for the length of the demo."""
    chosen: dict[str, Any] = {"port": port, "sweep_seconds": 1.0, **registers}
    found = load_settings()
    if "database_url" not in found.model_fields_set:
        chosen["database_url"] = f"sqlite:///{folder / 'langbenk.sqlite3'}"
    if found.master_key is None:
        chosen["master_key"] = new_master_key()
    return load_settings(**chosen)


@contextmanager
def _counterparts(children: Sequence[SyntheticChild]) -> Iterator[dict[str, Counterpart]]:
    """Each sector's stand-in, by entry point; those that listen are stopped at the end."""
    found: dict[str, Any] = {point.name: point.load() for point in entry_points(group=GROUP)}
    if missing := sorted(name for name in SECTORS if name not in found):
        raise SetupError(f"no counterpart is installed for {', '.join(missing)}: run `make setup` again")
    made = {name: found[name](children) for name in SECTORS}
    try:
        yield made
    finally:
        for each in made.values():
            if close := getattr(each, "close", None):
                close()


def _address(api: Any, thread: threading.Thread) -> str:
    """Waits until the server listens."""
    waited = threading.Event()
    for _ in range(600):
        if api.started:
            host, port = api.servers[0].sockets[0].getsockname()[:2]
            return f"http://{host}:{port}"
        if not thread.is_alive():
            break
        waited.wait(0.05)
    raise TryAgainError("the API did not start: is its port taken? Set LANGBENK_PORT")


def _json(answer: Answer) -> Any:
    return orjson.loads(answer.body) if answer.body else {}


def _media(body: bytes) -> str:
    return "application/xml" if body.lstrip()[:1] == b"<" else "application/json"
