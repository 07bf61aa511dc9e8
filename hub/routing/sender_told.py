"""What a sender at the AMQP door is told of its own message: that a part of it ended badly, and what came of it later.

Other systems read it in their receipts; the letter says just what the receipt does, and nothing of child or document.
It is laid in the transaction in which the part ends, and once for each way that it ends: what was told already is no
news. When it leaves it is decided anew whether its sender may still hear of the part, and whether it stands so still.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import orjson

from hub.errors import UnusableError
from hub.model.codes import word_of
from hub.model.envelope import MESSAGE_ANSWER, fresh_id
from hub.model.responsibility import Facts
from hub.model.service import System
from hub.policy import ViewDecision, decide_view, still_known
from hub.ports import Delivery, Part, Work
from hub.routing.forward import decided
from hub.routing.prepared import Prepared, Room

BAD = frozenset({"refused", "set_aside"})


def letters(work: Work, ended: Sequence[Part], now: datetime) -> list[Delivery]:
    """A row for each part that has ended badly, or had and ends otherwise now. The caller holds the plan, and adds."""
    systems = work.directory.systems() if ended else {}
    heard = [part for part in ended if part.plan and part.system in systems and hears(systems[part.system])]
    told = work.deliveries.answers_to(part.id for part in heard)
    return [letter(part, now) for part in heard if is_news(part, told.get(part.id))]


def hears(system: System) -> bool:
    """Whether a letter is its only way to learn it: what fetches or is pushed to by an API can read its receipt."""
    return system.delivery == "amqp" and system.account is not None


def tell_sender(row: Delivery, room: Room, done: Prepared, known_for: timedelta) -> None:
    """Decides whether the sender may hear of it now, of no element of the plan, and lets the letter leave."""
    part, facts = room.parts.get(row.part), room.facts.get(row.child or "")
    if part is None or facts is None:
        raise UnusableError("not_kept", "the part it tells of is no longer here")
    if row.digest != digest(part):  # whoever changed that has laid another letter, if there was anything to tell
        done.end(row, "superseded", None)
        return
    system, known = room.systems[row.system], still_known(facts, done.at, known_for)
    why = _why_not(part, system, room)
    ends = row._replace(state="denied") if why else row
    done.decisions.append(decided(may_hear(known, system, done.at), part, ends, "dispatch", done.at))
    if why:
        done.end(row, "denied", why)
        return
    message = room.messages.get(row.part, "")
    done.leave(row._replace(version=1), MESSAGE_ANSWER, orjson.dumps(said(part, message)), (message, part.kind))


def may_hear(facts: Facts, system: System, now: datetime) -> ViewDecision:
    """The decision by which a letter leaves: about the child, on no element of its plan."""
    return decide_view(facts, system.party, (), now, system=system.id)


def said(part: Part, message: str) -> dict[str, Any]:
    """The body: what the receipt says of the part, and its code in words. `message` is the sender's own id."""
    body: dict[str, Any] = {"message": message, "receipt": part.message, "part": part.id, "state": part.state}
    if part.code is not None:
        body |= {"code": part.code, "titles": word_of(part.code).titles}
    return body | ({"place": part.place} if part.place is not None else {})


def digest(part: Part) -> bytes:
    """What is to be told of a part: the same where it ended alike."""
    return blake2b(orjson.dumps([part.state, part.code, part.place]), digest_size=16).digest()


def is_news(part: Part, told: Delivery | None) -> bool:
    """Of one that ends well only a sender that was told otherwise hears."""
    if told is None:
        return part.state in BAD or part.code is not None
    return told.digest != digest(part)


def _why_not(part: Part, system: System, room: Room) -> str | None:
    """Why it may not hear of it any more: its door is another now, or it does not know the child."""
    if not hears(system):
        return "no_account"
    seated = any(link.system == system.id for link in room.links.get(part.plan or "", ()))
    return None if seated else "no_link"


def letter(part: Part, now: datetime) -> Delivery:
    """No plan: it takes no part in the order of a plan's views."""
    return Delivery(
        fresh_id(),
        part.municipality,
        part.system,
        MESSAGE_ANSWER,
        part.id,
        "waiting",
        now,
        child=part.child,
        digest=digest(part),
        next_at=now,
        correlation_id=part.correlation_id,
        traceparent=part.traceparent,
    )
