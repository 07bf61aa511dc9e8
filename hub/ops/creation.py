"""A plan begins: one for one person (COO-11), with consent to the plan itself (CON-15), started by who has that duty.

Before that there is a case at the coordinating unit and a table to sit at; nothing is merged and nothing forwarded.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hub.errors import UnusableError
from hub.model.consent import Consent, Evidence, Giver, Terms
from hub.model.envelope import fresh_id
from hub.model.life import BTI_LEVELS, RelayLog
from hub.model.person import Child
from hub.model.responsibility import Facts
from hub.ops.casework import UNIT, Casework
from hub.ops.closing import in_words
from hub.ops.officials import Barred
from hub.ops.register import record
from hub.ops.tasks import Put, end_all
from hub.ops.unseen import known_to
from hub.policy.services import services
from hub.policy.who_is_asked import who_is_asked

PLAN = frozenset({"individual_plan"})


@dataclass(frozen=True, slots=True)
class Agreed:
    """One person's yes to the plan itself: who, and where it lies. It gives nobody access to anything."""

    person: str
    reference: str


def begin(case: Casework, started_by: str, agreed: Sequence[Agreed]) -> Casework | Barred:
    """From now on services work on it together. Whatever the rules say of it is kept."""
    if not case.coordinates and case.hand.service != started_by:
        return case.bar("not_authorised", "a service starts plans for itself", "let the coordinating unit do it")
    if why := _may_not_start(case, started_by):
        return why
    if case.facts.life.begun is not None:
        end_all(case.work, case.desk, case.plan.id, {"consider_need": "plan"}, case.hand.person)
        return case
    missing = must_still_agree(case.facts, {one.person for one in agreed}, case.now)
    if case.judge("plan_create", plan_consent=not missing).outcome != "forward":
        return _not_yet(case, missing)
    for one in agreed:
        record(case.work, case.desk, _yes(case, one))
    case = case.anew().live(lambda life: replace(life, begun=case.now))
    if case.facts.life.closed_before:
        in_words(case, "active")
    end_all(case.work, case.desk, case.plan.id, {"consider_need": "plan"}, case.hand.person)
    case.note("plan.begun", service=started_by)
    return case


def keep_stafettlogg(case: Casework) -> Casework | Barred:
    """A service says that it keeps a relay log (*stafettlogg*, BTI) about the child: it is to be handed over first."""
    if case.facts.life.begun is not None:
        return case.bar("plan_begun", "the plan has begun: there is no relay log beside it", "write it in the plan")
    if case.facts.life.stafettlogg is not None:
        return case
    case = case.live(lambda life: replace(life, stafettlogg=case.hand.service))
    case.note("stafettlogg.open", service=case.hand.service)
    return case


def hand_over_stafettlogg(
    case: Casework, history: Sequence[tuple[datetime, str]], level: str | None = None
) -> Casework | Barred:
    """Its history becomes the plan's, with consent to the plan as all the rest, and the log is closed (COO-11). Its
    level of BTI is kept."""
    keeper = case.facts.life.stafettlogg
    if keeper is None:
        raise UnusableError("not_found", "no relay log is open", place="stafettlogg")
    if level is not None and level not in BTI_LEVELS:
        way_out = f"one of {', '.join(BTI_LEVELS)}"
        raise UnusableError("unknown_word", "not a level of BTI", place="level", way_out=way_out)
    if case.hand.service != keeper and not case.hand.of_the_unit:
        return case.bar("not_authorised", "the service that keeps the log hands it over")
    for at, words in history:
        case.write("stafettlogg", words, keeper, at)
    handed = RelayLog(keeper, case.now, level)
    case = case.live(lambda life: replace(life, stafettlogg=None, relay_logs=(*life.relay_logs, handed)))
    end_all(case.work, case.desk, case.plan.id, {"hand_over_stafettlogg": "handed_over"}, case.hand.person)
    case.note("stafettlogg.handed_over", lines=len(history), level=level)
    return case


def _may_not_start(case: Casework, service: str) -> Barred | None:
    """IPF § 6: who has the duty to make plans. Others notify the need, and take part."""
    known = services().get(service)
    if known is None:
        raise UnusableError("unknown_word", "not a service the hub knows", place="started_by")
    if known.plan == "start" or service == UNIT:
        return None
    way_out = "POST /v1/needs: the coordinating unit considers it (hol § 7-3)"
    return case.bar("no_duty_to_start", "this service takes part in plans and starts none (IPF § 6)", way_out)


def _not_yet(case: Casework, missing: Sequence[str]) -> Barred:
    if missing:
        way_out = f"ask {', '.join(missing)}; say in `agreed` where each answer lies"
        return case.bar("no_plan_consent", "there is no plan without consent to it (CON-15)", way_out)
    keeper = case.facts.life.stafettlogg
    case.put(Put("hand_over_stafettlogg", keeper, once=f"hand_over_stafettlogg:{case.plan.id}"))
    whose = keeper if keeper and known_to(case)(keeper) else "the service that keeps it"
    way_out = f"{whose} has a task: POST /v1/plans/{{id}}/stafettlogg/handover"
    return case.bar("stafettlogg_open", "an open relay log is handed over first (COO-11)", way_out)


def must_still_agree(facts: Facts, said: Collection[str], now: datetime) -> list[str]:
    """Those who must still agree to the plan: everybody the rules on consent ask, and nobody else."""
    terms = Terms("", frozenset({"plan_goal"}), frozenset({UNIT}), frozenset({UNIT}), PLAN, kind="plan_only")
    asked = who_is_asked(facts.child, facts.child.id, terms, "ordinary", now)
    return [person for _, person in asked.persons if person not in said]


def _yes(case: Casework, one: Agreed) -> Consent:
    child = case.facts.child
    return Consent(
        fresh_id(),
        child.id,
        one.person,
        _capacity(child, one.person),
        child.id,
        "yes",
        frozenset({UNIT}),
        frozenset({"plan_goal", "plan_measure"}),
        PLAN,
        child.municipality,
        documented=True,
        kind="plan_only",
        evidence=Evidence(case.hand.person, case.now, reference=one.reference),
    )


def _capacity(child: Child, person: str) -> Giver:
    if person == child.id:
        return "pregnant_person" if child.unborn else "child"
    if person == "child_welfare":
        return "child_welfare"
    return next((one.relation for one in child.guardians if one.person == person), "other")
