"""The plan as FHIR R4, for systems whose format it is: read and searched under the same decision as a delivery."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Annotated, Any
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter, Body, Header, Response

from hub.api.door import Reader
from hub.api.needs import Hub, TheHub
from hub.api.outcomes import FHIR
from hub.api.problems import Problem, documented
from hub.errors import UnusableError
from hub.model.service import System
from hub.routing.view_reading import Changes
from hub.sdk import Stamp, TellsCarePlans

router = APIRouter(prefix="/fhir", tags=["FHIR R4"])
SHOWN: dict[int | str, dict[str, Any]] = {200: {"description": "a FHIR R4 resource", "content": {FHIR: {}}}}
FORM = "application/x-www-form-urlencoded"
EXAMPLE = {"form": {"value": "subject=Patient/own-7&_lastUpdated=ge2026-08-01"}}
SEARCHED = ("subject", "subject:Patient.identifier", "_id", "_lastUpdated")


@router.get("/metadata", response_class=Response, responses=SHOWN, summary="The capability statement")
def get_metadata(hub: TheHub) -> Response:
    """What can be asked here; needs no token."""
    search = [{"name": "subject", "type": "reference"}, {"name": "_id", "type": "token"}]
    resource = {
        "type": "CarePlan",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "readHistory": False,
        "conditionalRead": "not-match",
        "searchParam": [*search, {"name": "_lastUpdated", "type": "date"}],
    }
    security = {"description": "OAuth2 access token of the hub's one issuer, scope langbenk:mailbox.read"}
    return _fhir({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": hub.clock.now().astimezone(UTC).date().isoformat(),
        "kind": "instance",
        "software": {"name": "Langbenk", "version": version("langbenk")},
        "implementation": {"description": "One shared plan for a child, as each system may see it"},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [{"mode": "server", "security": security, "resource": [resource]}],
    })  # fmt: skip


@router.get(
    "/CarePlan/{id}",
    response_class=Response,
    responses=SHOWN | {304: {"description": "you have it"}} | documented(404, 409),
    summary="Read a plan as FHIR",
)
def get_care_plan(
    id: str,
    hub: TheHub,
    system: Reader,
    has: Annotated[str | None, Header(alias="If-None-Match", description='W/"n": the version you have')] = None,
) -> Response:
    """What your system may see of it, with all it refers to contained. `meta.versionId` and the ETag are your own
    view's version; `If-None-Match` with a version you have acknowledges it."""
    adapter = _teller(hub, system)
    known = _number(has)
    found = hub.own_view.whole(system, id, known)
    headers = {"ETag": f'W/"{found.version}"', "Cache-Control": "no-store"}
    if known and known == found.version:
        return Response(status_code=304, headers=headers)
    body = adapter.care_plan(found.document or b"", _stamp(found))
    headers["Last-Modified"] = found.at.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return Response(body, media_type=FHIR, headers=headers)


@router.post(
    "/CarePlan/_search", response_class=Response, responses=SHOWN | documented(422), summary="Search plans as FHIR"
)
def search_care_plans(
    hub: TheHub,
    system: Reader,
    form: Annotated[bytes, Body(media_type=FORM, openapi_examples=EXAMPLE)],
) -> Response:
    """By `subject` (your own id of the child) or `subject:Patient.identifier`, in the form: a number never stands in
    an address. `_lastUpdated=ge…` leaves out what has not changed since. A child nobody has linked gives none."""
    adapter, asked = _teller(hub, system), _asked(form)
    key = adapter.subject(asked)
    with hub.store.begin() as work:
        links = work.links.find([(system.id, key.kind, key.value)])
    plans = sorted({link.plan for each in links.values() for link in each} & _ids(asked, links))
    since = _since(asked.get("_lastUpdated"), hub.clock.now())
    read = [found for id in plans if (found := _seen(hub, system, id)) and (since is None or found.at >= since)]
    body = adapter.searchset([(one.document or b"", _stamp(one)) for one in read])
    return Response(body, media_type=FHIR, headers={"Cache-Control": "no-store"})


def _seen(hub: Hub, system: System, id: str) -> Changes | None:
    """The view, where it holds anything."""
    try:
        found = hub.own_view.whole(system, id)
    except UnusableError as none:
        if none.code != "nothing_yet":
            raise
        return None
    return found if found.elements else None


def _ids(asked: dict[str, str], links: Any) -> set[str]:
    every = {link.plan for each in links.values() for link in each}
    return every & {asked["_id"]} if "_id" in asked else every


def _teller(hub: Hub, system: System) -> TellsCarePlans:
    adapter = hub.registry.adapter(system.adapter) if system.adapter else None
    if not isinstance(adapter, TellsCarePlans):
        raise Problem("not_permitted", "your system is registered for another format than FHIR")
    return adapter


def _asked(form: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(form.decode(), strict_parsing=True, keep_blank_values=True)
    except ValueError:
        raise Problem("invalid_request", "the body is no form", place="body") from None
    if unknown := next((name for name, _ in pairs if name not in SEARCHED), None):
        known = ", ".join(SEARCHED)
        raise Problem("invalid_request", f"one parameter ({len(unknown)} signs) is not searched by; known: {known}")
    return dict(pairs)


def _since(said: str | None, now: datetime) -> datetime | None:
    """`ge` or `gt` and a day or an instant that is not in the future."""
    if said is None:
        return None
    try:
        told = said[2:]
        at = (
            datetime.fromisoformat(told)
            if "T" in told
            else datetime.combine(date.fromisoformat(told), datetime.min.time())
        )
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
    except ValueError:
        at = None
    if said[:2] not in ("ge", "gt") or at is None or at > now:
        raise Problem("invalid_request", "ge or gt and a day or an instant that has been", place="_lastUpdated")
    return at


def _stamp(found: Changes) -> Stamp:
    return Stamp(found.plan, found.version, found.at)


def _number(etag: str | None) -> int:
    said = (etag or "").removeprefix("W/").strip('"')
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0


def _fhir(resource: dict[str, Any]) -> Response:
    return Response(orjson.dumps(resource), media_type=FHIR)
