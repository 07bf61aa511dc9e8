"""What became of what a system sent, towards each receiver that it may know of: how far it came, and never why.

A service answers for its own information and may know whom it was told (GDPR art. 5 (2)). It learns nothing of a
receiver whose client relation is hidden from it (RED-02): no line, and no number in which one could be missing. Nor
why something waits or stays: which consent is lacking is between the family and whoever decides, and what a receiver
says when it refuses could tell whether it knows the child.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from hub.model.responsibility import Facts
from hub.model.service import System
from hub.policy import hides_client, still_known
from hub.ports import Delivery, Hold, Part, Work

Status = Literal["delivered", "waiting", "failed", "held", "denied"]
"""`failed`: it did not reach its receiver, whatever the receiver or the way there said; an operator sees to it."""
STATUS: Mapping[str, Status] = {
    "delivered": "delivered",
    "waiting": "waiting",
    "sending": "waiting",
    "rejected": "failed",
    "expired": "failed",
    "set_aside": "failed",
    "held": "held",
    "denied": "denied",
}
ORDER: Sequence[Status] = ("delivered", "waiting", "failed", "held", "denied")
"""Of several rows for one part and receiver the one that came furthest counts."""
STOPPED = frozenset({"held", "denied"})


class Followed(NamedTuple):
    """One part towards one receiver; `open_holds` are the elements of it that wait for a person."""

    part: str
    receiver: str
    status: Status
    open_holds: int = 0


def followed(work: Work, system: System, message: str, now: datetime, known_for: timedelta) -> list[Followed]:
    """Of one message of this system's, part by part."""
    parts = [part for part in work.ledger.of(system.municipality, message) if part.system == system.id]
    systems = work.directory.systems()
    known = work.persons.facts([part.child for part in parts if part.child and part.plan])
    found: list[Followed] = []
    for part in parts:
        rows = _by_receiver(work, part, system)
        if part.receiver is not None:  # the sender itself has named it
            found += [Followed(part.id, part.receiver, status) for each in rows.values() if (status := _furthest(each))]
        elif facts := known.get(part.child or ""):
            facts = still_known(facts, now, known_for)
            seen = [each for each in _knows(facts, system, systems, now) if each.id in rows]
            found += _of_plan(work, part, rows, seen, system.service)
    return found


def _by_receiver(work: Work, part: Part, sender: System) -> dict[str, list[Delivery]]:
    rows: dict[str, list[Delivery]] = {}
    for row in work.deliveries.of(part.municipality, part.id):
        if row.system != sender.id:
            rows.setdefault(row.system, []).append(row)
    return rows


def _knows(facts: Facts, sender: System, systems: Mapping[str, System], now: datetime) -> Iterator[System]:
    """Systems of services that the sender may know the child to be a client of."""
    for _, each in sorted(systems.items()):
        if not hides_client(facts, sender.party, each.service, now):
            yield each


def _of_plan(
    work: Work, part: Part, rows: Mapping[str, Sequence[Delivery]], receivers: Sequence[System], own: str
) -> Iterator[Followed]:
    if not receivers:
        return
    holds = [hold for hold in work.holds.of(part.municipality, part.plan or "") if hold.sender == own]
    later = work.deliveries.of(part.municipality, part.plan or "")
    for each in receivers:
        mine = [*rows[each.id], *_carried_on(rows[each.id], [row for row in later if row.system == each.id])]
        waits = _open(holds, part, each)
        if status := _furthest(mine, waits > 0):
            yield Followed(part.id, each.service, status, waits)


def _carried_on(rows: Sequence[Delivery], later: Sequence[Delivery]) -> list[Delivery]:
    """What gave way to a newer view goes with that one: the first after it that was sent or is to be."""
    after = max((row.plan_version or 0 for row in rows if row.state == "superseded"), default=None)
    if after is None:
        return []
    newer = [row for row in later if (row.plan_version or 0) >= after and row not in rows]
    goes = (row for row in newer if row.state in STATUS and row.state not in STOPPED)
    first = min(goes, key=lambda row: (row.plan_version or 0, row.created_at), default=None)
    return [first] if first else []


def _furthest(rows: Sequence[Delivery], waits: bool | None = None) -> Status | None:
    """That something was denied counts only of the rows which the part itself made: a later look at the plan lays its
    rows to the newest part, whatever they are about. `waits`, where it is known, says whether a person is asked about
    anything of the sender's own; else its row does."""
    first = min((row.created_at for row in rows), default=None)
    own = {STATUS[row.state] for row in rows if row.state in STOPPED and row.created_at == first}
    said = {STATUS[row.state] for row in rows if row.state in STATUS and row.state not in STOPPED} | own
    if waits is not None:
        said = said - {"held"} | ({"held"} if waits else set())
    return next((each for each in ORDER if each in said), None)


def _open(holds: Sequence[Hold], part: Part, receiver: System) -> int:
    return sum((hold.part, hold.receiver, hold.state) == (part.id, receiver.id, "open") for hold in holds)
