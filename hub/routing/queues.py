"""The hub's own queues: few, and named after work, never after people or places."""

from __future__ import annotations

INTAKE = "langbenk.intake"
"""Ids of plans with pending parts."""

DIRECTED = "langbenk.directed"
"""Ids of pending directed parts."""


def deliver_queue(system: str) -> str:
    """Ids of deliveries to one system: a slow receiver has its own queue."""
    return f"langbenk.deliver.{system}"
