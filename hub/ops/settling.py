"""In which city district (*bydel*) a child lives: asked for where it is not known, told by people or by the register.

A move between districts is no move between municipalities: the plan, its consents and its coordinator stay, and what
waits for the coordinating unit is the new district's from then on.
"""

from __future__ import annotations

from dataclasses import replace

from hub.errors import UnusableError
from hub.model.plan import Plan
from hub.model.responsibility import Facts
from hub.ops.casework import Casework
from hub.ops.districts import units_of
from hub.ops.enrol import Desk
from hub.ops.officials import Barred
from hub.ops.tasks import Put, end_all, open_task
from hub.ports import Work


def ask_where(work: Work, desk: Desk, plan: Plan, facts: Facts) -> None:
    """The municipality's own unit is to find out, where there are districts and none is known. Nobody asks where one
    lives whose address is strictly confidential, or who lives in another municipality."""
    child, districts = facts.child, units_of(work, desk).districts
    elsewhere = child.residence not in (None, child.municipality)
    if districts and child.district not in districts and child.protection != "strictly_confidential" and not elsewhere:
        open_task(work, desk, Put("find_district", once=f"find_district:{plan.id}"), plan)


def settle(case: Casework, district: str | None) -> Casework | Barred:
    """Told by whoever coordinates; without a district the municipality's own unit keeps the case. Whoever is of
    another district finds the plan no longer."""
    if why := case.must_coordinate():
        return why
    declared = {each.number for each in case.work.directory.districts(case.desk.municipality)}
    if district is not None and district not in declared:
        way_out = f"one of {', '.join(sorted(declared))}" if declared else "declare districts: `langbenk config apply`"
        raise UnusableError("unknown_word", "not a district of this municipality", place="district", way_out=way_out)
    if district is not None and case.facts.child.protection == "strictly_confidential":
        raise UnusableError("impossible_fact", "where this child lives is not kept (ADR-01)", place="district")
    if district != case.facts.child.district:
        case = case.change(lambda facts: replace(facts, child=replace(facts.child, district=district)))
        case.note("child.settled")
    end_all(case.work, case.desk, case.plan.id, {"find_district": "known" if district else "kept"}, case.hand.person)
    return case


def settled(work: Work, desk: Desk, facts: Facts) -> None:
    """The register has answered: nobody need find out any more where it now says."""
    plan = work.plans.of_child(desk.municipality, facts.child.id)
    if plan is not None and facts.child.district in units_of(work, desk).districts:
        end_all(work, desk, plan, {"find_district": "known"}, desk.actor)
