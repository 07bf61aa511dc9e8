"""Who coordinates: claimed, asked for, laid down, disputed; and decided by the municipality where it is unclear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from hub.errors import UnusableError
from hub.model.responsibility import Facts, Post
from hub.model.task import LogLine
from hub.ops.appointments import (
    Appointment,
    ask_the_municipality,
    end_unclear,
    mandate,
    may_not_be_appointed,
)
from hub.ops.casework import Casework
from hub.ops.mandates import with_mandate, without
from hub.ops.officials import Barred
from hub.ops.tasks import Put, Reply, end_all, end_task

GIVES_WAY: tuple[Post, ...] = ("coordinator", "main_responsible", "appointed")
"""What the municipality's own decision ends: everything but a child coordinator's mandate."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The municipality's decision: which provider, from when, and where the decision is kept."""

    service: str
    authority: str
    since: date | None = None
    reason: str = ""


def claim(case: Casework) -> Casework | Barred:
    """A service takes on the coordination that nobody has (IPF § 7). Of two at the same instant one comes first, and
    the other learns that somebody coordinates."""
    if case.leader == case.hand.service:
        return case
    if case.facts.responsibility.disputed:
        way_out = "make a statement to the municipality, which decides"
        return case.bar("disputed", "it is disputed who coordinates", way_out)
    if case.leader is not None:
        way_out = "leave it to that service, or dispute it: the municipality then decides"
        return case.bar("already_led", "another service coordinates this plan", way_out)
    if why := may_not_be_appointed(case, case.hand.service):
        return why
    told = Appointment("main_responsible", case.hand.service, "agreed")
    case = case.change(lambda facts: with_mandate(facts, mandate(case, told)))
    case.note("coordination.claimed", service=case.hand.service)
    end_unclear(case, "decided")
    return case


def ask_service(case: Casework, service: str) -> Casework | Barred:
    """The unit asks a service to coordinate. Silence for five working days is the municipality's to deal with."""
    if not case.hand.of_the_unit:
        return case.bar("not_authorised", "the coordinating unit asks", "dispute it, or claim it yourself")
    if why := may_not_be_appointed(case, service):
        return why
    case.put(Put("take_coordination", service, subject=service, once=f"take_coordination:{case.plan.id}:{service}"))
    return case


def decline(case: Casework, reason: str) -> Casework | Barred:
    """A service will not coordinate: it lays down what it has, or says no to what it was asked. Where nobody is left
    the municipality must decide; what the service says stands beside the task, sealed."""
    service, standing = case.hand.service, case.facts.standing(case.today)
    has: list[Post] = [post for post in GIVES_WAY if getattr(standing, post) == service]
    if standing.child_coordinator == service:
        has.append("child_coordinator")
    asked = [
        each
        for each in case.work.tasks.open(case.desk.municipality, case.plan.id)
        if each.kind == "take_coordination" and each.addressee == service
    ]
    if not has and not asked:
        raise UnusableError("not_asked", "this service neither coordinates nor is asked to", way_out="raise a gap")
    case.write("statement", reason)
    for each in asked:
        end_task(case.work, case.desk, each, Reply("decline", reason), case.hand.person)
    if has:
        case = case.change(lambda facts: without(facts, has, "resigned", case.mark))
    case.note("coordination.declined", service=service)
    ask_the_municipality(case, service)
    return case


def dispute(case: Casework, reason: str) -> Casework | Barred:
    """Services disagree: changes of structure wait, own measures flow, the municipality has a task with a deadline.
    Each party's statement is kept, sealed, without a word of it in the task."""
    case.write("statement", reason)
    if not case.facts.responsibility.disputed:
        case = case.change(lambda facts: replace(facts, responsibility=replace(facts.responsibility, disputed=True)))
    case.note("coordination.disputed", service=case.hand.service)
    case.put(Put("decide_coordination", subject=case.hand.service, once=f"decide_coordination:{case.plan.id}"))
    return case


def decide_coordination(case: Casework, told: Decided) -> Casework | Barred:
    """The municipality's decision (COO-04): it ends the dispute and every post but a child coordinator's, and what
    waits is released or put to whoever coordinates from now on."""
    if not case.hand.decides:
        return case.bar("not_authorised", "the municipality's decision authority decides (COO-04)", "hand it over")
    if why := may_not_be_appointed(case, told.service):
        return why
    made = mandate(case, Appointment("appointed", told.service, told.authority, told.since))

    def settled(facts: Facts) -> Facts:
        facts = with_mandate(without(facts, GIVES_WAY, "decided", case.mark), made)
        return replace(facts, responsibility=replace(facts.responsibility, disputed=False))

    case = case.change(settled)
    words = told.reason or "The municipality has decided who coordinates."
    case.write("told_family", words, told.service)
    done = {"decide_coordination": "decided", "take_coordination": "accept"}
    end_all(case.work, case.desk, case.plan.id, done, case.hand.person)
    case.note("coordination.decided", service=told.service, authority=told.authority, since=made.since.isoformat())
    return case


def statements_of(case: Casework) -> Sequence[LogLine] | Barred:
    """What the parties have said (law.md § 3.1): for the municipality's own office, and no service reads another's."""
    if not case.hand.of_the_unit:
        return case.bar("not_authorised", "the municipality's own office reads the statements")
    return case.work.logbook.of(case.desk.municipality, case.plan.id, "statement")
