"""The port `Figures`: each thing counted is one select of the rows' dimensions, grouped by the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Subquery,
    and_,
    case,
    cast,
    distinct,
    func,
    literal,
    null,
    or_,
    select,
)

from hub.model.service import FAMILY
from hub.ports import Count, Lasted, Span, What
from hub.storage.decisions import DECISIONS, GROUNDS
from hub.storage.deliveries import DELIVERIES
from hub.storage.holds import HOLDS
from hub.storage.measures import first_of, seconds_between
from hub.storage.moves import HOLD_MOVES
from hub.storage.proposals import PROPOSALS
from hub.storage.tasks import TASKS
from hub.storage.transaction import Transaction

_H, _D, _T, _P = HOLDS.c, DECISIONS.c, TASKS.c, PROPOSALS.c
_UNTIMED = cast(null(), Float)


class SqlFigures:
    """Keeps the port `Figures`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def count(self, span: Span, what: What, by: Sequence[str]) -> Sequence[Count]:
        rows = _ROWS[what](span).subquery()
        columns = [rows.c[name] for name in by]
        counted = select(*columns, func.count(), func.count(distinct(rows.c.person))).group_by(*columns)
        found = self._transaction.rows(counted.select_from(rows).order_by(*columns))
        return [Count(tuple(row[:-2]), row[-2], row[-1]) for row in found]

    def lasted(self, span: Span, what: What, by: str | None) -> Sequence[Lasted]:
        rows = _ranked(_ROWS[what](span).subquery(), by)
        place, many, seconds = rows.c.place, rows.c.many, rows.c.seconds
        median = func.min(case((place * 2 >= many, seconds)))
        ninth = func.min(case((place * 10 >= many * 9, seconds)))
        persons = func.count(distinct(rows.c.person))
        timed = select(rows.c.value, persons, median, ninth, func.max(seconds)).group_by(rows.c.value)
        timed = timed.order_by(rows.c.value)
        return [Lasted(*row) for row in self._transaction.rows(timed)]


def _ranked(rows: Subquery, by: str | None) -> Subquery:
    """Each row's place among those of its value, the quickest first."""
    value: ColumnElement[str] = rows.c[by] if by else literal("")
    place = func.row_number().over(partition_by=value, order_by=rows.c.seconds)
    many = func.count().over(partition_by=value)
    named = (value.label("value"), rows.c.person, rows.c.seconds, place.label("place"), many.label("many"))
    return select(*named).where(rows.c.seconds.is_not(None)).subquery()


def _holds_opened(span: Span) -> Select[Any]:
    rule, quarter = _together(first_of(_H.rules), span), _quarter(_H.created_at, span)
    return select(rule.label("rule"), quarter, _hold_person(), _UNTIMED.label("seconds")).where(
        _H.municipality == span.municipality, _within(_H.created_at, span)
    )


def _holds_ended(span: Span) -> Select[Any]:
    """By people, in time or late; what lapsed was never decided, and took no time."""
    went_up = select(HOLD_MOVES.c.hold).where(HOLD_MOVES.c.hold == _H.id, HOLD_MOVES.c.action == "escalated").exists()
    late = or_(_H.due_at < _H.decided_at, went_up)
    end = case((_H.state == "lapsed", "lapsed"), (late, _H.state + "_late"), else_=_H.state + "_in_time")
    decided = _H.state.in_(("released", "refused"))
    seconds = case((decided, seconds_between(_H.created_at, _H.decided_at)))
    rule = _together(first_of(_H.rules), span)
    return select(rule.label("rule"), end.label("end"), _hold_person(), seconds.label("seconds")).where(
        _H.municipality == span.municipality, _H.state != "open", _within(_H.decided_at, span)
    )


