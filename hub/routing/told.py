"""What a proposer is told: its proposal was accepted, declined or countered, why, and what is proposed in return.

One delivery a decision, laid in the transaction that finds it decided, whoever decided it; at its dispatch it is
decided what the proposer may know by then. That its own message was answered it may always know, and may no longer
see the element: then the answer goes without words and without content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from hub.errors import UnusableError
from hub.model.envelope import PROPOSAL_ANSWER, fresh_id
from hub.model.life import SILENT
from hub.model.plan import Element, Plan, Value
from hub.model.service import FETCHES, System
from hub.model.wire import element_from_json
from hub.policy import still_known
from hub.ports import Delivery, Part, Proposal, Work
from hub.routing.catalogue import Catalogue
from hub.routing.forward import decided
from hub.routing.look import Looked, look
from hub.routing.prepared import Prepared, Room
from hub.routing.proposed import Proposed
from hub.sync.keys import key_in


class Known(NamedTuple):
    """What a proposer may know of what became of its proposal: the look that decided it, and the element if opened."""

    looked: Looked
    element: Element | None


def lay_answers(work: Work, plan: Plan, now: datetime) -> list[Delivery]:
    """A row for each decision that no proposer has been told of. The plan is locked, so each is laid once."""
    untold = work.proposals.untold(plan.municipality, plan.id)
    if not untold:
        return []
    systems, parts = work.directory.systems(), work.ledger.find([each.part for each in untold])
    by_id = {part.id: part for part in parts}
    heard = {each.id for each in systems.values() if _listens(each)}
    rows = [_row(each, by_id[each.part], now) for each in untold if each.system in heard and each.part in by_id]
    work.deliveries.add(rows)
    work.proposals.told(each.id for each in untold)
    return rows


def _listens(system: System) -> bool:
    """No API takes an answer: a system that is pushed to fetches it, if it is registered to fetch anything."""
    return system.delivery != "push" or FETCHES in system.scopes


def _row(proposal: Proposal, part: Part, now: datetime) -> Delivery:
    """No plan: it takes no part in the order of a plan's views, and counts no version of them."""
    return Delivery(
        fresh_id(),
        proposal.municipality,
        proposal.system,
        PROPOSAL_ANSWER,
        part.id,
        "waiting",
        now,
        child=proposal.child,
        digest=bytes.fromhex(proposal.id),
        next_at=now,
        correlation_id=part.correlation_id,
        traceparent=part.traceparent,
    )


def tell(row: Delivery, room: Room, done: Prepared, catalogue: Catalogue, known_for: timedelta) -> None:
    """Decides what the proposer may know now, and lets its answer leave."""
    told = room.proposed.get(row.id)
    plan = room.plans.get(told.plan) if told else None
    facts = room.facts.get(row.child or "")
    if told is None or plan is None or facts is None:
        raise UnusableError("unknown_plan", "what was proposed is no longer here")
    closing = facts.life.closing
    silent = closing is not None and closing.why in SILENT
    system, known = room.systems[row.system], still_known(facts, done.at, known_for)
    seat = any(link.system == system.id for link in room.links.get(plan.id, ()))
    asked = told.counter or told.proposal
    found = known_of(look(as_if(plan, asked), known, system, catalogue, done.at), asked)
    if not seat:
        found = found._replace(element=None)
    cause = Part(row.part, "", row.municipality, row.system, row.kind, "merged", row.created_at, plan.id, row.child)
    ends = row._replace(state="denied") if silent else row
    done.decisions.append(decided(found.looked.decision, cause, ends, "dispatch", done.at))
    if silent:
        done.end(row, "denied", "plan_closed")
        return
    left = row._replace(version=1, plan_version=plan.version)
    done.leave(left, PROPOSAL_ANSWER, orjson.dumps(answer(told, found, system)), (told.message, told.kind))


def as_if(plan: Plan, proposal: Proposal) -> Plan:
    """The plan as if it held what is proposed in return, or is new in it: so the proposer's view of it is decided."""
    element = element_from_json(dict(proposal.element))
    offered = proposal.counters is not None and proposal.state == "open"
    if not offered and element.id in plan.elements:
        return plan
    return replace(plan, elements={**plan.elements, element.id: element})


def known_of(looked: Looked, proposal: Proposal) -> Known:
    """What the proposer may see of that, it may be told; of a plan that is closed nothing."""
    opened = next((each for each in looked.cut.elements if each.id == proposal.element["id"]), None)
    return Known(looked, None if looked.closed else opened)


def offer(known: Known, proposal: Proposal) -> Mapping[str, Value] | None:
    """What is proposed in return of the fields that its proposer may see and had otherwise."""
    if known.element is None:
        return None
    said = element_from_json(dict(proposal.element)).content
    return {name: value for name, value in known.element.content.items() if value != said.get(name)}


def answer(told: Proposed, known: Known, system: System) -> dict[str, Any]:
    """The body, in the proposer's own ids and keys."""
    proposal, element = told.proposal, known.element
    body: dict[str, Any] = {"proposal": proposal.id, "message": told.message, "part": proposal.part}
    body["state"] = proposal.state
    if told.counter is not None:
        body["counter"] = {"proposal": told.counter.id}
    if element is not None:
        body |= {"kind": element.kind, "key": key_in(element, system.id), "reason": proposal.reason or ""}
        if told.counter is not None:
            body["counter"]["content"] = offer(known, proposal)
    return body
