"""Appointments (*oppnevning*): who coordinates from when, on whose authority; ended by a line, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from hub.errors import UnusableError
from hub.model.responsibility import Ended, Mandate, Post, Responsibility
from hub.ops.casework import Casework
from hub.ops.mandates import with_mandate, without
from hub.ops.officials import Barred
from hub.ops.tasks import Put, end_all
from hub.policy.services import APPOINTABLE, services
from hub.policy.who_decides import leads


@dataclass(frozen=True, slots=True)
class Appointment:
    """What is to be recorded. `authority` refers to the decision or the agreement; `wished_on` is the family's wish."""

    post: Post
    service: str
    authority: str
    since: date | None = None
    until: date | None = None
    employee: str | None = None
    wished_on: date | None = None


def appoint(case: Casework, told: Appointment) -> Casework | Barred:
    """A child coordinator or a coordinator, by the municipality's own office (hol §§ 7-2, 7-2 a)."""
    if not case.hand.of_the_unit:
        return case.bar("not_authorised", "the municipality's own office appoints", "ask for it: the unit decides")
    if why := may_not_be_appointed(case, told.service):
        return why
    if told.post == "child_coordinator" and (why := _no_mandate(case, told)):
        return why
    case = case.change(lambda facts: with_mandate(facts, mandate(case, told)))
    end_all(case.work, case.desk, case.plan.id, {"decide_child_coordinator": "appoint"}, case.hand.person)
    end_unclear(case)
    case.note("coordination.appointed", post=told.post, service=told.service, authority=told.authority)
    return case


def end_mandate(case: Casework, post: Post, why: Ended) -> Casework | Barred:
    """The family no longer wants it, or the service lays it down. Where nobody is left the municipality must decide."""
    held = getattr(case.facts.standing(case.today), post)
    if held is None:
        raise UnusableError("not_found", "nobody has that post", place="post")
    if not (case.hand.of_the_unit or case.hand.service == held):
        return case.bar("not_authorised", "only the one who has it, or the municipality's office, may end it")
    case = case.change(lambda facts: without(facts, [post], why, case.mark))
    case.note("coordination.ended", post=post, service=held, why=why)
    ask_the_municipality(case)
    return case


def put_coordination(case: Casework, told: Responsibility) -> Casework:
    """Who coordinates, as a register outside the hub has it."""
    case = case.change(lambda facts: replace(facts, responsibility=told))
    case.note("coordination.put")
    end_unclear(case)
    return case


def mandate(case: Casework, told: Appointment) -> Mandate:
    """The line as it is recorded now. It may begin later, and a child coordinator's ends at 18 by the law itself."""
    since = told.since or case.today
    if told.until is not None and told.until <= since:
        raise UnusableError("contradicting_period", "it would end before it begins", place="until")
    rest = (told.employee, told.until, told.wished_on)
    return Mandate(told.post, told.service, since, told.authority, case.hand.person, case.now, *rest)


def may_not_be_appointed(case: Casework, service: str) -> Barred | None:
    """COO-05: the municipality appoints a provider of its own and nobody else; the refusal names the way out."""
    if service not in services():
        raise UnusableError("unknown_word", "not a service the hub knows", place="service")
    if case.judge("appoint", appoint=service).outcome == "forward":
        return None
    own = ", ".join(sorted(APPOINTABLE))
    way_out = f"appoint a municipal provider ({own}); state, county and private services take part"
    return case.bar("not_appointable", "the municipality can appoint its own providers only (COO-05)", way_out)


def ask_the_municipality(case: Casework, subject: str | None = None) -> None:
    """Nobody coordinates, or it is disputed: one decision task at the coordinating unit (COO-04)."""
    disputed = case.facts.responsibility.disputed
    if disputed or leads(case.facts, case.now) is None:
        case.put(Put("decide_coordination", subject=subject, once=f"decide_coordination:{case.plan.id}"))


def end_unclear(case: Casework, answer: str = "decided") -> None:
    """Somebody coordinates and nobody disputes it: what asked for that is answered."""
    if case.leader is not None and not case.facts.responsibility.disputed:
        done = {"decide_coordination": answer, "take_coordination": "accept"}
        end_all(case.work, case.desk, case.plan.id, done, case.hand.person)


def _no_mandate(case: Casework, told: Appointment) -> Barred | None:
    """A child coordinator is for a child under 18 or one who is expected, and because the family wishes it."""
    child = case.facts.child
    if told.wished_on is None:
        way_out = "record the day on which the family said it wants one"
        return case.bar("no_wish", "a child coordinator is appointed where the family wishes it (hol § 7-2 a)", way_out)
    age = child.age(told.since or case.today)
    if not child.unborn and (age is None or age >= 18):
        way_out = "appoint a coordinator (hol § 7-2)"
        return case.bar("of_age", "the mandate of a child coordinator ends at 18 (COO-07)", way_out)
    return None


def wish(case: Casework) -> Casework:
    """The family wishes a child coordinator (pbrl § 2-5 c): the coordinating unit decides, once however often asked."""
    case.put(Put("decide_child_coordinator", once=f"decide_child_coordinator:{case.plan.id}"))
    return case