def _denials(span: Span) -> Select[Any]:
    """By the first rule that hindered; a view's lies in what several decisions rest on alike."""
    first = func.coalesce(first_of(GROUNDS.c.record, "ways"), first_of(_D.record, "ways"))
    person = func.coalesce(_D.child, _D.part, _D.id)
    rows = select(_together(first, span).label("rule"), _D.stage, person.label("person"), _UNTIMED.label("seconds"))
    return rows.join_from(DECISIONS, GROUNDS, GROUNDS.c.hash == _D.grounds, isouter=True).where(
        _D.municipality == span.municipality, _D.outcome == "deny", _within(_D.decided_at, span)
    )


def _tasks_put(span: Span) -> Select[Any]:
    kind = _together(_T.kind, span).label("kind")
    rows = select(kind, _quarter(_T.created_at, span), _task_person(), _UNTIMED.label("seconds"))
    return rows.where(_T.municipality == span.municipality, _within(_T.created_at, span))


def _tasks_answered(span: Span) -> Select[Any]:
    """Its time runs from when it is to be begun with, where that is later than its making."""
    late = or_(_T.due_at < _T.answered_at, _T.escalated_to.is_not(None))
    end = case((late, "late"), else_="in_time")
    begun = case((_T.starts_at > _T.created_at, _T.starts_at), else_=_T.created_at)
    seconds = seconds_between(begun, _T.answered_at)
    kind = _together(_T.kind, span).label("kind")
    rows = select(kind, end.label("end"), _task_person(), seconds.label("seconds"))
    return rows.where(_T.municipality == span.municipality, _T.state == "answered", _within(_T.answered_at, span))


def _gaps(span: Span) -> Select[Any]:
    """By the service that raised them, with how they were answered before the year was over."""
    return _asked(span, "fill_gap", _T.asked_by)


def _cooperation(span: Span) -> Select[Any]:
    """By the service that was asked; its answer, or that it gave none before the year was over."""
    return _asked(span, "cooperate", _T.addressee)


def _asked(span: Span, kind: str, service: ColumnElement[Any]) -> Select[Any]:
    answered = and_(_T.state == "answered", _T.answered_at < span.quarters[-1])
    end = case((answered, func.coalesce(_T.answer, "answered")), else_="unanswered")
    named = _together(func.coalesce(service, "other"), span)
    rows = select(named.label("service"), end.label("end"), _task_person(), _UNTIMED.label("seconds"))
    return rows.where(_T.municipality == span.municipality, _T.kind == kind, _within(_T.created_at, span))


def _proposals(span: Span) -> Select[Any]:
    by = case((_P.system == FAMILY, FAMILY), else_="service")
    rows = select(by.label("by"), _quarter(_P.created_at, span), _P.child.label("person"), _UNTIMED.label("seconds"))
    return rows.where(_P.municipality == span.municipality, _within(_P.created_at, span))


_ROWS: Mapping[What, Callable[[Span], Select[Any]]] = {
    "holds_opened": _holds_opened,
    "holds_ended": _holds_ended,
    "denials": _denials,
    "tasks_put": _tasks_put,
    "tasks_answered": _tasks_answered,
    "gaps": _gaps,
    "cooperation": _cooperation,
    "proposals": _proposals,
}


def _within(column: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    return and_(column >= span.quarters[0], column < span.quarters[-1])


def _quarter(column: ColumnElement[Any], span: Span) -> ColumnElement[str]:
    ends = [(column < end, str(number)) for number, end in enumerate(span.quarters[1:-1], start=1)]
    return case(*ends, else_="4").label("quarter")


def _together(value: ColumnElement[Any], span: Span) -> ColumnElement[str]:
    named = func.coalesce(value, "other")
    return case((named.in_(span.together), "other"), else_=named) if span.together else named


def _hold_person() -> ColumnElement[str]:
    return func.coalesce(_H.child, _H.part).label("person")


def _task_person() -> ColumnElement[str]:
    """A report's tasks name no child, but the delivery by which child welfare has it; those about children whom nobody
    here knows may all be about one."""
    reported = select(DELIVERIES.c.child).where(DELIVERIES.c.id == _T.subject).scalar_subquery()
    return func.coalesce(_T.child, reported, literal("")).label("person")
