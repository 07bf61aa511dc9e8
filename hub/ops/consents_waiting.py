"""What of consent waits for a person: an answer, what shows a yes, or those who have come to be asked since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hub.model.calendar import norwegian_day, working_days
from hub.model.task import Task
from hub.ops.enrol import Desk
from hub.policy.ask_again import RENEW, ask_again
from hub.ports import Work


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something of consent that waits for a person: an answer, what shows a consent, or to be asked again.

    `rules` say why somebody must be asked again; its `id` is then the coordinator's task.
    """

    what: Literal["answer", "documentation", "ask_again"]
    id: str
    child: str
    person: str
    since: datetime
    days: int
    deadline: datetime | None = None
    rules: tuple[str, ...] = ()


def waiting(work: Work, desk: Desk) -> list[Waiting]:
    """What to remind somebody of, the longest wait first; `days` are working days."""
    today = norwegian_day(desk.clock.now())
    found = [
        Waiting(
            "answer",
            request.id,
            request.child,
            one.person,
            request.asked_at,
            _days(request.asked_at, today),
            request.deadline,
        )
        for request in work.consent_requests.open(desk.municipality)
        for one in request.questions
        if one.state == "open"
    ]
    for one in work.consents.undocumented(desk.municipality):
        since = one.answered_at or desk.clock.now()
        found.append(Waiting("documentation", one.id, one.child, one.person, since, _days(since, today)))
    found += [again for task in work.tasks.open(desk.municipality) for again in _asked_again(work, desk, task)]
    return sorted(found, key=lambda one: (one.since, one.id, one.person))


def _asked_again(work: Work, desk: Desk, task: Task) -> Iterator[Waiting]:
    """Who must be asked anew, as the facts are now; the task only says about which child."""
    facts = work.persons.facts([task.child]).get(task.child) if task.kind == RENEW and task.child else None
    if facts is None:
        return
    now, child = desk.clock.now(), facts.child.id
    for again in ask_again(facts, now):
        for who in again.persons:
            person, days = child if who == "child" else who, _days(again.since, norwegian_day(now))
            yield Waiting("ask_again", task.id, child, person, again.since, days, task.due_at, again.rules)


def _days(since: datetime, today: date) -> int:
    return working_days(norwegian_day(since), today)
