"""KS Fiks IO's words: account queues, header names, message types and their replies, error bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal
from uuid import UUID, uuid4

import orjson

from hub.errors import UnusableError
from hub.ports import Letter

QUEUE = "fiksio.konto."
TYPE = "type"
SENDER = "avsender-id"
MESSAGE = "melding-id"
SENDER_NAME = "avsender-navn"
REPLY_TO = "svar-til"
REPLY_TO_TYPE = "svar-til-type"
CUSTOM = "egendefinert-header."
CLIENT_MESSAGE = f"{CUSTOM}klientMeldingId"
CORRELATION = f"{CUSTOM}klientKorrelasjonsId"
OLD_CORRELATION = f"{CUSTOM}klientKorrelasjonId"

TIMED_OUT = "no.ks.fiks.kvittering.tidsavbrudd"
UNDELIVERED = "no.ks.fiks.kvittering.serverfeil.v1"
WEEK = 7 * 24 * 3600 * 1000
"""How long a letter lives where nothing else is said, in milliseconds."""

Fault = Literal["ugyldigforespoersel", "serverfeil", "ikkefunnet"]
ReplyKind = Literal["received", "receipt", "result", "invalid", "failed", "not_found", "timed_out"]
_FAULTS: Mapping[str, ReplyKind] = {
    "ugyldigforespoersel": "invalid",
    "serverfeil": "failed",
    "ikkefunnet": "not_found",
}
_SUFFIXES: Mapping[str, ReplyKind] = {"mottatt": "received", "kvittering": "receipt", "resultat": "result"}
_PROTOCOL = re.compile(r"(?P<protocol>no(?:\.[a-z0-9-]+)+?\.v\d+)(?:\.|$)")
_OURS = "no.langbenk.hub.v1"


def queue(account: str) -> str:
    return f"{QUEUE}{account}"


def received(type: str) -> str:
    """The reply that says a message has arrived and is kept."""
    return f"{type}.mottatt"


def receipt(type: str) -> str:
    """The reply that says what was asked has been done."""
    return f"{type}.kvittering"


def fault(type: str, kind: Fault) -> str:
    """The error reply of the message's own protocol; of ours, where the type names none."""
    found = _PROTOCOL.match(type)
    return f"{found['protocol'] if found else _OURS}.feilmelding.{kind}"


def reply_kind(type: str) -> ReplyKind | None:
    """What a reply says; `None` for a message that is no reply. Reads KS' own misspelt error types too."""
    if type == TIMED_OUT:
        return "timed_out"
    if type == UNDELIVERED:
        return "failed"
    head, _, last = type.rpartition(".")
    if head.endswith(".feilmelding"):
        return _FAULTS.get(last, "failed")
    return _SUFFIXES.get(last)


def wire_id(id: str) -> str:
    """One of the hub's ids as Fiks writes them: its clients read a UUID and nothing else."""
    return str(UUID(id))


def own_id(text: str) -> str:
    """The hub's own id again; what is no UUID is no id of the hub's and stays as it is."""
    try:
        return UUID(text).hex
    except ValueError:
        return text


def to_headers(letter: Letter, sender: str) -> dict[str, str]:
    """A letter's headers on the wire, in the sender's name."""
    return {**letter.headers, TYPE: letter.type, SENDER: sender, MESSAGE: letter.id}


def from_headers(headers: Mapping[str, object], body: bytes = b"", user: str | None = None) -> Letter:
    """A letter from the wire. Headers that Fiks does not know are dropped; the old correlation spelling is mended.

    A letter may lack its type, sender or id: those are empty then, and the hub answers it as unusable.
    """
    known = {_mended(name): text for name, value in headers.items() if (text := _text(value)) is not None}
    kept = {name: text for name, text in known.items() if name in _NAMED or name.startswith(CUSTOM)}
    return Letter(known.get(SENDER, ""), known.get(TYPE, ""), known.get(MESSAGE, ""), body, kept, user=user)


def answer(letter: Letter, type: str, body: bytes = b"", *, ttl: int = WEEK) -> Letter:
    """A reply to the letter's sender, within the same dialogue; the correlation is handed back unchanged."""
    headers = {REPLY_TO: letter.id, REPLY_TO_TYPE: letter.type}
    if CORRELATION in letter.headers:
        headers[CORRELATION] = letter.headers[CORRELATION]
    return Letter(letter.account, type, str(uuid4()), body, headers, ttl)


def error_body(error_id: str, message: str, correlation_id: str | None = None) -> bytes:
    """The body of an error reply in the JSON protocols. `message` names place and kind, never a person."""
    body = {"errorId": error_id, "feilmelding": message}
    return orjson.dumps({**body, "correlationId": correlation_id} if correlation_id else body)


def read_error(body: bytes) -> Mapping[str, str]:
    """What a system says went wrong: `errorId`, `feilmelding` and perhaps `correlationId`."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("feilmelding"), str):
        raise UnusableError("unreadable", "an error reply whose body is no Fiks error", way_out="see the sender's log")
    return {name: str(found[name]) for name in ("errorId", "feilmelding", "correlationId") if found.get(name)}


_NAMED = frozenset({SENDER_NAME, REPLY_TO, REPLY_TO_TYPE, "dokumentlager-id"})


def _mended(name: str) -> str:
    return CORRELATION if name == OLD_CORRELATION else name


def _text(value: object) -> str | None:
    """Other clients write ids as bytes or numbers; tables and lists are none of ours."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return str(value) if isinstance(value, str | int) else None
