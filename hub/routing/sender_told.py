"""What a sender at the AMQP door is told of its own message: that a part of it ended badly, and what came of it later.

Other systems read it in their receipts; the letter says just what the receipt does, and nothing of child or document.
When it leaves it is decided anew whether its sender may still hear of the part, and whether it stands so still.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson

from hub.errors import UnusableError
from hub.model.codes import word_of
from hub.model.envelope import MESSAGE_ANSWER
from hub.model.person import Child
from hub.model.responsibility import Facts
from hub.model.service import System
from hub.policy import ViewDecision, decide_view, still_known
from hub.ports import Delivery, Part
from hub.routing.forward import decided
from hub.routing.letters import digest, hears
from hub.routing.prepared import Prepared, Room


def tell_sender(row: Delivery, room: Room, done: Prepared, known_for: timedelta) -> None:
    """Decides whether the sender may hear of it now, of no element of the plan, and lets the letter leave."""
    part = room.parts.get(row.part)
    if part is None:
        raise UnusableError("not_kept", "the part it tells of is no longer here")
    if row.digest != digest(part):  # whoever changed that has laid another letter, if there was anything to tell
        done.end(row, "superseded", None)
        return
    system, facts = room.systems[row.system], room.facts.get(row.child or "")
    why = _why_not(part, system, room)
    ends = row._replace(state="denied") if why else row
    known = still_known(facts, done.at, known_for) if facts else None
    done.decisions.append(decided(may_hear(known, system, done.at), part, ends, "dispatch", done.at))
    if why:
        done.end(row, "denied", why)
        return
    message = room.messages.get(row.part, "")
    done.leave(row._replace(version=1), MESSAGE_ANSWER, orjson.dumps(said(part, message)), (message, part.kind))


def may_hear(facts: Facts | None, system: System, now: datetime) -> ViewDecision:
    """The decision by which a letter leaves: about the child, on no element of its plan. `None` where the hub does not
    know the child, as of a report."""
    known = facts or Facts(Child(id="", municipality=system.municipality))
    return decide_view(known, system.party, (), now, system=system.id)


def said(part: Part, message: str) -> dict[str, Any]:
    """The body: what the receipt says of the part, and its code in words. `message` is the sender's own id."""
    body: dict[str, Any] = {"message": message, "receipt": part.message, "part": part.id, "state": part.state}
    if part.code is not None:
        body |= {"code": part.code, "titles": word_of(part.code).titles}
    return body | ({"place": part.place} if part.place is not None else {})


def _why_not(part: Part, system: System, room: Room) -> str | None:
    """Why it may not hear of it any more: its door is another now, or it does not know the child. Of a directed message
    it is told nothing but what came of its own words."""
    if not hears(system):
        return "no_account"
    if part.plan is None:
        return None
    seated = any(link.system == system.id for link in room.links.get(part.plan, ()))
    return None if seated else "no_link"
