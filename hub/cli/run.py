"""What runs: the API, the workers, or both in one process."""

from __future__ import annotations

import gc
import signal
import sys
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Annotated

import typer

from hub.api.app import create_app, server
from hub.bootstrap import Hub, build
from hub.cli.show import console
from hub.errors import SetupError
from hub.logs import set_up_logs
from hub.settings import load_settings
from hub.telemetry.listener import listening
from hub.worker import ROLES, Role, Worker


def serve() -> None:
    """The API and the workers in one process: the embedded set-up, for a trial or a small municipality."""
    hub = _ready()
    worker = Worker(hub)
    worker.start()
    try:
        _listen(hub)
    finally:
        worker.stop()
        hub.close()


def api() -> None:
    """The API alone; run as many as you like behind a load balancer."""
    hub = _ready()
    if hub.settings.broker_url.startswith("memory"):
        raise SetupError("memory:// lives in one process: use `langbenk serve`, or set LANGBENK_BROKER_URL")
    try:
        _listen(hub)
    finally:
        hub.close()


def worker(role: Annotated[str, typer.Argument(help=f"One of {', '.join(ROLES)}, or all.")] = "all") -> None:
    """Workers alone; run as many as you like. `deliver` serves systems that are pushed to or speak AMQP."""
    if role != "all" and role not in ROLES:
        raise typer.BadParameter(f"one of {', '.join(ROLES)}, or all")
    hub = _ready()
    if hub.settings.broker_url.startswith("memory"):
        raise SetupError("memory:// lives in one process: use `langbenk serve`, or set LANGBENK_BROKER_URL")
    roles: tuple[Role, ...] = ROLES if role == "all" else (role,)  # type: ignore[assignment]  # checked just above
    working = Worker(hub, roles)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: working.told_to_stop())
    with _own_port(hub):
        working.start()
        console.print(f"langbenk worker {role} is at work; stop it with Ctrl-C.")
        working.wait()
        working.stop()
    hub.close()


def calm_collector() -> None:
    """For a process that lives long: what it was built of is never looked through again, and garbage seldom is.

    What a hub remembers is many small objects that do not die young; looking through them cost a tenth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def open_many_files() -> None:
    """As many as the platform allows: each receiver takes up to eight, and the customary thousand is soon used up."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with suppress(ValueError, OSError):  # where the platform says "any number" and means less
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _ready() -> Hub:
    """A hub with its tables in place; stops with a `SetupError` when it lacks a key or an issuer."""
    settings = load_settings()
    set_up_logs(settings.log_level, content=settings.content_log)
    hub = build(settings)
    _ = hub.keys, hub.tokens
    hub.store.migrate()
    open_many_files()
    calm_collector()
    return hub


def _own_port(hub: Hub) -> AbstractContextManager[int | None]:
    """A worker has no API to be scraped and probed through."""
    port = hub.settings.metrics_port
    return nullcontext() if port is None else listening(hub.settings.host, port, hub.metrics_text)


def _listen(hub: Hub) -> None:
    console.print(f"Langbenk listens on http://{hub.settings.host}:{hub.settings.port} (documentation at /docs)")
    # When it has ended in order the server raises its signal once more: nobody may die of it before all is closed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        server(create_app(hub), hub.settings.host, hub.settings.port).run()


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    for command in (serve, api, worker):
        app.command()(command)
