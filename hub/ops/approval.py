"""How the child took part is described, and then a version of the plan is approved, until it is to be revised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hub.errors import UnusableError
from hub.model.life import Approval
from hub.ops.casework import Casework
from hub.ops.creation import must_still_agree
from hub.ops.officials import Barred
from hub.ops.tasks import Put, end_all

AT_MOST = timedelta(days=366)
"""How long an approved version may stand: IPF § 9 nr. 8 asks for a time, we for a limit too."""


def describe(case: Casework, words: str) -> Casework | Barred:
    """How the child took part (*medvirkning*, IPF §§ 4, 9): in words that lie sealed in the logbook."""
    if why := case.must_coordinate():
        return why
    case.write("participation", words)
    case = case.live(lambda life: replace(life, participation=case.now))
    end_all(case.work, case.desk, case.plan.id, {"describe_participation": "described"}, case.hand.person)
    case.note("plan.participation_described")
    return case


def approve(case: Casework, agreed_by: Sequence[str], revise_on: date) -> Casework | Barred:
    """The coordinator approves the plan as it now stands, once the family has agreed and the child has taken part.

    Without a description of how the child took part it waits, and the coordinator has a task (COO-12).
    """
    if why := case.must_coordinate():
        return why
    if not agreed_by:
        way_out = "record who of the family agreed"
        raise UnusableError("no_agreement", "the plan is the family's too", place="agreed_by", way_out=way_out)
    if missing := must_still_agree(case.facts, agreed_by, case.now):
        return case.bar("no_agreement", "not everybody who must has agreed", f"ask {', '.join(missing)}")
    if not case.today < revise_on <= case.today + AT_MOST:
        way_out = "a day after this one and within a year"
        raise UnusableError("contradicting_period", "not a day to revise it on", place="revise_on", way_out=way_out)
    if case.judge("plan_approve").outcome != "forward":
        case.put(Put("describe_participation", once=f"describe_participation:{case.plan.id}"))
        way_out = "POST /v1/plans/{id}/participation first; the coordinator has a task about it"
        return case.bar("no_participation", "it does not say how the child took part (COO-12)", way_out)
    agreed = tuple(sorted(set(agreed_by)))
    made = Approval(case.plan.version, case.now, case.hand.person, case.hand.service, agreed, revise_on)
    case = case.live(lambda life: replace(life, approvals=(*life.approvals, made)))
    end_all(case.work, case.desk, case.plan.id, {"revise": "revised"}, case.hand.person)
    case.note("plan.approved", version=made.version, revise_on=revise_on.isoformat())
    return case
