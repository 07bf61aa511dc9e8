"""What the ledgers say when the story is over; counted by the database, not by the teller."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from hub.model.envelope import DELIVERY_ENDS, PART_ENDS
from hub.sandbox.people import MUNICIPALITY
from hub.sandbox.stage import Stage


@dataclass(frozen=True, slots=True)
class Report:
    """The last line of the demo. `lost` is what both ledgers cannot account for at rest."""

    messages: int
    deliveries: int
    forwarded: int
    redacted: int
    held: int
    denied: int
    set_aside: int
    lost: int
    sectors: dict[str, dict[str, int]]
    seconds: float


def report(stage: Stage, seconds: float) -> Report:
    """Adds up both ledgers and the first decisions."""
    with stage.hub.store.begin() as work:
        parts, deliveries = dict(work.tally.parts(MUNICIPALITY)), dict(work.tally.deliveries(MUNICIPALITY))
        first = dict(work.tally.decisions(MUNICIPALITY, "forward"))
        sent, received = dict(work.tally.sent(MUNICIPALITY)), dict(work.tally.received(MUNICIPALITY))
        messages = work.tally.messages(MUNICIPALITY)
    return Report(
        messages=messages,
        deliveries=sum(deliveries.values()),
        forwarded=first.get("forward", 0),
        redacted=first.get("forward_redacted", 0),
        held=first.get("hold", 0),
        denied=first.get("deny", 0),
        set_aside=parts.get("set_aside", 0) + deliveries.get("set_aside", 0),
        lost=_open(parts, PART_ENDS) + _open(deliveries, DELIVERY_ENDS) + max(0, messages - sum(parts.values())),
        sectors=_sectors(stage, sent, received),
        seconds=round(seconds, 2),
    )


def _open(states: dict[str, int], ends: frozenset[str]) -> int:
    """Neither ended nor waiting for a human, when everything is at rest."""
    return sum(count for state, count in states.items() if state not in ends and state != "held")


def _sectors(stage: Stage, sent: dict[str, int], received: dict[str, int]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {name: Counter(sent=0, received=0) for name in stage.actors}
    for name, actor in stage.actors.items():
        found[name]["sent"] += sent.get(actor.system.id, 0)
        found[name]["received"] += received.get(actor.system.id, 0)
    return {name: dict(counts) for name, counts in found.items()}


def as_line(found: Report) -> dict[str, Any]:
    """The report with its keys in their published order."""
    return {name: getattr(found, name) for name in found.__dataclass_fields__}
