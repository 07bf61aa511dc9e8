"""Names of the hub's own queues and their arguments: few, and free of anything personal."""

from __future__ import annotations

from hub.routing.queues import DIRECTED, INTAKE

FIXED = (INTAKE, DIRECTED)
"""Queues of every hub. A slow receiver has one more of its own, made when it is first used."""

DELIVERY_LIMIT = 20
UNLIMITED = 1_000_000_000
"""RabbitMQ 4 gives a quorum queue without a limit 20 tries and then drops; where nothing may be dropped we say so."""

Arguments = dict[str, str | int]


def aside(queue: str) -> str:
    """Where the broker puts what it has tried too often; the hub makes set-aside rows of it."""
    return f"{queue}.aside"


def is_aside(queue: str) -> bool:
    return queue.endswith(".aside")


def arguments(queue: str, limit: int = DELIVERY_LIMIT) -> Arguments:
    """What RabbitMQ is told when the queue is made."""
    return without_limit() if is_aside(queue) else with_dead_letters(aside(queue), limit)


def without_limit() -> Arguments:
    return {"x-queue-type": "quorum", "x-delivery-limit": UNLIMITED}


def with_dead_letters(to: str, limit: int = DELIVERY_LIMIT) -> Arguments:
    """Replicated, with bounded tries, and nothing lost on the way aside."""
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": limit,
        "x-overflow": "reject-publish",
        "x-dead-letter-strategy": "at-least-once",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": to,
    }
