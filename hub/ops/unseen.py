"""Who takes part unseen: which services whoever acts may not know to have to do with the child (RED-02).

Whether a service takes part unseen changes nothing of what others see or may do. Who asks it to take part sees that it
asked, and the answer to that; an answer does not tell what went before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import cast

from hub.model.calendar import norwegian_day
from hub.model.life import Life, Seat, Word
from hub.model.service import Party, Service
from hub.model.task import Task
from hub.ops.casework import Casework
from hub.policy import hides_client, still_known


def keeps_the_table(case: Casework) -> bool:
    """The municipality's own office, which links systems and invites."""
    return case.hand.of_the_unit and case.hand.system is None


def hidden(case: Casework, service: Service) -> bool:
    """Whether whoever acts may not know the child to be this service's client."""
    reader = Party(case.hand.service, case.desk.municipality)
    return not keeps_the_table(case) and hides_client(still_known(case.facts, case.now), reader, service, case.now)


def sits_unseen(case: Casework, service: Service) -> bool:
    """Whether it takes part, or has been asked to, and whoever acts may not know that."""
    seat = case.facts.life.seat(service)
    if seat is None or seat.answer not in (None, "accept") or seat.asker == case.hand.service:
        return False
    return hidden(case, service)


def known_to(case: Casework) -> Callable[[Service], bool]:
    """The services whoever acts may know of: whose client it may know the child to be, and whom its own has asked."""
    asked = {one.addressee for one in _tasks(case, "take_part") if one.asked_by == case.hand.service}
    return lambda service: service in asked or not hidden(case, service)


def as_known(case: Casework) -> Life:
    """The plan's life without the services that whoever acts may not know of."""
    life, may_know = case.facts.life, known_to(case)
    seats = [_as_asked(case, one) for one in life.seats if may_know(one.service)]
    return replace(
        life,
        needs=tuple(one for one in life.needs if may_know(one.service)),
        seats=tuple(seats),
        meetings=tuple(replace(one, asked=tuple(filter(may_know, one.asked))) for one in life.meetings),
        relay_logs=tuple(one for one in life.relay_logs if may_know(one.service)),
        stafettlogg=life.stafettlogg if life.stafettlogg and may_know(life.stafettlogg) else None,
    )


def _as_asked(case: Casework, seat: Seat) -> Seat:
    """A part as whoever acts knows it: what it may not know, only by its own questions and the answers to them."""
    if seat.asker == case.hand.service or not hidden(case, seat.service):
        return seat
    last = (asked := questions(case, seat.service))[-1]
    weighed = [one for one in _tasks(case, "weigh_decline") if one.subject == seat.service and one.answered_at]
    starts_on = norwegian_day(last.starts_at) if last.starts_at else None
    answer, at = cast(Word | None, last.answer), last.answered_at
    if answer == "decline" and (excused := [one for one in _since(weighed, at) if one.answer == "excuse"]):
        answer, at = "excused", excused[-1].answered_at
    return replace(seat, asked_at=_asked_at(asked, weighed), answer=answer, answered_at=at, starts_on=starts_on)


def _asked_at(asked: Sequence[Task], weighed: Sequence[Task]) -> datetime:
    """When it was last invited: who is kept to its part is asked anew in the same invitation."""
    for before, one in reversed(list(pairwise(asked))):
        kept = [each for each in _since(weighed, before.answered_at) if each.answer == "keep"]
        if not any(each.answered_at and each.answered_at <= one.created_at for each in kept):
            return one.created_at
    return asked[0].created_at


def _since(tasks: Iterable[Task], at: datetime | None) -> list[Task]:
    """Those answered then or later."""
    return [one for one in tasks if at and one.answered_at and one.answered_at >= at]


def questions(case: Casework, service: Service) -> list[Task]:
    """Every time the service of whoever acts has asked this one to take part, the open one last."""
    asked = _tasks(case, "take_part")
    mine = [one for one in asked if (one.addressee, one.asked_by) == (service, case.hand.service)]
    return sorted(mine, key=lambda one: one.state == "open")


def _tasks(case: Casework, kind: str) -> list[Task]:
    found = case.work.tasks.of(case.desk.municipality, case.plan.id)
    return [one for one in found if one.kind == kind]
