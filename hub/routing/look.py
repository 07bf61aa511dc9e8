"""One receiver's view of a plan: hidden and unnamed where it must be, decided element by element, and cut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from hub.model.calendar import norwegian_day
from hub.model.plan import Element, Plan
from hub.model.responsibility import Facts
from hub.model.service import System
from hub.policy import ViewDecision, decide_view
from hub.routing.catalogue import Catalogue, Desk, outbound
from hub.routing.hidden import hidden, warned
from hub.routing.unnamed import telling, unnamed
from hub.sync import Cut, as_released, carried_digest, cut_view


@dataclass(frozen=True, slots=True)
class Looked:
    """One receiver's decision and cut."""

    plan: Plan
    system: System
    desk: Desk
    decision: ViewDecision
    cut: Cut
    closed: bool = False
    """Whether the plan is closed: what is held is then kept back, and nobody is asked about it."""

    def value(self, element: Element) -> str:
        """What the receiver's format can say of an element, as a digest."""
        return carried_digest(element, self.desk.carries[element.kind])


def look(plan: Plan, facts: Facts, system: System, catalogue: Catalogue, now: datetime) -> Looked:
    """Decides one view and cuts it. Elements the receiver's format cannot hold are not asked about."""
    desk = outbound(catalogue, system)
    elements = [each for each in plan.elements.values() if each.kind in desk.carries]
    if system.service in facts.life.waits_to_start(norwegian_day(now)):
        elements = [each for each in elements if each.owner == system.service]
    digests = {each.id: each.digest for each in elements}
    told, hides = plan, facts.child.protection == "strictly_confidential"
    if facts.releases:
        elements = [as_released(each, facts.releases.get((each.id, each.digest, system.id))) for each in elements]
    if hides:
        elements = hidden(elements, system.service)
    decision = decide_view(facts, system.party, elements, now, system=system.id, digests=digests)
    if hides:
        elements = warned(elements, [plan.elements[id] for id in decision.opened], system.service)
    if decision.unnamed:
        elements = telling(elements, decision.unnamed)
    if hides or decision.unnamed:
        decision = decide_view(facts, system.party, elements, now, system=system.id, digests=digests)
    if hides or facts.releases or decision.unnamed:
        told = replace(plan, elements={each.id: _as_told(each, decision) for each in elements})
    cut = cut_view(told, decision.opened, desk.carries, system.service)
    return Looked(plan, system, desk, decision, cut, closed=facts.life.closing is not None)


def _as_told(element: Element, decision: ViewDecision) -> Element:
    return unnamed(element) if element.id in decision.unnamed else element
