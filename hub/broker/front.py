"""Both ways over AMQP: letters from systems into door 1, parcels out to their accounts, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import orjson

from hub.broker import fiks
from hub.broker.asking import Asking, is_answer
from hub.broker.pool import Pool
from hub.errors import TryAgainError, UnusableError
from hub.model.discretion import is_reference
from hub.model.envelope import Parcel, Receipt, fresh_id
from hub.model.service import System
from hub.ports import Clock, Door, Letter, Store
from hub.routing.deliver import Dispatch
from hub.routing.envelope import Said, as_far_as_usable, envelope, outright
from hub.routing.receive import Reception
from hub.routing.watch import Watch
from hub.sdk import Posted

CHILD_KEY = f"{fiks.CUSTOM}barnets-noekkel"
RECEIVER = f"{fiks.CUSTOM}mottakende-tjeneste"
CLAIMS = f"{fiks.CUSTOM}grunnlag"
TRACE = f"{fiks.CUSTOM}traceparent"
VIEW_VERSION = f"{fiks.CUSTOM}visningsversjon"
NAMES: Mapping[Said, str] = {
    "message_id": fiks.CLIENT_MESSAGE,
    "kind": fiks.TYPE,
    "child_key": CHILD_KEY,
    "receiver": RECEIVER,
    "correlation_id": fiks.CORRELATION,
    "claims": CLAIMS,
    "traceparent": TRACE,
    "view_version": VIEW_VERSION,
}

Counted = Callable[[str], None]
"""Counts, by reason, what failed before it could be laid to a system."""


class Front:
    """One turn: take letters, commit them as a group, answer each, settle. Belongs to one thread."""

    def __init__(
        self,
        door: Door,
        store: Store,
        reception: Reception,
        dispatch: Dispatch,
        asking: Asking,
        counted: Counted,
        own_user: str,
    ) -> None:
        self._door, self._store, self._asking, self._own_user = door, store, asking, own_user
        self._reception, self._dispatch, self._counted = reception, dispatch, counted
        self._admitted: set[str] = set()

    def turn(self, limit: int, wait: float) -> int:
        """Gives the number of letters taken. Acknowledged only after they are committed and answered."""
        self._admit()
        self._asking.ask()
        letters = self._door.take(limit, wait)
        if not letters:
            return 0
        try:
            known = self._senders(letters)
            said = [each for each in letters if _posted(each) is None]
            answers = self._accept([each for each in said if not is_answer(each)], known)
            answers += self._answered([each for each in said if is_answer(each)], known)
            self._record([each for each in letters if _posted(each) is not None], known)
            self._door.send(answers)
        except TryAgainError:
            self._door.settle(letters, again=True)
            raise
        self._door.settle(letters)
        return len(letters)

    def close(self) -> None:
        """Ends the door's connection: letters taken and not settled come again, to whoever takes next."""
        self._door.close()

    def _admit(self) -> None:
        """A registered system finds its queue from the start: it may not make one itself."""
        with self._store.begin() as work:
            accounts = {each.account for each in work.directory.systems().values() if each.account}
        if new := accounts - self._admitted:
            self._door.admit(new)
            self._admitted |= new

    def _record(self, replies: Sequence[Letter], known: Mapping[str, System]) -> None:
        """A system answers for its own deliveries only; that a letter was not fetched in time the door itself says."""
        answers: dict[str | None, dict[str, Posted]] = {}
        for letter in replies:
            system, posted = known.get(letter.user or ""), _posted(letter)
            if posted is None or (system is None and not self._is_notice(letter)):
                self._counted("no_validated_user" if letter.user is None else "unknown_system")
                continue
            answers.setdefault(system.id if system else None, {})[_answered(letter)] = posted
        for by, posted_by in answers.items():
            self._dispatch.record(posted_by, by)

    def _answered(self, letters: Sequence[Letter], known: Mapping[str, System]) -> list[Letter]:
        """Answers to what people asked a sender; only the very system that was asked can give one."""
        replies = []
        for letter in letters:
            if (system := known.get(letter.user or "")) is None:
                self._counted("no_validated_user" if letter.user is None else "unknown_system")
                continue
            replies.append(_addressed(self._asking.answered(_nameless(letter), system), system))
        return replies

    def _is_notice(self, letter: Letter) -> bool:
        """The door's own word about a letter of ours that nobody fetched."""
        return letter.user == self._own_user and letter.type in (fiks.TIMED_OUT, fiks.UNDELIVERED)

    def _senders(self, letters: Sequence[Letter]) -> Mapping[str, System]:
        """Systems by validated AMQP user. A letter's own words about its sender count for nothing."""
        with self._store.begin() as work:
            systems = work.directory.systems().values()
        users = {letter.user for letter in letters}
        return {each.amqp_user: each for each in systems if each.amqp_user and each.amqp_user in users}

    def _accept(self, letters: Sequence[Letter], known: Mapping[str, System]) -> list[Letter]:
        answers, arrivals = [], []
        for letter in letters:
            system = known.get(letter.user or "")
            if system is None:
                self._counted("no_validated_user" if letter.user is None else "unknown_system")
                continue
            try:
                arrivals.append((letter, envelope(_said(letter), NAMES).arrival(system, letter.body), system))
            except UnusableError as unusable:
                self._reception.turn_away(as_far_as_usable(_said(letter), system), unusable)
                named = letter.type and _message_id(letter)
                self._counted("bad_header" if named else "no_type_or_id")
                answers.append(_addressed(_refusal(_nameless(letter), unusable.code, str(unusable), None), system))
        found = self._reception.accept([arrival for _, arrival, _ in arrivals]) if arrivals else ()
        for (letter, _, system), answer in zip(arrivals, found, strict=True):
            answers.append(_addressed(_reply(letter, answer), system))
        return answers


