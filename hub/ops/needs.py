"""A need for a plan is notified to the coordinating unit (*koordinerende enhet*, hol § 7-3), without any content.

A hospital or clinic does it as soon as it sees the need (sphl § 2-5, COO-06), along the statutory cooperation agreement
(hol § 6-2); where none is registered the municipality is told so, and the notice comes through all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hub.model.envelope import fresh_id
from hub.model.life import Need
from hub.model.person import Child
from hub.model.responsibility import Facts
from hub.ops.agreements import agreement_with
from hub.ops.casework import Casework
from hub.ops.enrol import Desk, facts_of, make_plan, plan_of
from hub.ops.hands import Hand
from hub.ops.officials import Barred
from hub.ops.settling import ask_where
from hub.ops.tasks import Put
from hub.policy.services import SPECIALIST
from hub.ports import Work


@dataclass(frozen=True, slots=True)
class Notice:
    """Who needs a plan, by number or, before a birth, by nothing; and what the notifier calls the case."""

    reference: str
    number: str | None = None
    unborn: bool = False


def notify(work: Work, desk: Desk, hand: Hand, notice: Notice) -> Casework | Barred:
    """A task for the coordinating unit. Whether the child was known before shows nowhere in the answer."""
    plan = plan_of(work, desk, _plan_for(work, desk, notice))
    case = Casework(work, desk, hand, plan, facts_of(work, desk, plan.child, change=True))
    if case.judge("ip_need_notice").outcome != "forward":
        return case.bar("not_permitted", "a need is notified to the coordinating unit (COO-06)")
    before = [one for one in case.facts.life.needs if (one.service, one.reference) == (hand.service, notice.reference)]
    if before:
        return case
    agreement = agreement_with(work, desk, hand.service)
    need = Need(hand.service, notice.reference, case.now, agreement.reference if agreement else None)
    case = case.live(lambda life: replace(life, needs=(*life.needs, need)))
    ask_where(work, desk, case.plan, case.facts)
    case.put(Put("consider_need", subject=notice.reference, once=f"consider_need:{plan.id}:{hand.service}"))
    if agreement is None and hand.service in SPECIALIST:
        once = f"agree_on_cooperation:{desk.municipality}:{hand.service}"
        case.put(Put("agree_on_cooperation", subject=hand.service, once=once))
    case.note("need.notified", service=hand.service, agreement=need.agreement)
    return case


def _plan_for(work: Work, desk: Desk, notice: Notice) -> str:
    """The person's plan, or a case opened for one of whom nothing is known yet but the number."""
    child = work.persons.by_number(desk.municipality, notice.number) if notice.number else None
    known = work.plans.of_child(desk.municipality, child) if child else None
    if known is not None:
        return known
    facts = Facts(Child(fresh_id(), desk.municipality, unborn=notice.unborn))
    return make_plan(work, desk, facts, notice.number).id
