"""Cases without a coordinator (P-09): how many in a municipality and why; which and since when, for its own office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal, get_args

from hub.model.calendar import OSLO
from hub.model.person import Child
from hub.model.responsibility import Facts, Mandate
from hub.model.task import Task
from hub.ops.districts import units_of
from hub.ops.enrol import Desk
from hub.ops.hands import Hand
from hub.ops.officials import Barred
from hub.policy.instants import birthday
from hub.policy.who_decides import leads
from hub.ports import Work

Why = Literal["nobody", "lapsed", "disputed"]
"""Nobody ever coordinated, whoever did does no longer, or it is disputed."""
WHYS: tuple[Why, ...] = get_args(Why)
PAGE = 500
ABOUT = frozenset({"decide_coordination", "take_coordination", "decide_child_coordinator", "consider_need"})
"""The tasks by which somebody is to see to it."""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """What is being done about it: a task that nobody has answered."""

    id: str
    kind: str
    addressee: str
    due_at: datetime
    escalated_to: str | None


@dataclass(frozen=True, slots=True)
class Uncoordinated:
    """One open case without a coordinator, since when, and what is being done; `begun` says if it is a plan yet."""

    plan: str
    why: Why
    since: datetime
    begun: bool
    tasks: tuple[OpenTask, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Of a municipality's open cases, how many have no coordinator, by why; and of how many nobody has a task."""

    municipality: str
    at: datetime
    open_cases: int
    without: Mapping[Why, int]
    without_task: int
    cases: tuple[Uncoordinated, ...]


def without_coordinator(work: Work, desk: Desk, hand: Hand | None = None) -> Report:
    """Counted now; the longest without comes first. Cases that are closed are nobody's to coordinate. `cases` are those
    about children whom this hand works with."""
    open_cases, found, seen = 0, list[Uncoordinated](), list[Uncoordinated]()
    tasks, units = _tasks(work, desk), units_of(work, desk)
    for plan, facts in _open(work, desk):
        open_cases += 1
        if leads(facts, desk.clock.now()) is None:
            found.append(_case(work, desk, plan, facts, tasks.get(plan, ())))
            seen += found[-1:] if hand is None or units.answer(hand, facts) else []
    seen.sort(key=lambda one: (one.since, one.plan))
    counted = Counter(one.why for one in found)
    without: dict[Why, int] = {why: counted[why] for why in WHYS}
    bare = sum(not one.tasks for one in found)
    return Report(desk.municipality, desk.clock.now(), open_cases, without, bare, tuple(seen))


def must_be_the_office(hand: Hand | Barred) -> Barred | None:
    """Which cases they are is for the coordinating unit and for who decides; others see how many there are."""
    if isinstance(hand, Barred):
        return hand
    if hand.of_the_unit and hand.system is None:
        return None
    return Barred("not_authorised", "which cases they are is for the coordinating unit", "ask for the numbers alone")


def _open(work: Work, desk: Desk) -> Iterator[tuple[str, Facts]]:
    after = ""
    while page := work.plans.of_municipality(desk.municipality, after, PAGE):
        facts = work.persons.facts([child for _, child in page])
        yield from ((plan, facts[child]) for plan, child in page if child in facts and not facts[child].life.closing)
        after = page[-1][1]


def _tasks(work: Work, desk: Desk) -> Mapping[str, Sequence[Task]]:
    found: dict[str, list[Task]] = {}
    for task in work.tasks.open(desk.municipality):
        if task.plan is not None and task.kind in ABOUT:
            found.setdefault(task.plan, []).append(task)
    return found


def _case(work: Work, desk: Desk, plan: str, facts: Facts, tasks: Sequence[Task]) -> Uncoordinated:
    now = desk.clock.now()
    ended = [at for one in facts.mandates if (at := _end(one, facts.child)) is not None and at <= now]
    disputed = facts.responsibility.disputed
    why: Why = "disputed" if disputed else "lapsed" if ended else "nobody"
    lines = {entry.action: entry.at for entry in work.audit.of(desk.municipality, plan)}  # of each action the last
    since = lines.get("coordination.disputed") if disputed else max(ended, default=None)
    told = tuple(OpenTask(one.id, one.kind, one.addressee, one.due_at, one.escalated_to) for one in tasks)
    return Uncoordinated(plan, why, since or lines.get("plan.made", now), facts.life.begun is not None, told)


def _end(one: Mandate, child: Child) -> datetime | None:
    """When it ended or ends: as written down, on its last day, and a child coordinator's at 18 (COO-07)."""
    if one.ended_at is not None:
        return one.ended_at
    days = [one.until] if one.until else []
    if one.post == "child_coordinator" and child.birth_date is not None:
        days.append(birthday(child.birth_date, child.birth_date.year + 18))
    return datetime.combine(min(days), time(), OSLO) if days else None
