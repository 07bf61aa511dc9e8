"""The AMQP door towards systems: KS Fiks IO's conventions on our own RabbitMQ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from pika import BasicProperties

from hub.broker import fiks, names
from hub.broker.lanes import Incoming, Outbound, Outgoing
from hub.broker.rabbit import PERSISTENT, Lines, settle
from hub.errors import SetupError
from hub.ports import Letter

SEND = "fiksio.send"
"""The only exchange a system may write to. It leads to the hub's own account and nowhere else."""

EXPIRED = "fiksio.utgaatt"
"""Where letters go that nobody fetched in time, or that were tried too often."""

FIRST = 9
"""AMQP's highest priority: RabbitMQ 4 puts what is above 4 first in a quorum queue, 3.10 keeps the order it got."""


def permissions(account: str) -> tuple[str, str, str]:
    """What a system's RabbitMQ user may configure, write and read: send to the hub, and read its own queue."""
    return "^$", f"^{re.escape(SEND)}$", f"^{re.escape(fiks.queue(_uuid(account)))}$"


def arguments(queue: str) -> names.Arguments:
    if queue == EXPIRED:
        return names.without_limit()
    return names.with_dead_letters(EXPIRED)


class RabbitDoor:
    """Keeps the port `Door`. The URL's user is the hub's own; what a system's user may do is in `permissions`."""

    def __init__(self, url: str, account: str) -> None:
        if urlsplit(url).scheme not in {"amqp", "amqps"}:
            raise SetupError("the AMQP door exists only on RabbitMQ; set LANGBENK_BROKER_URL to an amqp:// address")
        self._account = _uuid(account)
        self._user = unquote(urlsplit(url).username or "guest")
        self._lines = Lines(url)
        self._opened: Outgoing | None = None

    def admit(self, accounts: Iterable[str]) -> None:
        self._lines.declare([EXPIRED, *(fiks.queue(_uuid(account)) for account in accounts)], arguments)

    def send(self, letters: Sequence[Letter]) -> Sequence[str]:
        """A letter to what is no account at all counts as one that no queue would take."""
        strays = [letter.id for letter in letters if not _is_account(letter.account)]
        return strays + self._lines.outgoing().send(
            [self._outbound(letter) for letter in letters if _is_account(letter.account)]
        )

    def take(self, limit: int, wait: float) -> Sequence[Letter]:
        """Among them, for the hub's own letters that nobody fetched in time, a receipt that says so."""
        self._open()
        expired = [receipt for lost in self._take(EXPIRED, limit, 0) if (receipt := self._account_for(lost))]
        return [*expired, *map(_letter, self._take(fiks.queue(self._account), limit, 0 if expired else wait))]

    def settle(self, letters: Sequence[Letter], *, again: bool = False) -> None:
        settle([letter.tag for letter in letters], again=again)

    def close(self) -> None:
        self._lines.forget()

    def _open(self) -> None:
        outgoing = self._lines.outgoing()
        if outgoing is not self._opened:
            self.admit([self._account])
            outgoing.bind(SEND, fiks.queue(self._account))
            self._opened = outgoing

    def _take(self, queue: str, limit: int, wait: float) -> list[_Taken]:
        lane = self._lines.incoming(queue, limit)
        return [_Taken(lane, *message) for message in lane.take(limit, wait)]

    def _account_for(self, lost: _Taken) -> Letter | None:
        """A dead letter of the hub's own becomes a receipt to the caller; its sender is told of a system's."""
        letter, cause, place = _letter(lost), *_death(lost)
        notice = fiks.answer(letter, fiks.TIMED_OUT if cause == "expired" else fiks.UNDELIVERED)
        if letter.type in {fiks.TIMED_OUT, fiks.UNDELIVERED} or letter.user is None:
            self.settle([letter])
            return None
        if letter.account != self._account:
            self.send([notice])
            self.settle([letter])
            return None
        return replace(notice, account=place.removeprefix(fiks.QUEUE), user=self._user, tag=letter.tag)

    def _outbound(self, letter: Letter) -> Outbound:
        properties = BasicProperties(
            delivery_mode=PERSISTENT,
            message_id=letter.id,
            user_id=self._user,
            expiration=str(letter.ttl if letter.ttl is not None else fiks.WEEK),
            priority=FIRST if letter.urgent else None,
            headers=fiks.to_headers(letter, self._account),
        )
        return Outbound(fiks.queue(_uuid(letter.account)), letter.id, letter.body, properties)


@dataclass(frozen=True, slots=True)
class _Taken:
    lane: Incoming
    tag: int
    properties: BasicProperties
    body: bytes


def _letter(taken: _Taken) -> Letter:
    letter = fiks.from_headers(taken.properties.headers or {}, taken.body, taken.properties.user_id)
    return replace(letter, tag=(taken.lane, taken.tag))


def _death(taken: _Taken) -> tuple[str, str]:
    """Why the broker gave up on a letter, and in which queue."""
    headers: Mapping[str, Any] = taken.properties.headers or {}
    return str(headers.get("x-first-death-reason", "")), str(headers.get("x-first-death-queue", ""))


def _uuid(account: str) -> str:
    """Account ids become queue names, so nothing but an id may pass for one."""
    if not _is_account(account):
        raise SetupError("a Fiks IO account is a UUID; see the system's registration")
    return account.lower()


def _is_account(account: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", account) is not None
