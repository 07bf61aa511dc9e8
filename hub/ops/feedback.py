"""What child welfare answers whoever reported (*tilbakemelding til melder*): a word of the list, laid ready."""

from __future__ import annotations

from hub.model.envelope import FEEDBACK, fresh_id
from hub.model.task import Task
from hub.ops.enrol import Desk
from hub.policy.tasks import first_due, kinds
from hub.ports import Delivery, Work


def tell_reporter(work: Work, desk: Desk, task: Task) -> None:
    """A delivery to the system that reported, decided when it leaves (DUT-07); what else the answer opens is opened.

    The task's subject is the report's own delivery. A reporter whose system has left is told nothing by the hub.
    """
    report = next(iter(work.deliveries.of(desk.municipality, task.subject or "")), None)
    part = next(iter(work.ledger.find([report.part])), None) if report else None
    if report is None or part is None or part.system not in work.directory.systems():
        return
    now = desk.clock.now()
    row = Delivery(fresh_id(), desk.municipality, part.system, FEEDBACK, part.id, "waiting", now, child=report.child)
    told = bytes.fromhex(task.id)
    work.deliveries.add([row._replace(digest=told, next_at=now, correlation_id=part.correlation_id)])
    if (kind := kinds()[task.kind].then.get(task.answer or "")) is not None:
        whose = (desk.municipality, kind, task.addressee)
        due = task.due_at if kind == task.kind else first_due(kind, now)  # what is answered in part has its deadline
        again = Task(fresh_id(), *whose, now, due, subject=task.subject, system=task.system)
        work.tasks.add([again])
