"""What has been decided about a plan since it was last looked at, made true in it: proposals enter, waits end.

Everything is found in the database, so it does not matter who decided, nor whether the worker lived that was to do it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from hub.model.plan import Plan
from hub.model.responsibility import Facts
from hub.model.wire import element_from_json
from hub.ports import AuditEntry, Delivery, Hold, Part, Proposal, Work
from hub.routing.letters import letters
from hub.routing.sender import may
from hub.routing.told import lay_answers
from hub.routing.waits import end_waits
from hub.sync import rebased, stamped
from hub.sync.merge import Permission

LEADS_NOW = "leads_now"
"""Why a proposal is accepted without anybody's word: whoever made it has come to coordinate the plan."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The plan with what was accepted in it, what that changed, and the part that is to blame for it."""

    plan: Plan
    changed: tuple[str, ...] = ()
    part: str | None = None
    told: tuple[Delivery, ...] = ()
    """Rows laid for those whose proposals were decided, or whose messages have come to end otherwise."""


def settle(work: Work, plan: Plan, facts: Facts, parts: Sequence[Part], now: datetime) -> Settled:
    """Makes true what was decided. The plan is locked; a new version of it is the caller's to write."""
    waiting = _routed(work, plan, facts, now)
    settled = _with_accepted(work, plan, [each for each in waiting if each.state == "accepted"])
    told = _end_parts(work, plan, parts, now)
    end_waits(work, plan.municipality, plan.id)
    return replace(settled, told=(*told, *lay_answers(work, plan, now)))


def _routed(work: Work, plan: Plan, facts: Facts, now: datetime) -> Sequence[Proposal]:
    """What is left to make true, once each change that waits for who coordinates and as a proposal has one answer.

    Whoever decided the one has decided the other. Where nobody has, and somebody has come to coordinate, the hold is
    over: the change is theirs to make, or a proposal to them.
    """
    holds = [hold for hold in work.holds.of(plan.municipality, plan.id) if not hold.receiver and hold.state != "lapsed"]
    if holds:
        systems = work.directory.systems()
        made = [each for each in work.proposals.of(plan.municipality, plan.id) if each.counters is None]
        pairs = {(each.part, each.element.get("id")): each for each in made}
        for hold in holds:
            if proposal := pairs.get((hold.part, hold.element)):
                element = element_from_json(dict(proposal.element))
                _answer(work, hold, proposal, may(element, systems[proposal.system], facts, now), now)
    return work.proposals.waiting(plan.municipality, plan.id)


def _answer(work: Work, hold: Hold, proposal: Proposal, answer: Permission, now: datetime) -> None:
    match hold.state, proposal.state:
        case "open", "open" if answer != "hold":
            _end(work, hold, "lapsed", now, {"gate": answer})
            if answer == "allowed":
                work.proposals.decide(replace(proposal, state="accepted", decided_by="hub", reason=LEADS_NOW))
        case "open", "accepted" | "declined" | "countered" as decided:
            by = replace(hold, decided_by=proposal.decided_by, reason=proposal.reason)
            _end(work, by, "released" if decided == "accepted" else "refused", now, {"proposal": proposal.id})
        case "released" | "refused" as decided, "open":
            state: Literal["accepted", "declined"] = "accepted" if decided == "released" else "declined"
            work.proposals.decide(replace(proposal, state=state, decided_by=hold.decided_by, reason=hold.reason))
            if state == "declined":
                work.views.tell_anew(proposal.plan, proposal.system, str(proposal.element["id"]))
            _note(work, hold, now, f"proposal.{state}", {"proposal": proposal.id})


def _end(
    work: Work, hold: Hold, state: Literal["lapsed", "released", "refused"], now: datetime, why: Mapping[str, object]
) -> None:
    work.holds.decide([replace(hold, state=state, decided_at=now)])
    _note(work, hold, now, f"hold.{state}", why)


def _note(work: Work, hold: Hold, now: datetime, action: str, why: Mapping[str, object]) -> None:
    detail = {"person": hold.decided_by, **why}
    work.audit.add([AuditEntry(hold.municipality, now, "hub", action, hold.id, detail)])


def _with_accepted(work: Work, plan: Plan, accepted: Sequence[Proposal]) -> Settled:
    """One version for all that was accepted, each on the element as it now is."""
    if not accepted:
        return Settled(plan)
    seen = work.plans.version((plan.id, each.base_version) for each in accepted)
    elements = dict(plan.elements)
    for each in accepted:
        made, base = element_from_json(dict(each.element)), seen.get((plan.id, each.base_version))
        before = base.elements.get(made.id) if base else None
        elements[made.id] = rebased(stamped(made), before, elements.get(made.id))
    changed = tuple(id for id, each in elements.items() if id not in plan.elements or each != plan.elements[id])
    newer = replace(plan, version=plan.version + 1, elements=elements) if changed else plan
    for each in accepted:
        work.proposals.decide(replace(each, merged_in=newer.version))
    return Settled(newer, changed, accepted[-1].part)


def _end_parts(work: Work, plan: Plan, parts: Sequence[Part], now: datetime) -> list[Delivery]:
    """Parts that waited for who coordinates: merged where what they said is now in the plan, else proposals.

    Gives the rows for senders that were told of them before.
    """
    held = [part for part in parts if part.state == "held"]
    if not held:
        return []
    open_ = {hold.part for hold in work.holds.open(plan.municipality, [plan.id]) if not hold.receiver}
    merged = {each.part for each in work.proposals.of(plan.municipality, plan.id) if each.merged_in is not None}
    over = [part for part in held if part.id not in open_]
    ended = [part._replace(state="merged" if part.id in merged else "proposed") for part in over]
    work.ledger.end(ended)
    rows = letters(work, ended, now)
    work.deliveries.add(rows)
    return rows
