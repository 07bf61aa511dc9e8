"""What an arriving message holds: its parts, and the keys each names its child by; or why it cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson

from hub.errors import SetupError, UnusableError
from hub.model.change import ChildKey
from hub.model.envelope import Arrival
from hub.model.service import System
from hub.routing.catalogue import Catalogue, Desk, inbound
from hub.routing.watch import Watch
from hub.sdk.directed import describe


@dataclass(slots=True)
class Reading:
    """One arrival as far as it could be read: its parts with their child keys, or why it could not."""

    arrival: Arrival
    desk: Desk | None = None
    parts: list[tuple[list[ChildKey], bytes]] = field(default_factory=list)
    refused: UnusableError | None = None


def read(arrival: Arrival, system: System, catalogue: Catalogue, watch: Watch) -> Reading:
    """Reads it by the system's own adapter, without the places that are never stored."""
    reading = Reading(arrival)
    try:
        reading.desk = desk = inbound(catalogue, system, arrival.kind)
        for part in desk.read(arrival.body):
            keys = [ChildKey("own", arrival.child_key)] if arrival.child_key else []
            if desk.lens:
                keys += desk.lens.child(part)
                part = desk.lens.clean(part)
            elif desk.kind.directed:
                keys += describe(part, arrival.kind).children
            reading.parts.append((keys, orjson.dumps(part)))
    except UnusableError as unusable:
        reading.refused, reading.parts = unusable, []
    except SetupError:
        reading.refused = UnusableError("adapter_broken", "the system's adapter is broken; the operator can see why")
    except Exception as bug:  # an adapter's fault must cost no other message; it is kept by its class only
        watch.fault("receive", bug)
        reading.refused, reading.parts = UnusableError("adapter_broken", "the system's adapter failed"), []
    return reading
