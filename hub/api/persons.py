"""Register facts: what a decision about a child is made on. Control scope only."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Header, Response

from hub.api.acting import allowed, by_turns
from hub.api.conditions import Seen
from hub.api.coordination import ANSWERS, coordination_out
from hub.api.door import Controller
from hub.api.needs import TheHub, desk
from hub.api.person_words import ChildFacts, Coordination, FactsOut, NecessityIn, facts_out, with_child
from hub.api.problems import Problem, documented
from hub.model.responsibility import Facts
from hub.ops import appointments
from hub.ops.casework import Casework, take_up
from hub.ops.closing import in_turn, while_open
from hub.ops.enrol import change_facts, facts_of
from hub.ops.hands import Hand
from hub.ops.officials import Barred
from hub.policy.tasks import COORDINATING_UNIT

router = APIRouter(tags=["facts"])
LONGEST = 16
"""Digits that a version never comes to."""
IfMatch = Annotated[str | None, Header(description="the ETag that was read: 412 when the facts have changed since")]


@router.get("/v1/persons/{child}", responses=documented(404), summary="Read the facts")
def get_person(child: str, hub: TheHub, system: Controller, response: Response) -> FactsOut:
    """Everything decided on for this child but its consents, with the version as ETag."""
    with hub.store.begin() as work:
        return _tagged(response, facts_of(work, desk(hub, system), child))


@router.put("/v1/persons/{child}", responses=documented(400, 404, 412, 422), summary="Put the register facts")
def put_person(
    child: str, told: ChildFacts, hub: TheHub, system: Controller, response: Response, if_match: IfMatch = None
) -> FactsOut:
    """Replaces the register facts whole: what is left out is no longer known, and opens nothing."""
    with hub.store.begin() as work:
        version = _version(if_match)
        changed = change_facts(
            work, desk(hub, system), child, lambda now: with_child(now, told, hub.clock.now()), version=version
        )
    hub.facts_changed(child)
    return _tagged(response, changed)


@router.put("/v1/persons/{child}/necessities", responses=documented(404, 422), summary="Put documented necessities")
def put_necessities(
    child: str, told: list[NecessityIn], hub: TheHub, system: Controller, response: Response
) -> FactsOut:
    """Why services must share under a statute. Replaces the list."""
    rows = tuple(row.necessity_row() for row in told)
    with hub.store.begin() as work:
        changed = change_facts(work, desk(hub, system), child, lambda now: replace(now, necessities=rows))
    hub.facts_changed(child)
    return _tagged(response, changed)


@router.put("/v1/plans/{id}/coordination", responses=ANSWERS, summary="Put who coordinates")
def put_coordination(id: str, told: Coordination, hub: TheHub, system: Controller, seen: Seen) -> FactsOut:
    """As a register outside the hub has it. Goals, period and team change by the coordinator of record only; anyone
    else's edit becomes a proposal. `If-Match` is the ETag of the coordination as it was read."""
    at, office = desk(hub, system), Hand(system.id, COORDINATING_UNIT, decides=True)  # of all its districts

    def put(case: Casework) -> Casework:
        seen.hold(coordination_out(case))
        return appointments.put_coordination(case, told.responsibility())

    def taken() -> Casework | Barred:
        with hub.store.begin() as work:
            case = take_up(work, at, office, id)
            return case if isinstance(case, Barred) else in_turn(while_open(put))(case)

    done = allowed(by_turns(taken))
    hub.facts_changed(done.plan.child)
    seen.tag(coordination_out(done))
    return facts_out(done.facts)


def _tagged(response: Response, facts: Facts) -> FactsOut:
    response.headers["ETag"] = f'"{facts.version}"'
    return facts_out(facts)


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match == "*":
        return None
    tag = if_match.removeprefix("W/").strip('"')
    if not (tag.isascii() and tag.isdigit() and len(tag) < LONGEST):
        raise Problem("bad_header", "If-Match must hold the ETag that was read", place="If-Match")
    return int(tag)
