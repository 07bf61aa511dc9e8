"""What an element reveals, said by people: anybody at the table adds a category, its owner's people take one away.

To what the family says for itself only whoever coordinates adds one, and it loses one as the family says it anew.
"""

from __future__ import annotations

from dataclasses import replace

from hub.errors import UnusableError
from hub.model.plan import CATEGORIES, Element
from hub.model.service import FAMILY
from hub.ops.casework import Casework
from hub.ops.officials import Barred, official_of
from hub.policy import reveals
from hub.sync import stamped

NAMING = frozenset({"participant", "cooperation"})
"""Kinds that tell by themselves whose client the child is (RED-02)."""


def element_of(case: Casework, id: str) -> Element:
    """The element as it now is, the plan locked until the commit."""
    plan = case.work.plans.lock([case.plan.id], wait=True)[case.plan.id]
    found = plan.elements.get(id)
    if found is None or found.deleted:
        raise UnusableError("not_found", "there is no such element that you may see", place="element")
    return found


def relabel(case: Casework, id: str, wanted: frozenset[str]) -> Element | Barred:
    """The element with exactly these categories. Taking one away is for people whom the municipality has authorised
    in the owning service; who took it, and which, is on record."""
    now = element_of(case, id)
    if unknown := wanted - CATEGORIES:
        way_out = "the categories are listed in the plan's documentation"
        raise UnusableError("unknown_word", f"{len(unknown)} of them are none", place="categories", way_out=way_out)
    taken, added = now.categories - wanted, wanted - now.categories
    if not taken and not added:
        return now
    if why := _familys_own(case, now) or (_may_not_take(case, now, taken) if taken else None):
        return why
    changed = stamped(replace(now, categories=wanted))
    plan = case.work.plans.lock([case.plan.id], wait=True)[case.plan.id]
    newer = replace(plan, version=plan.version + 1, elements={**plan.elements, id: changed})
    case.work.plans.add([(newer, None)])
    case.work.looks.ask([plan.id])
    detail = {"person": case.hand.person, "taken": sorted(taken), "added": sorted(added)}
    case.desk.note(case.work, "element.relabelled", id, **detail)
    return changed


def _familys_own(case: Casework, now: Element) -> Barred | None:
    """A service could shut what the child says by calling it something: what it reveals is said with it, or added by
    whoever coordinates."""
    if now.owner != FAMILY or case.coordinates:
        return None
    way_out = "tell whoever coordinates what it reveals"
    return case.bar("not_permitted", "only the family changes its own words", way_out)


def _may_not_take(case: Casework, now: Element, taken: frozenset[str]) -> Barred | None:
    if case.facts.life.closing is not None:  # what it reveals besides can still be said, and shuts the more
        return case.bar("plan_closed", "nobody is told more of a plan that is closed", "open it anew")
    shown = str(now.content.get("service") or now.owner)
    if now.kind in NAMING and taken & reveals(shown):
        return case.bar("not_permitted", "taking part tells of it by itself", "leave the element out instead")
    official = official_of(case.work, case.desk, case.hand.person)
    if isinstance(official, Barred) or official.service != now.owner:
        way_out = "ask the service whose element it is; adding one is for anybody at the table"
        return case.bar("not_authorised", "a category is taken away by the owning service's own people", way_out)
    return None
