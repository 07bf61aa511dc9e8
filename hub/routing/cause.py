"""What a delivery that no message of its own led to is laid to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hub.model.plan import Plan
from hub.model.service import FAMILY
from hub.ports import Part


def cause_of(plan: Plan, parts: Sequence[Part], now: datetime) -> Part | None:
    """The plan's newest part, of whose case nobody may know; nothing where nobody has said anything yet.

    The family may be the first to speak, and sends no message: then it is the plan itself.
    """
    if parts:
        return parts[-1]._replace(correlation_id=None, traceparent=None)
    if any(each.owner == FAMILY for each in plan.elements.values()):
        return of_plan(plan, now)
    return None


def of_plan(plan: Plan, now: datetime) -> Part:
    """The plan itself, for what was said in no message."""
    return Part(plan.id, "", plan.municipality, "", "", "merged", now, plan=plan.id, child=plan.child)
