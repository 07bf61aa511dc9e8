"""A plan is closed: what comes later is refused, everybody is told once, and nobody owes it anything more but what the
family asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal, TypeVar

from hub.errors import TryAgainError, UnusableError
from hub.model.envelope import fresh_id
from hub.model.life import SILENT, Closing, Why
from hub.model.plan import Element
from hub.model.responsibility import Ended
from hub.model.service import FAMILY
from hub.ops.casework import Casework
from hub.ops.family_asks import answered
from hub.ops.mandates import nobody
from hub.ops.officials import Barred
from hub.ops.tasks import withdraw_all
from hub.sync import stamped

T = TypeVar("T")
FOR_GOOD: frozenset[Why] = SILENT | {"moved"}
"""What ends a plan here for good."""
OUTLIVES: Mapping[Why, tuple[str, ...]] = {
    "no_need": ("decide_child_coordinator", "consider_need", "notify_new_municipality"),
    "no_consent": ("decide_child_coordinator", "notify_new_municipality"),
    "of_age": ("consider_need",),
    "moved": ("notify_new_municipality",),
}
"""Tasks that do not end with the plan: what was asked for is the unit's to grant, or to refuse with a reason and a way
to complain (R-01, R-04); child welfare's notice to the new municipality is its own duty (bvl § 13-5)."""


def close(case: Casework, why: Why) -> Casework | Barred:
    """By whoever coordinates. Those at the table learn it from the plan itself, whose status is then `ended`."""
    if why_not := case.must_coordinate():
        return why_not
    case = alone(case)
    if case.facts.life.closing is not None:
        return case
    if why == "of_age" and (case.facts.child.age(case.today) or 0) < 18:
        raise UnusableError("not_of_age", "the registers do not say that the child is of age", place="why")
    if why == "not_born" and not case.facts.child.unborn:
        raise UnusableError("already_born", "the plan is not about an expected child", place="why")
    case = case.live(lambda life: replace(life, closing=Closing(case.now, case.hand.person, why)))
    if why not in SILENT:
        in_words(case, "ended")
    ended: Ended = why if why in ("of_age", "moved") else "closed"
    case = case.change(lambda facts: nobody(facts, ended, case.mark))
    _end_what_waits(case)
    withdraw_all(case.work, case.desk, case.plan.id, *OUTLIVES.get(why, ()))
    case.note("plan.closed", why=why)
    return case


def while_open(act: Callable[[Casework], T | Barred]) -> Callable[[Casework], T | Barred]:
    """The same step, but for a plan that is closed: there nothing more happens (`plan_closed`). Nor is anything asked
    of one that is being closed in the same instant: nobody could answer it any more."""

    def step(case: Casework) -> T | Barred:
        now = alone(case)
        if now.facts.version != case.facts.version:
            raise TryAgainError("somebody else changed the facts about this child first")
        if now.facts.life.closing is None:
            return act(now)
        return now.bar("plan_closed", "the plan is closed", "open a new case where there is a new need")

    return step


def in_turn(act: Callable[[Casework], T]) -> Callable[[Casework], T]:
    """The same step, on the plan as whoever came first has left it."""
    return lambda case: act(alone(case))


def alone(case: Casework) -> Casework:
    """The plan in this hand and no other until the commit."""
    plan = case.work.plans.lock([case.plan.id], wait=True)[case.plan.id]
    return replace(case, plan=plan).anew()


def reopen(case: Casework) -> Casework | Barred:
    """There is a new need: one person has one plan (COO-11), so it is this one that is opened anew. Everything is asked
    anew: consent to it, who takes part, how the child did; it begins when it is begun."""
    closing = case.facts.life.closing
    if not case.hand.of_the_unit:
        return case.bar("not_authorised", "the coordinating unit opens a plan anew", "POST /v1/needs: notify the need")
    if closing is None:
        return case
    if closing.why in FOR_GOOD:
        return case.bar("closed_for_good", "this plan is not opened anew", "notify a need where there is one")
    over = (*case.facts.life.closed_before, closing)
    case = case.live(
        lambda life: replace(
            life, begun=None, closing=None, closed_before=over, seats=(), participation=None, meetings=()
        )
    )
    case.note("plan.reopened")
    return case


def _end_what_waits(case: Casework) -> None:
    """What waits for somebody's word has got a no, and its lines in the ledgers end."""
    home, plan, by = case.desk.municipality, case.plan.id, case.hand.person
    held = case.work.holds.open(home, [plan])
    case.work.holds.decide(
        [replace(one, state="refused", decided_by=by, reason="plan_closed", decided_at=case.now) for one in held]
    )
    proposed = [one for one in case.work.proposals.of(home, plan) if one.state == "open"]
    for one in proposed:
        declined = replace(one, state="declined", decided_by=by, reason="plan_closed")
        case.work.proposals.decide(declined)
        if one.system == FAMILY:
            answered(case.work, case.desk, declined, case.hand.service, "closed")
        else:
            case.work.views.tell_anew(plan, one.system, str(one.element["id"]))
    if held or proposed:
        case.note("plan.waits_ended", holds=[one.id for one in held], proposals=[one.id for one in proposed])


def in_words(case: Casework, status: Literal["active", "ended"]) -> None:
    """The plan's own status, in a version of its own: every receiver that may see the frame is sent it."""
    plan = case.plan
    frames = [each for each in plan.elements.values() if each.kind == "frame" and not each.deleted]
    made = frames or [Element(fresh_id(), "frame", case.hand.service, frozenset({"plan_goal"}), {})]
    told = [stamped(replace(each, content={**each.content, "status": status})) for each in made]
    newer = replace(plan, version=plan.version + 1, elements={**plan.elements, **{each.id: each for each in told}})
    case.work.plans.add([(newer, None)])
