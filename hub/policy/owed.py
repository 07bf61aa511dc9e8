"""What the time alone makes somebody owe a plan: a revision, an overdue measure, a move.

Pure: the same plan, facts and instant owe the same. Each thing owed names its occasion, so that it is asked for once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from hub.model.calendar import OSLO, deadline, norwegian_day
from hub.model.plan import Element, Plan
from hub.model.responsibility import Facts
from hub.model.service import Service
from hub.model.task import Task
from hub.policy.tasks import kinds

AT_WORK = frozenset({"planned", "active", "on_hold"})
"""Measures that are still to be done."""


class Owed(NamedTuple):
    """One task to be opened: of which kind, to whom where the kind does not say it, about what, on which occasion."""

    kind: str
    subject: str
    occasion: str
    to: Service | None = None

    @property
    def once(self) -> str:
        """What keeps a second task on the same occasion from being opened, answered or not."""
        return f"occasion:{self.kind}:{self.occasion}"


def owed(plan: Plan, facts: Facts, now: datetime) -> list[Owed]:
    """Everything owed now. Of a plan that is closed nothing is."""
    if facts.life.closing is not None:
        return []
    today = norwegian_day(now)
    return [
        *(_of_revision(plan, facts, today)),
        *(one for each in _measures(plan) for one in _of_measure(each, today)),
        *(_of_moving(plan, facts)),
    ]


def asked_anew(found: Iterable[Owed], tasks: Sequence[Task], now: datetime) -> list[Owed]:
    """What is owed, each under its first occasion or, where it was put off (`again`) and its days have passed, under
    another. `tasks` are the plan's, answered ones too, the oldest first."""
    return [_under(one, _put_off(one, tasks), now) for one in found]


def next_anew(found: Iterable[Owed], tasks: Sequence[Task], now: datetime) -> datetime | None:
    """When the first of what was put off is to be asked about once more; `None` where nothing is still to come."""
    days = (again_at(put_off[-1]) for one in found if (put_off := _put_off(one, tasks)))
    return min((at for at in days if at is not None and at > now), default=None)


def again_at(task: Task) -> datetime | None:
    """When the same is asked once more after the answer this task has; `None` where it is not."""
    kind = kinds()[task.kind]
    put_off = task.answered_at is not None and task.answer in kind.again
    return deadline(task.answered_at, kind.days) if put_off and task.answered_at else None


def _put_off(one: Owed, tasks: Sequence[Task]) -> list[Task]:
    of_its_occasion = (each for each in tasks if each.once and f"{each.once}:".startswith(f"{one.once}:"))
    return [each for each in of_its_occasion if again_at(each) is not None]


def _under(one: Owed, put_off: Sequence[Task], now: datetime) -> Owed:
    over = [each for each in put_off if (at := again_at(each)) is not None and at <= now]
    return one._replace(occasion=f"{one.occasion}:{len(over)}") if over else one


def next_owed(plan: Plan, facts: Facts, now: datetime) -> datetime | None:
    """The first midnight in Norway after which more may be owed; `None` where there is none."""
    if facts.life.closing is not None:
        return None
    return next_day([*days_of(plan.elements.values()), facts.life.revise_on], now)


def next_day(days: Iterable[date | None], now: datetime) -> datetime | None:
    """The first of these days that is still to come, as the instant at which it begins in Norway."""
    today = norwegian_day(now)
    first = min((day for day in days if day is not None and day > today), default=None)
    return None if first is None else datetime.combine(first, time(), OSLO)


def soon(before: Plan, changed: Iterable[Element], now: datetime) -> datetime | None:
    """When a plan must be looked at since these elements name other days than before; what is late, by tomorrow."""
    tomorrow = _after(norwegian_day(now))
    moved = (each for each in changed if _day_set(each) != _day_set(before.elements.get(each.id)))
    return next_day((max(day, tomorrow) for day in days_of(moved)), now)


def _day_set(element: Element | None) -> frozenset[date]:
    return frozenset(days_of([element])) if element is not None else frozenset()


def days_of(elements: Iterable[Element]) -> Iterator[date]:
    """The days on which these elements may make somebody owe something."""
    for each in elements:
        if each.kind == "frame" and not each.deleted:
            yield from _days(each.content, "revision_due")
        if _is_at_work(each):
            yield from _days(each.content, "start")
            yield from (_after(day) for day in _days(each.content, "due", "end"))


def _of_revision(plan: Plan, facts: Facts, today: date) -> Iterator[Owed]:
    """The day the family and the coordinator agreed on; where nobody has approved, the one the plan itself names."""
    named = [
        day for each in plan.elements.values() if each.kind == "frame" for day in _days(each.content, "revision_due")
    ]
    due = facts.life.revise_on or max(named, default=None)
    if due is not None and due <= today:
        yield Owed("revise", due.isoformat(), f"{plan.id}:{due}")


def _of_measure(measure: Element, today: date) -> Iterator[Owed]:
    """It is over its day, or begins on this one. Its owner is asked, who alone knows how it stands."""
    ends = min(_days(measure.content, "due", "end"), default=None)
    if ends is not None and ends < today:
        yield Owed("follow_up_measure", measure.id, f"{measure.id}:{ends}", measure.owner)
    starts = min(_days(measure.content, "start"), default=None)
    if starts is not None and starts <= today and measure.content.get("status") == "planned":
        yield Owed("start_measure", measure.id, f"{measure.id}:{starts}", measure.owner)


def _of_moving(plan: Plan, facts: Facts) -> Iterator[Owed]:
    """The child lives in another municipality: child welfare must notify the new one (bvl § 13-5), if it takes part or
    has written in the plan."""
    there = facts.child.residence
    if there in (None, facts.child.municipality):
        return
    seat = facts.life.seat("child_welfare")
    takes_part = seat is not None and seat.answer == "accept"
    if takes_part or any(each.owner == "child_welfare" and not each.deleted for each in plan.elements.values()):
        yield Owed("notify_new_municipality", str(there), f"{plan.id}:{there}", "child_welfare")


def _measures(plan: Plan) -> list[Element]:
    return [each for each in plan.elements.values() if _is_at_work(each)]


def _is_at_work(element: Element) -> bool:
    return element.kind == "measure" and not element.deleted and element.content.get("status", "active") in AT_WORK


def _days(content: Mapping[str, object], *names: str) -> Iterator[date]:
    for name in names:
        try:
            yield date.fromisoformat(str(content.get(name) or "")[:10])
        except ValueError:
            continue  # nothing said, or words in place of a day


def _after(day: date) -> date:
    """The day after: until then it is not overdue. Systems write the calendar's last day where there is no end."""
    return day if day == date.max else day + timedelta(days=1)
