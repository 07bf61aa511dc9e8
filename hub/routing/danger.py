"""A danger to life or health that opened secrecy (DUT-08): whoever told of it is to document it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hub.model.envelope import fresh_id
from hub.model.service import System
from hub.model.task import Task
from hub.policy import Decision
from hub.policy.tasks import first_due
from hub.ports import Part

DOCUMENT = "document_danger"


def to_document(part: Part, sender: System, decision: Decision, now: datetime) -> Iterator[Task]:
    """The task of the service that told, of no plan and no child: that there was a danger is nobody else's to know."""
    if "DUT-08" in decision.rules and decision.kept:
        whose = (part.municipality, DOCUMENT, sender.service)
        once = f"occasion:{DOCUMENT}:{part.id}"
        yield Task(fresh_id(), *whose, now, first_due(DOCUMENT, now), subject=part.id, system=sender.id, once=once)
