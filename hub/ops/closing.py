"""A plan is closed: nobody owes it anything more, what comes later is refused, everybody is told once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from hub.errors import UnusableError
from hub.model.envelope import fresh_id
from hub.model.life import Closing, Why
from hub.model.plan import Element
from hub.model.responsibility import Facts, Post
from hub.ops.casework import Casework
from hub.ops.mandates import without
from hub.ops.officials import Barred
from hub.ops.tasks import withdraw_all
from hub.sync import stamped

T = TypeVar("T")
POSTS: tuple[Post, ...] = ("child_coordinator", "coordinator", "main_responsible", "appointed")
SILENT: frozenset[Why] = frozenset({"not_born", "deceased"})
"""Where nobody is sent anything because of it (law.md § 3.5): people tell people."""


def close(case: Casework, why: Why) -> Casework | Barred:
    """By whoever coordinates. Those at the table learn it from the plan itself, whose status is then `ended`."""
    if why_not := case.must_coordinate():
        return why_not
    if case.facts.life.closing is not None:
        return case
    if why == "of_age" and (case.facts.child.age(case.today) or 0) < 18:
        raise UnusableError("not_of_age", "the registers do not say that the child is of age", place="why")
    if why == "not_born" and not case.facts.child.unborn:
        raise UnusableError("already_born", "the plan is not about an expected child", place="why")
    case = case.live(closing=Closing(case.now, case.hand.person, why))
    if why not in SILENT:
        _end_in_words(case)
    ended = "of_age" if why == "of_age" else "moved" if why == "moved" else "closed"
    case = case.change(lambda facts: _nobody_leads(case, facts, ended))
    withdraw_all(case.work, case.desk, case.plan.id)
    case.note("plan.closed", why=why)
    return case


def while_open(act: Callable[[Casework], T | Barred]) -> Callable[[Casework], T | Barred]:
    """The same step, but for a plan that is closed: there nothing more happens (`plan_closed`)."""

    def step(case: Casework) -> T | Barred:
        if case.facts.life.closing is None:
            return act(case)
        return case.bar("plan_closed", "the plan is closed", "open a new case where there is a new need")

    return step


def _nobody_leads(case: Casework, facts: Facts, ended: str) -> Facts:
    held = [post for post in POSTS if getattr(facts.standing(case.today), post) is not None]
    return without(facts, held, ended, case.mark)  # type: ignore[arg-type]  # one of the words just named


def _end_in_words(case: Casework) -> None:
    """The plan's own status, in a version of its own: every receiver that may see the frame is sent it."""
    plan = case.plan
    frames = [each for each in plan.elements.values() if each.kind == "frame" and not each.deleted]
    made = frames or [Element(fresh_id(), "frame", case.hand.service, frozenset({"plan_goal"}), {})]
    ended = [stamped(replace(each, content={**each.content, "status": "ended"})) for each in made]
    newer = replace(plan, version=plan.version + 1, elements={**plan.elements, **{each.id: each for each in ended}})
    case.work.plans.add([(newer, None)])
