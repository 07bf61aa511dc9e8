"""The trail: the whole story of one message, part, plan or delivery, in the order it happened, without content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.errors import UnusableError
from hub.ports import DecisionRow, Delivery, Part, Work


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: `what` is received, ended, decided, waiting, sent, answered, or an audit action."""

    at: datetime
    what: str
    subject: str
    outcome: str | None = None
    system: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def trail(work: Work, municipality: str, id: str) -> list[Step]:
    """`id` is a receipt's, a part's, a plan's or a delivery's. `not_found` where this municipality has none such."""
    parts = list(work.ledger.of(municipality, id))
    subjects = {id, *(part.id for part in parts)}
    deliveries = {row.id: row for subject in sorted(subjects) for row in work.deliveries.of(municipality, subject)}
    subjects |= deliveries.keys()
    steps = [step for part in parts for step in _of_part(part)]
    steps += [step for delivery in deliveries.values() for step in _of_delivery(delivery)]
    decisions = {row.id: row for subject in sorted(subjects) for row in work.decisions.of(municipality, subject)}
    steps += [_of_decision(row) for row in decisions.values()]
    for subject in sorted(subjects):
        for entry in work.audit.of(municipality, subject):
            steps.append(Step(entry.at, entry.action, subject, system=entry.actor, detail=dict(entry.detail)))
    if not steps:
        raise UnusableError("not_found", "nothing of that id has happened in this municipality", place="id")
    return sorted(steps, key=lambda step: (step.at, step.subject))


def _of_part(part: Part) -> Iterator[Step]:
    yield Step(
        part.received_at,
        "received",
        part.id,
        part.state,
        part.system,
        _told(
            kind=part.kind,
            number=part.number,
            plan=part.plan,
            code=part.code,
            place=part.place,
            trace=part.traceparent.split("-")[1] if part.traceparent else None,
        ),
    )


def _of_delivery(row: Delivery) -> Iterator[Step]:
    facts = _told(plan=row.plan, plan_version=row.plan_version, version=row.version, attempts=row.attempts or None)
    yield Step(row.created_at, "waiting", row.id, row.state, row.system, facts)
    if row.sent_at is not None:
        yield Step(row.sent_at, "sent", row.id, row.state, row.system, _told(version=row.version))
    if row.receipt_at is not None:
        yield Step(row.receipt_at, "answered", row.id, row.state, row.system, _told(code=row.code))


def _of_decision(row: DecisionRow) -> Step:
    detail = {"stage": row.stage, "decision": row.id, "record": row.whole or None}
    return Step(
        row.decided_at, "decided", row.delivery or row.part or row.plan or row.id, row.outcome, row.receiver, detail
    )


def _told(**facts: object) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}
