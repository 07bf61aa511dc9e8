"""Anonymous indicators of the work for children with compound needs (D-18), for a municipality's preventive plan.

The council adopts a plan for the municipality's preventive work (bvl § 15-1), and only aggregates leave the hub for
planning (L-16). Where children's facts lie sealed they are read and counted here, plan by plan; the rest the database
counts. Services whose clients nobody may know of are never counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from hub.model.calendar import norwegian_day
from hub.model.life import Life
from hub.model.plan import Plan
from hub.model.responsibility import POSTS, Facts, Mandate
from hub.ops.enrol import Desk
from hub.ops.figures import DAY, Table, Took, span_of, table
from hub.ops.small_figures import ALL, Cell, Cells, Counted, shown
from hub.ops.yearly import Report
from hub.policy.figures import Shape, published
from hub.ports import Span, What, Work

PAGE = 500
SQL = ("gaps", "cooperation")
"""What the database counts."""
SIZES = ((2, "1"), (4, "2-3"), (6, "4-5"))
"""How many services take part, in groups; more are `6+`."""


@dataclass(frozen=True, slots=True)
class _Case:
    """What one plan tells, as it stood when the year was over: its value in each table, and the days it took."""

    rows: Mapping[str, str]
    days: Mapping[str, float]


def indicators(work: Work, desk: Desk, year: int) -> Report:
    """Of a year that is over."""
    data = published()
    span, shapes = span_of(desk, year, data.together), data.reports["indicators"]
    cases = [_case(facts, plan, span) for facts, plan in _plans(work, desk)]
    made = {id: _table(cases, id, shapes[id], data.fewest) for id in shapes if id not in SQL}
    made |= {id: table(work, span, cast(What, id), shapes[id], data.fewest) for id in SQL}
    return Report("indicators", desk.municipality, year, data.fewest, tuple(made[id] for id in shapes), {})


def _plans(work: Work, desk: Desk) -> Iterator[tuple[Facts, Plan]]:
    after = ""
    while page := work.plans.of_municipality(desk.municipality, after, PAGE):
        facts, plans = work.persons.facts([child for _, child in page]), work.plans.current([id for id, _ in page])
        yield from ((facts[child], plans[id]) for id, child in page if child in facts and id in plans)
        after = page[-1][1]


def _case(facts: Facts, plan: Plan, span: Span) -> _Case:
    life, end = facts.life, span.quarters[-1]
    rows, days = dict[str, str](), dict[str, float]()
    if life.begun is not None and life.begun < end and not _closed(life, end):
        rows["coordinated"] = _lead(facts, end)
        rows["services"] = _size(len(_taking_part(facts, plan, end)))
        rows["participation"] = "described" if life.participation and life.participation < end else "not_described"
    need = min((one.at for one in life.needs), default=None)
    if life.begun is not None and (quarter := _quarter(life.begun, span)):
        rows["begun"] = quarter
        if need is not None:
            days["begun"] = _days(need, life.begun)
    if (first := _first(facts.mandates)) is not None and _within(first.since, span):
        rows["appointed"] = first.post
        if need is not None:
            days["appointed"] = max(0.0, float((first.since - norwegian_day(need)).days))
    handed = [quarter for one in life.relay_logs if (quarter := _quarter(one.at, span))]
    if handed:
        rows["handed_over"] = handed[0]
    return _Case(rows, days)


def _table(cases: Sequence[_Case], id: str, shape: Shape, fewest: int) -> Table:
    return Table(id, shape, shown(_cells(cases, id), fewest), _took(cases, id, fewest))


def _cells(cases: Sequence[_Case], id: str) -> Cells:
    """By row with their sum; each plan is one child's."""
    counted = Counter(case.rows[id] for case in cases if id in case.rows)
    cells: dict[Cell, Counted] = {(row, ALL): Counted(number, number) for row, number in sorted(counted.items())}
    return {**cells, (ALL, ALL): Counted(counted.total(), counted.total())}


def _took(cases: Iterable[_Case], id: str, fewest: int) -> Mapping[str, Took]:
    """Days from the need to what came of it, of all together."""
    days = sorted(case.days[id] for case in cases if id in case.days)
    if len(days) < fewest:
        return {}
    median, ninth, longest = (round(days[-(-len(days) * share // 10) - 1], 1) for share in (5, 9, 10))
    return {ALL: Took(median, ninth, longest, None)}


def _closed(life: Life, end: datetime) -> bool:
    return life.closing is not None and life.closing.at < end


def _lead(facts: Facts, end: datetime) -> str:
    """In which post somebody led it when the year was over, by the lines that are never overwritten."""
    last = norwegian_day(end - timedelta(seconds=1))
    posts = {one.post for one in facts.mandates if one.since <= last and not _over(one, last, end)}
    return next((post for post in POSTS if post in posts), "nobody")


def _over(one: Mandate, last: date, end: datetime) -> bool:
    return (one.until is not None and one.until <= last) or (one.ended_at is not None and one.ended_at < end)


def _taking_part(facts: Facts, plan: Plan, end: datetime) -> set[str]:
    """Services that had said yes, and those the plan names now."""
    seats = {one.service for one in facts.life.seats if one.answer == "accept" and (one.answered_at or end) < end}
    living = [one for one in plan.elements.values() if one.kind == "participant" and not one.deleted]
    return seats | {str(one.content.get("service") or one.owner) for one in living}


def _size(services: int) -> str:
    return next((name for below, name in SIZES if services < below), "6+")


def _first(mandates: Sequence[Mandate]) -> Mandate | None:
    """The first who was ever appointed to it."""
    return min(mandates, key=lambda one: one.since, default=None)


def _quarter(at: datetime, span: Span) -> str:
    """Which quarter it was in; empty where it was in none of that year's."""
    found = sum(begins <= at for begins in span.quarters)
    return str(found) if 0 < found < len(span.quarters) else ""


def _within(day: date, span: Span) -> bool:
    return norwegian_day(span.quarters[0]) <= day < norwegian_day(span.quarters[-1])


def _days(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds() / DAY)
