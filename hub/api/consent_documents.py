"""Consents in a sector's own form (FHIR R4 Consent): registered on a family's behalf, and read out whole."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from hub.api.consent_words import ConsentOut, consent_out
from hub.api.door import Controller, caller
from hub.api.needs import Hub, TheHub, desk
from hub.api.problems import Problem, documented
from hub.model.service import System
from hub.ops import register
from hub.ops.consents_told import own_key, take_in
from hub.sdk import TellsConsents
from hub.security.tokens import CONSENTS

router = APIRouter(tags=["consents"])
Registrar = Annotated[System, Depends(caller(CONSENTS))]
FORM: dict[str, Any] = {"schema": {"type": "object"}, "example": {"resourceType": "Consent", "status": "active"}}
MEDIA = "application/fhir+json"


async def _document(request: Request) -> bytes:
    """The body, up to the limit of any message."""
    limit: int = request.app.state.hub.settings.max_body
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise Problem("too_large", f"a document may hold {limit} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


@router.post(
    "/v1/consents/documents",
    status_code=201,
    responses=documented(404, 409, 413, 422),
    openapi_extra={"requestBody": {"required": True, "content": {MEDIA: FORM}}},
    summary="Register consents as a system has them",
)
def post_documents(body: Annotated[bytes, Depends(_document)], hub: TheHub, system: Registrar) -> list[ConsentOut]:
    """A FHIR R4 Consent, or a Bundle with some, with its verification. It covers your own service's information only.

    The same again changes nothing; one that has become inactive is withdrawn; another answer is a record of its own.
    """
    told = _form(hub, system).read_consents(body)
    with hub.store.begin() as work:
        taken = take_in(work, desk(hub, system), system, told)
    for child in dict.fromkeys(one.child for one in taken):
        hub.facts_changed(child)
    return [consent_out(one) for one in taken]


@router.get(
    "/v1/persons/{child}/consents/document",
    response_class=Response,
    responses={200: {"content": {MEDIA: FORM}}, **documented(404, 422)},
    summary="Read a child's consents as a system has them",
)
def get_document(
    child: str, hub: TheHub, controller: Controller, system: Annotated[str, Query(description="for which system")]
) -> Response:
    """All of them, withdrawn ones too, as a FHIR R4 Bundle in which the child is named by that system's own key."""
    at = desk(hub, controller)
    with hub.store.begin() as work:
        registered = work.directory.systems().get(system)
        if registered is None or registered.municipality != at.municipality:
            raise Problem("not_found", "no system of that id is registered here", place="system")
        form = _form(hub, registered)
        records = [one for one, _ in register.listed(work, at, child)]
        key = own_key(work, at, system, child)
    return Response(form.write_consents(records, key), media_type=MEDIA)


def _form(hub: Hub, system: System) -> TellsConsents:
    adapter = hub.registry.adapter(system.adapter) if system.adapter else None
    if not isinstance(adapter, TellsConsents):
        way_out = "GET /v1/persons/{child}/consents has them whatever the format"
        raise Problem("unknown_kind", "the system's format has no form for consents", way_out=way_out)
    return adapter