class AmqpCourier:
    """Sends parcels to the receivers' accounts. A letter is delivered when its receiver says so, not when queued."""

    def __init__(self, doors: Pool[Door], clock: Clock, watch: Watch) -> None:
        self._doors, self._clock, self._watch = doors, clock, watch
        with doors.lent():
            pass  # a hub that has no account says so before it takes any work

    def send(self, system: System, parcels: Sequence[Parcel]) -> Mapping[str, Posted | TryAgainError]:
        if system.account is None:
            return {parcel.id: Posted("rejected", "no_account") for parcel in parcels}
        letters = [self._traced(system, system.account, parcel) for parcel in parcels]
        with self._doors.lent() as door:
            door.admit([system.account])
            lost = {fiks.own_id(id) for id in door.send(letters)}
        away = TryAgainError("the receiver's account has no queue: is the account registered?", after=60)
        return {parcel.id: away if parcel.id in lost else Posted("accepted") for parcel in parcels}

    def close(self) -> None:
        """Nothing: the doors are the hub's."""

    def _traced(self, system: System, account: str, parcel: Parcel) -> Letter:
        """The letter carries its own step's name, so that the receiver may go on with the trace."""
        with self._watch.step("deliver", parcel.traceparent, delivery=parcel.id, target=system.service) as trace:
            return self._letter(account, parcel, trace)

    def _letter(self, account: str, parcel: Parcel, trace: str | None) -> Letter:
        id = fiks.wire_id(parcel.id)
        headers = {fiks.CLIENT_MESSAGE: id, f"{fiks.CUSTOM}versjon": str(parcel.version)}
        if parcel.correlation_id:
            headers[fiks.CORRELATION] = parcel.correlation_id
        if trace:
            headers[TRACE] = trace
        if parcel.answers:
            headers[fiks.REPLY_TO], headers[fiks.REPLY_TO_TYPE] = parcel.answers
        left = (parcel.expires_at - self._clock.now()).total_seconds() if parcel.expires_at else 0
        ttl = int(left * 1000) if left > 1 else None
        return Letter(account, parcel.kind, id, parcel.body, headers, ttl, urgent=parcel.urgent)


def _said(letter: Letter) -> Mapping[Said, str | None]:
    """What the letter says beside its document; it is checked by the same rules as over HTTP."""
    said: dict[Said, str | None] = {field: letter.headers.get(name) for field, name in NAMES.items()}
    return {**said, "message_id": _message_id(letter), "kind": letter.type}


def _message_id(letter: Letter) -> str:
    return letter.headers.get(fiks.CLIENT_MESSAGE) or letter.id


def _answered(letter: Letter) -> str:
    return fiks.own_id(letter.headers.get(fiks.REPLY_TO, ""))


def _posted(letter: Letter) -> Posted | None:
    """What a reply says of our delivery; `None` for a letter that is no reply."""
    kind = fiks.reply_kind(letter.type) if _answered(letter) else None
    if kind is None:
        return None
    return Posted("delivered") if kind in ("received", "receipt", "result") else Posted("rejected", kind)


def _nameless(letter: Letter) -> Letter:
    """The letter without those words of its own that may not be handed back either."""
    kept = {name: value for name, value in letter.headers.items() if is_reference(value)}
    return replace(
        letter,
        type=letter.type if is_reference(letter.type) else "",
        id=letter.id if is_reference(letter.id) else "",
        headers=kept,
    )


def _addressed(reply: Letter, system: System) -> Letter:
    """To the registered account, never to one the letter names."""
    return reply if system.account is None else replace(reply, account=system.account)


def _reply(letter: Letter, answer: Receipt | UnusableError) -> Letter:
    if isinstance(answer, UnusableError):
        return _refusal(letter, answer.code, str(answer), answer.place)
    if refused := outright(answer):
        return _refusal(letter, refused.code or "unreadable", "the message was refused", refused.place)
    return fiks.answer(letter, fiks.received(letter.type), orjson.dumps({"receipt": answer.id}))


def _refusal(letter: Letter, code: str, words: str, place: str | None) -> Letter:
    text = f"{code}: {words}" + (f" at {place}" if place else "")
    body = fiks.error_body(fresh_id(), text, letter.headers.get(fiks.CORRELATION))
    return fiks.answer(letter, fiks.fault(letter.type, "ugyldigforespoersel"), body)
