"""Door 1 over HTTP: a message in, answered after its commit; and its receipt."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from hub.api.door import Doorkeeper, bearer, caller, token_of
from hub.api.headers import envelope, said
from hub.api.needs import Hub, TheHub
from hub.api.own_proposals import proposals_told
from hub.api.problems import Problem, documented, of_unusable
from hub.api.questions import open_questions
from hub.api.receipts import ReceiptOut, address, receipt_out, refusal
from hub.api.writer import Writer
from hub.errors import UnusableError
from hub.model.envelope import Arrival, Receipt
from hub.model.service import System
from hub.ops.followed import followed
from hub.ops.late import is_late
from hub.routing.envelope import Envelope, as_far_as_usable
from hub.routing.refuse import turn_away
from hub.security.tokens import WRITE

router = APIRouter(tags=["messages"])
Sender = Annotated[System, Depends(caller(WRITE))]


def _header(name: str, about: str, example: str, *, required: bool = False) -> dict[str, Any]:
    schema = {"type": "string"}
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": about,
        "schema": schema,
        "example": example,
    }


HEADERS = [
    _header(
        "Idempotency-Key",
        "your own id of the message, the same on every retry",
        "9b2e7c1a-6f0d-4b53-9a39-2f6c3b1d7e10",
        required=True,
    ),
    _header("Langbenk-Kind", "message type", "no.langbenk.school.v1.support-plan", required=True),
    _header("Langbenk-Child-Key", "your own key of the child, where the document names nobody", "elev-4711"),
    _header("Langbenk-Receiver", "the service a directed message goes to", "child_welfare"),
    _header("Langbenk-Correlation-Id", "comes back on what this message leads to", "sak-2026-17"),
    _header("Langbenk-View-Version", "the version of your view that the document was written on", "7"),
    _header("Langbenk-Claims", "JSON: who claims which basis or duty", '{"person":"emp-7","duty":{"ground":"a"}}'),
]
_JSON, _BYTES = {"schema": {"type": "object"}}, {"schema": {"type": "string", "format": "binary"}}
BODY = {
    "required": True,
    "content": {
        "application/json": _JSON,
        "application/fhir+json": {**_JSON, "example": {"resourceType": "Bundle", "type": "collection", "entry": []}},
        "application/xml": _BYTES,
        "application/zip": _BYTES,
    },
}


@router.post(
    "/v1/messages",
    status_code=202,
    response_class=Response,
    responses={202: {"model": ReceiptOut}, **documented(400, 413, 415, 422)},
    openapi_extra={"parameters": HEADERS, "requestBody": BODY, "security": [{bearer.scheme_name: []}]},
    summary="Send a document",
)
async def post_message(request: Request) -> Response:
    """The body is the document as your system writes it. The answer comes after the commit: nothing is lost after it.

    The same `Idempotency-Key` with the same body gives the same receipt; with another body, 422.
    """
    # No dependencies here: solving them would cost more than reading the message.
    hub: Hub = request.app.state.hub
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    writer: Writer = request.app.state.writer
    token = token_of(request)
    system = doorkeeper.at_once(token, WRITE)
    if system is None:
        system = await run_in_threadpool(doorkeeper.admit, token, WRITE)
    told = await _told(request, hub, system)
    arrival = told.arrival(system, await _body(request, hub, system, told))
    answer = await writer.submit(arrival)
    if isinstance(answer, UnusableError):
        raise of_unusable(answer)
    if problem := refusal(answer):
        raise problem
    body = receipt_out(answer).model_dump_json()
    return Response(body, 202, {"Location": address(answer)}, "application/json")


@router.get(
    "/v1/messages/{id}",
    response_model=ReceiptOut,
    responses=documented(404),
    summary="Read a receipt",
)
def get_message(id: str, hub: TheHub, system: Sender) -> ReceiptOut:
    """What became of each part by now, how far it came, and whether to telephone instead. Only its sender can ask."""
    with hub.store.begin() as work:
        receipt = work.inbox.receipt(system.municipality, system.id, id)
        if receipt is None:
            raise Problem("not_found", "your system has sent no message with this receipt", place="id")
        parts = [part.part for part in receipt.parts]
        asked, proposed = open_questions(work, system, parts), proposals_told(hub, work, system, parts)
        known_for = timedelta(hours=hub.settings.register_hours)
        came = followed(work, system, receipt.id, hub.clock.now(), known_for)
        late = is_late(work, system.municipality, receipt.id, hub.clock.now() - hub.patience)
    return receipt_out(receipt, asked, proposed, came, late=late)


async def _told(request: Request, hub: Hub, system: System) -> Envelope:
    """What the headers say, or a problem with a ledger line that names the one that cannot be used."""
    try:
        return envelope(request.headers)
    except UnusableError as unusable:
        arrival = as_far_as_usable(said(request.headers), system)
        raise await _turned_away(hub, arrival, unusable) from unusable


async def _body(request: Request, hub: Hub, system: System, told: Envelope) -> bytes:
    """The body, or a problem with a ledger line: of the wrong type unread, too large as soon as that shows."""
    if not _takes(hub, system, told.kind, request.headers.get("content-type", "")):
        wrong = UnusableError("wrong_type", "the content type is not that of the message type")
        raise await _turned_away(hub, told.arrival(system, b""), wrong)
    limit = hub.settings.max_body
    length = request.headers.get("content-length", "")
    chunks, size = [], int(length) if length.isdigit() else 0
    if size <= limit:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                break
            chunks.append(chunk)
    if size > limit:
        too_large = UnusableError("too_large", f"a message may hold {limit} bytes")
        raise await _turned_away(hub, told.arrival(system, b""), too_large)
    return b"".join(chunks)


async def _turned_away(hub: Hub, arrival: Arrival, fault: UnusableError) -> Problem:
    def file() -> Receipt:
        with hub.store.begin() as work:
            return turn_away(work, hub.keys, hub.clock, arrival, fault)

    return of_unusable(fault, receipt=address(await run_in_threadpool(file)))


def _takes(hub: Hub, system: System, kind: str, content_type: str) -> bool:
    """A kind nobody knows is for reception to refuse; JSON and XML go under their general names too."""
    known = hub.registry.kind(system.adapter, kind)
    if known is None:
        return True
    given = content_type.split(";")[0].strip().lower()
    taken = (known.media_type, *known.also_as)
    return given in taken or _family(given) in {_family(each) for each in taken} - {""}


def _family(media: str) -> str:
    for family in ("json", "xml"):
        if media in (f"application/{family}", f"text/{family}") or media.endswith(f"+{family}"):
            return family
    return ""
