"""The application: `create_app(hub)` puts doors, problem documents and documentation together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import uvicorn
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from hub.api import (
    citizen,
    consent_documents,
    consent_requests,
    consents,
    control,
    coordination,
    decisions,
    directory,
    elements,
    experiences,
    family_asks,
    fhir,
    holds,
    intake,
    life,
    mailbox,
    milestones,
    own_proposals,
    own_view,
    own_words,
    persons,
    plans,
    population,
    presence,
    problems,
    proposals,
    questions,
    reconcile,
    recorded,
    refusals,
    reports,
    suggestions,
    tasks,
    uncoordinated,
    vitals,
)
from hub.api.bounds import Bounded
from hub.api.described import described
from hub.api.door import Doorkeeper
from hub.api.needs import Hub
from hub.api.once import OncePerKey
from hub.api.requests import AccessLog, Refusals
from hub.api.vitals import Readiness
from hub.api.writer import Writer

ABOUT = """The integration hub that lets welfare services share one plan for a child, within consent and the law.

Sector systems send documents to `/v1/messages` and fetch theirs from `/v1/mailbox`. Everything else is the
municipality's own, under the scope `langbenk:control`, which no sector system has. Every error is a problem document
(RFC 9457) with a stable `code` and `retryable`.
"""

ROOMS = (
    intake,
    questions,
    mailbox,
    own_proposals,
    own_view,
    fhir,
    elements,
    plans,
    persons,
    population,
    consents,
    consent_requests,
    consent_documents,
    recorded,
    holds,
    proposals,
    coordination,
    suggestions,
    uncoordinated,
    reports,
    refusals,
    life,
    presence,
    own_words,
    family_asks,
    experiences,
    milestones,
    tasks,
    decisions,
    citizen,
    control,
    directory,
    reconcile,
    vitals,
)


def create_app(hub: Hub) -> FastAPI:
    """The API of an assembled hub. Close `app.state.writer` where no server runs its lifespan."""
    app = FastAPIOffline(  # the documentation's own script and style: no visitor's browser is sent to another host
        title="Langbenk",
        version=version("langbenk"),
        description=ABOUT,
        lifespan=_lifespan,
        license_info={"name": "MIT", "identifier": "MIT"},
        redoc_url=None,
        static_url="/docs/static",
        swagger_ui_parameters={"validatorUrl": None},
        # FastAPI's own spans and log records hold the path, the query and an exception's words; ours do not.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    settings = hub.settings
    app.state.hub = hub
    app.state.refusals = Refusals()
    app.state.doorkeeper = Doorkeeper(hub)
    app.state.readiness = Readiness(hub)
    app.state.writer = Writer(hub.reception, group=settings.intake_group, waiting=settings.intake_queue)
    problems.install(app)
    app.add_middleware(Bounded)
    app.add_middleware(OncePerKey)
    app.add_middleware(AccessLog)
    for room in ROOMS:
        app.include_router(room.router)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]  # FastAPI's documented way to extend it
    return app


def server(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    """uvicorn in the hub's own log, without its access log, which would print paths."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=20,
    )
    return uvicorn.Server(config)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.writer.close()
