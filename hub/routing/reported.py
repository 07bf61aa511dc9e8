"""A report that child welfare has taken in: what it must do by when, told to itself alone, and what it has answered.

That there is a report is a secret to everybody but its sender and child welfare (DUT-01, DUT-03), whoever coordinates
included: its tasks are of no plan and no child, and name the delivery by which child welfare has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from hub.model.envelope import FEEDBACK, fresh_id
from hub.model.service import Service, System
from hub.model.task import Task
from hub.policy import answers_reporter, is_reported
from hub.policy.tasks import first_due
from hub.ports import Delivery, Work
from hub.routing.addressed import claims_of
from hub.sdk.directed import REPORT


def open_reported(work: Work, rows: Sequence[Delivery], systems: Mapping[str, System], now: datetime) -> None:
    """Tasks for each report among these deliveries, which have just been taken in."""
    mine = [row for row in rows if row.urgent and systems[row.system].service == REPORT.receiver]
    if not mine:
        return
    parts = {part.id: part for part in work.ledger.find([row.part for row in mine])}
    for row in mine:
        if is_reported(claims_of(parts[row.part])):
            work.tasks.add([*_tasks(row, systems.get(parts[row.part].system), now)])


def _tasks(row: Delivery, sender: System | None, now: datetime) -> Iterator[Task]:
    kinds = ["weigh_report"]
    if sender is not None and answers_reporter(sender.service):
        kinds.append("answer_reporter")
    for kind in kinds:
        whose, once = (row.municipality, kind, REPORT.receiver or ""), f"{kind}:{row.id}"
        due = first_due(kind, now)
        yield Task(fresh_id(), *whose, now, due, subject=row.id, system=row.system, once=f"occasion:{once}")


class Answer(NamedTuple):
    """What is told: a word of the task's list, by whom, and the reporter's own message that it is about."""

    word: str
    by: Service
    message: str
    kind: str


def answers(work: Work, rows: Sequence[Delivery]) -> Mapping[str, Answer]:
    """By delivery; a row names the answered task by its digest."""
    found = {row.id: _answer(work, row) for row in rows if row.kind == FEEDBACK}
    return {id: each for id, each in found.items() if each is not None}


def _answer(work: Work, row: Delivery) -> Answer | None:
    task = work.tasks.find(row.municipality, row.digest.hex())
    part = next(iter(work.ledger.of(row.municipality, row.part)), None)
    if task is None or task.answer is None or part is None:
        return None
    receipt = work.inbox.receipt(row.municipality, row.system, part.message)
    return Answer(task.answer, task.addressee, receipt.message_id if receipt else "", part.kind)
