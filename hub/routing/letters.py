"""Letters to senders at the AMQP door about parts of their messages: which are laid, and that each is laid once.

A letter is laid in the transaction in which the part ends, and once for each way that it ends: what was told already is
no news. What it says is settled when it leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

import orjson

from hub.model.envelope import MESSAGE_ANSWER, fresh_id
from hub.model.service import System
from hub.ports import Delivery, Part, Work

BAD = frozenset({"refused", "set_aside"})


def letters(work: Work, ended: Sequence[Part], now: datetime) -> list[Delivery]:
    """A row for each part that has ended badly, or had and ends otherwise now. The caller holds the plan, and adds."""
    systems = work.directory.systems() if ended else {}
    heard = [part for part in ended if part.system in systems and hears(systems[part.system])]
    told = work.deliveries.answers_to(part.id for part in heard)
    return [letter(part, now) for part in heard if is_news(part, told.get(part.id))]


def hears(system: System) -> bool:
    """Whether a letter is its only way to learn it: what fetches or is pushed to by an API can read its receipt."""
    return system.delivery == "amqp" and system.account is not None


def is_news(part: Part, told: Delivery | None) -> bool:
    """Of one that ends well only a sender that was told otherwise hears."""
    if told is None:
        return part.state in BAD or part.code is not None
    return told.digest != digest(part)


def digest(part: Part) -> bytes:
    """What is to be told of a part: the same where it ended alike."""
    return blake2b(orjson.dumps([part.state, part.code, part.place]), digest_size=16).digest()


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
