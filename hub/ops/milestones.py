"""What happens to the person in a plan's life: is born, is identified, moves, comes of age; or is never born."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hub.errors import UnusableError
from hub.model.person import Guardian
from hub.model.responsibility import Facts
from hub.ops.casework import Casework
from hub.ops.mandates import nobody
from hub.ops.officials import Barred
from hub.ops.tasks import Put, end_all

ANOTHERS = "somebody with that number has a plan already (COO-11)"
HAND_OVER = "hand this plan over to the one there is, and close it"


def is_born(case: Casework, on: date, guardians: tuple[Guardian, ...], number: str | None) -> Casework | Barred:
    """An expected child is born (law.md § 3.5). The pregnant person's consents were hers and open nothing of the
    child's: they are asked anew of who now decides for it."""
    if why := case.must_coordinate():
        return why
    child = case.facts.child
    if not child.unborn:
        raise UnusableError("already_born", "the plan is not about an expected child", place="birth_date")
    if number is not None:
        if case.work.persons.by_number(child.municipality, number) not in (None, child.id):
            return case.bar("plan_exists", ANOTHERS, HAND_OVER)
        case.work.persons.identify(child.id, child.municipality, number)
        case = case.anew()
    born = replace(child, birth_date=on, unborn=False, guardians=guardians, hearing=None, maturity=None)
    case = case.change(lambda facts: _born(replace(facts, child=born), case))
    case.put(Put("renew_consents", subject="born", once=f"occasion:renew_consents:{child.id}:born"))
    if number is None:
        case.put(Put("clarify_identity", once=f"clarify_identity:{case.plan.id}"))
    case.note("child.born")
    return case


def is_identified(case: Casework, number: str) -> Casework | Barred:
    """A national number for somebody whose identity was provisional (O-17). Nobody gets a second plan by it."""
    if not case.hand.of_the_unit:
        return case.bar("not_authorised", "the coordinating unit establishes who somebody is")
    other = case.work.persons.by_number(case.desk.municipality, number)
    if other == case.plan.child:
        return case
    if other is not None:
        return case.bar("plan_exists", ANOTHERS, HAND_OVER)
    if case.plan.child in case.work.persons.numbers(case.desk.municipality, [case.plan.child]):
        return case.bar("already_identified", "this person has another number", "have the register put it right")
    case.work.persons.identify(case.plan.child, case.desk.municipality, number)
    case = case.anew().live(lambda life: replace(life, provisional=False))
    end_all(case.work, case.desk, case.plan.id, {"clarify_identity": "known"}, case.hand.person)
    case.note("child.identified")
    return case


def moves(case: Casework, to: str) -> Casework | Barred:
    """The child moves to another municipality (COO-09): who coordinates here coordinates no longer, structure waits,
    and child welfare notifies the new one (bvl § 13-5). The plan is closed once that one has taken over."""
    if why := case.must_coordinate():
        return why
    child = case.facts.child
    if to == child.municipality and child.residence in (None, to):
        raise UnusableError("impossible_fact", "the child lives here already", place="to")
    if child.residence == to:
        return case
    moved = replace(child, residence=None if to == child.municipality else to)
    case = case.change(lambda facts: nobody(replace(facts, child=moved), "moved", case.mark))
    case.note("child.moved", to=to)
    return case


def _born(facts: Facts, case: Casework) -> Facts:
    """Hers are withdrawn for the future: a record about a pregnancy says nothing of the child."""
    ended = tuple(
        replace(one, withdrawn_at=case.now) if one.giver == "pregnant_person" and one.withdrawn_at is None else one
        for one in facts.consents
    )
    return replace(facts, consents=ended)
