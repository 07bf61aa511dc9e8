"""Coordination: who may change what in a plan, who may be appointed, and who must take part."""

from __future__ import annotations

from hub.policy.book import rule
from hub.policy.services import APPOINTABLE, PLAN_DUTY, SPECIALIST
from hub.policy.weighing import Weighing
from hub.policy.words import NOTED, NOTICE, Finding


def has_mandate(w: Weighing) -> bool:
    """Whether a child coordinator is appointed, wanted, and the child under 18 or not yet born."""
    plan = w.disclosure.plan
    young = w.subject.unborn or w.minor
    return plan.child_coordinator is not None and plan.family_wants_child_coordinator and young


def of_record(w: Weighing) -> str | None:
    """The service that coordinates: child coordinator, coordinator, agreed service, the municipality's choice.

    In a dispute only a child coordinator's mandate stands until the municipality has decided.
    """
    plan = w.disclosure.plan
    if has_mandate(w):
        return plan.child_coordinator
    if plan.disputed:
        return plan.appointed
    return plan.coordinator or plan.main_responsible or plan.appointed


def own_measure(w: Weighing) -> bool:
    return w.kind == "plan_update" and w.disclosure.plan.measure_owner == w.sender


def _leads(w: Weighing, service: str | None) -> Finding | None:
    """Opens the gate to the coordinator of record itself; `service` is that one, or nobody."""
    if service is None:
        return None
    return Finding(opens=w.categories) if w.sender == service else NOTED


@rule(
    "COO-01",
    "hol § 7-2 a",
    "bhl § 2 b",
    "oppll § 24-1",
    "bvl § 15-8",
    "sotjl § 13",
    "krl § 4",
    "fvkl § 1 a",
    "intgl § 50",
    stage="gate",
    views=False,
    rests=["coordination"],
)
def the_child_coordinator_coordinates(w: Weighing) -> Finding | None:
    """When a child coordinator is appointed, he or she coordinates and may change anything in the plan."""
    return _leads(w, w.disclosure.plan.child_coordinator) if has_mandate(w) else None


@rule("COO-02", "hol § 7-2", "FOR-2011-12-16-1256 § 16", stage="gate", views=False, rests=["coordination"])
def then_the_municipal_coordinator(w: Weighing) -> Finding | None:
    """Without a child coordinator the municipality's coordinator does."""
    plan = w.disclosure.plan
    return None if has_mandate(w) or plan.disputed else _leads(w, plan.coordinator)


@rule("COO-03", "ipf § 7", stage="gate", views=False, rests=["coordination"])
def then_the_service_agreed_on(w: Weighing) -> Finding | None:
    """Without either, the service agreed to have main responsibility does."""
    plan = w.disclosure.plan
    return None if has_mandate(w) or plan.disputed or plan.coordinator else _leads(w, plan.main_responsible)


@rule("COO-04", "ipf § 7", "oppll § 24-1", stage="gate", views=False, rests=["coordination"])
def the_municipality_decides(w: Weighing) -> Finding | None:
    """Unclear or disputed: changes of structure wait for the municipality, whose choice then coordinates."""
    plan = w.disclosure.plan
    decided = plan.appointed is not None and of_record(w) == plan.appointed
    if of_record(w) is not None and not decided:
        return None
    return _leads(w, plan.appointed) if decided else Finding(holds=w.categories)


@rule("COO-05", "bhl § 2 b", "oppll § 24-1", "bvl § 15-8", control=["appoint"], rests=["message"])
def only_a_municipal_provider(w: Weighing) -> Finding | None:
    """The municipality can appoint a municipal provider and nobody else."""
    return Finding(opens=NOTICE) if w.disclosure.plan.appoint in APPOINTABLE else Finding(shuts=NOTICE)


@rule(
    "COO-06",
    "sphl § 2-5",
    "sphl § 2-5 a",
    "hol § 7-1",
    "ipf § 8",
    stage="gate",
    control=["ip_need_notice"],
    views=False,
)
def specialists_notify_and_take_part(w: Weighing) -> Finding | None:
    """A hospital that sees the need for a plan notifies the coordinating unit; the municipality takes the lead."""
    if w.kind == "ip_need_notice":
        return Finding(opens=NOTICE) if w.receiver == "coordinating_unit" else Finding(shuts=NOTICE)
    return NOTED if w.sender in SPECIALIST else None


@rule("COO-07", "hol § 7-2 a", stage="gate", views=False, rests=["coordination", "age"])
def the_mandate_has_ended(w: Weighing) -> Finding | None:
    """A child coordinator's mandate ends at 18 or when the family does not want it; the next in line follows."""
    return NOTED if w.disclosure.plan.child_coordinator and not has_mandate(w) else None


@rule("COO-08", "ipf § 7", "ipf § 9", "ipf § 10", stage="gate", views=False, rests=["coordination"])
def own_measures_are_ones_own(w: Weighing) -> Finding | None:
    """A service changes its own measures; goals, period, team and others' measures wait for the coordinator."""
    if own_measure(w):
        return Finding(opens=w.categories)
    return NOTED if of_record(w) == w.sender else Finding(holds=w.categories)


@rule("COO-09", "bvl § 13-5", "bhl § 35", "hol § 7-2 a", stage="gate", control=["handover_bvt"], rests=["residence"])
def another_municipality(w: Weighing) -> Finding | None:
    """Coordinator and consents do not move along: a plan waits for the new municipality, child welfare's notice not."""
    if w.kind == "handover_bvt":
        handed = (w.sender, w.receiver) == ("child_welfare", "other_child_welfare")
        return Finding(opens=NOTICE) if handed else Finding(shuts=NOTICE)
    home = w.disclosure.sender.municipality
    away = w.disclosure.receiver.municipality != home or w.subject.municipality != home
    return Finding(holds=w.categories) if away else None


@rule("COO-10", "bhl § 2 b", "oppll § 24-1", "krl § 4", "intgl § 50", control=["plan_accept", "plan_decline"])
def those_who_must_take_part(w: Weighing) -> Finding | None:
    """To accept a part in a plan is enough; one who must take part cannot decline without the coordinator."""
    if w.kind == "plan_decline" and w.sender in PLAN_DUTY:
        return Finding(holds=NOTICE)
    return Finding(opens=NOTICE)


@rule("COO-11", "ipf § 9", control=["plan_create"], rests=["coordination"])
def one_plan_for_one_person(w: Weighing) -> Finding | None:
    """There is one plan for one person; an open relay log is handed over and closed before a plan begins."""
    if w.disclosure.plan.plan_exists:
        return Finding(shuts=NOTICE)
    return Finding(holds=NOTICE) if w.disclosure.plan.stafettlogg_open else NOTED


@rule("COO-12", "ipf § 4", "ipf § 9", "bvl § 1-4", "crc art. 12", control=["plan_approve"], rests=["message"])
def the_child_has_taken_part(w: Weighing) -> Finding | None:
    """A version of a child's plan is approved once it says how the child took part."""
    described = w.disclosure.plan.participation_described or w.adult
    return Finding(opens=NOTICE) if described else Finding(holds=NOTICE)
