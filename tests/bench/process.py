"""One of the equal processes of the flow bench: takes letters, updates plans, and empties the receivers' mailboxes.

It is a hub like any other; the mailboxes are emptied through the same two calls the API makes, without HTTP between.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from hub.bootstrap import Hub, build
from hub.cli.run import calm_collector
from hub.routing.pipeline import work_turn
from hub.routing.queues import INTAKE
from hub.sdk import Posted
from hub.settings import load_settings
from tests.bench.town import RECEIVERS

BATCH = int(os.environ.get("BENCH_BATCH", "256"))


def turns(hub: Hub) -> list[Callable[[], int]]:
    """Door 1 over AMQP, door 2, and door 3 for each mailbox."""
    broker, front = hub.make_broker(), hub.front()
    share = RECEIVERS[int(sys.argv[1]) :: int(sys.argv[2])]  # each mailbox has one reader, as a system has
    mailboxes = [lambda each=each: empty(hub, each) for each in share]  # type: ignore[misc]
    return [
        lambda: front.turn(BATCH, 0.01),
        lambda: work_turn(broker, INTAKE, hub.updates.run, BATCH, 0.01),
        *mailboxes,
    ]


def empty(hub: Hub, receiver: object) -> int:
    """One fetch and its acknowledgement."""
    parcels = hub.mailbox.fetch(receiver, BATCH)  # type: ignore[arg-type]
    if parcels:
        hub.mailbox.acknowledge(receiver, {parcel.id: Posted("delivered") for parcel in parcels})  # type: ignore[arg-type]
    return len(parcels)


def main() -> None:
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    hub = build(load_settings())
    every = turns(hub)
    calm_collector()  # as `langbenk worker` does
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not stopped:
        for turn in every:
            turn()
    hub.close()


if __name__ == "__main__":
    main()
