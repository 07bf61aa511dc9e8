"""Questions to senders over AMQP: a letter to the sending system's account, and the letter that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID, uuid5

import orjson

from hub.broker import fiks
from hub.errors import UnusableError
from hub.model.envelope import fresh_id
from hub.model.service import System
from hub.ops import questions
from hub.ops.enrol import Desk
from hub.ports import Clock, Door, Letter, Move, Store, Work
from hub.sdk import Schema, load_schema

QUESTION, ANSWER = "no.langbenk.hub.v1.spoersmaal", "no.langbenk.hub.v1.svar"
NAMESPACE = UUID("5a8d7c52-2b0e-4c8b-9a52-6a0b3a7c1d55")
"""A question's letter keeps its id when it is sent again."""


class Asking:
    """Belongs to the front's thread, and shares its door."""

    def __init__(self, door: Door, store: Store, clock: Clock) -> None:
        self._door, self._store, self._clock = door, store, clock

    def ask(self) -> int:
        """Sends what no system has been sent yet; gives how many. It is marked after the broker's confirm, so that a
        crash between sends it again under the same id."""
        letters = self._letters()
        if not letters:
            return 0
        lost = frozenset(self._door.send([letter for _, _, letter in letters]))
        sent = [(asked, system) for asked, system, letter in letters if letter.id not in lost]
        with self._store.begin() as work:
            for asked, system in sent:
                questions.told(work, self._clock, asked, system.id)
        return len(sent)

    def answered(self, letter: Letter, system: System) -> Letter:
        """The reply to an answer: received, or an error with place and way out. The same answer may come again."""
        try:
            told = _told(letter)
            with self._store.begin() as work:
                asked = questions.find(work, system, told["question"])
                desk = Desk(system.municipality, system.id, self._clock)
                questions.answer(work, desk, asked, told["answer"], told.get("person"))
        except UnusableError as unusable:
            kind: fiks.Fault = "ikkefunnet" if unusable.code == "not_found" else "ugyldigforespoersel"
            way_out = f"; {unusable.way_out}" if unusable.way_out else ""
            text = f"{unusable.code}: {unusable}{way_out}"
            body = fiks.error_body(fresh_id(), text, letter.headers.get(fiks.CORRELATION))
            return fiks.answer(letter, fiks.fault(ANSWER, kind), body)
        return fiks.answer(letter, fiks.received(ANSWER), orjson.dumps({"question": told["question"]}))

    def _letters(self) -> list[tuple[Move, System, Letter]]:
        with self._store.begin() as work:
            waiting = questions.untold(work)
            senders = work.ledger.senders([each.part for each in waiting if each.part])
            systems = work.directory.systems() if waiting else {}
            found = [(each, systems.get(senders.get(each.part or "", ""))) for each in waiting]
            spoken = [(asked, system) for asked, system in found if system and system.account and system.amqp_user]
            return [(asked, system, _letter(work, asked, system)) for asked, system in spoken]


def is_answer(letter: Letter) -> bool:
    return letter.type == ANSWER


def _letter(work: Work, asked: Move, system: System) -> Letter:
    """Says which of the system's own messages is meant, by the system's own id for it, and nothing else of it."""
    (part,) = work.ledger.of(asked.municipality, asked.part or "")[:1]
    receipt = work.inbox.receipt(asked.municipality, system.id, part.message)
    id, message = questions.question_id(asked), receipt.message_id if receipt else ""
    body = {"question": id, "message": message, "asked_at": asked.done_at, "text": asked.words["question"]}
    headers = {fiks.REPLY_TO: message, fiks.REPLY_TO_TYPE: part.kind}
    if part.correlation_id:
        headers[fiks.CORRELATION] = part.correlation_id
    letter_id = str(uuid5(NAMESPACE, id))
    headers[fiks.CLIENT_MESSAGE] = letter_id
    return Letter(system.account or "", QUESTION, letter_id, orjson.dumps(body), headers)


def _told(letter: Letter) -> Mapping[str, Any]:
    try:
        told: Any = orjson.loads(letter.body)
    except orjson.JSONDecodeError:
        raise UnusableError("unreadable", "the body is no JSON", place="$", way_out="see svar.schema.json") from None
    _schema().check(told)
    return dict(told)


@cache
def _schema() -> Schema:
    return load_schema("hub.broker", "svar.schema.json")
