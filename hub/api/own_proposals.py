"""What a sector system is told of its edits that others decide about; its answer to what is proposed in return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from hub.api.door import caller
from hub.api.needs import Hub, TheHub, desk
from hub.api.problems import documented
from hub.api.receipts import ProposalTold
from hub.api.shapes import Decided
from hub.model.service import System
from hub.ops import proposals
from hub.ops.holds import Judgement
from hub.policy import still_known
from hub.ports import Proposal, Work
from hub.routing.look import look
from hub.routing.told import Known, as_if, known_of, offer
from hub.security.tokens import WRITE

router = APIRouter(tags=["messages"])


class CounterAnswerIn(Decided):
    """A yes or a no to what was proposed in return."""

    accepted: bool = Field(examples=[True])


@router.post(
    "/v1/messages/proposals/{id}/answer", responses=documented(404, 409, 422), summary="Answer a counter-proposal"
)
def post_counter_answer(
    id: str, told: CounterAnswerIn, hub: TheHub, system: Annotated[System, Depends(caller(WRITE))]
) -> ProposalTold:
    """Only the system that made the first proposal can, and once; it finds the id in its receipt."""
    judgement = Judgement(told.person, told.reason)
    with hub.store.begin() as work:
        row = proposals.answer_counter(work, desk(hub, system), id, judgement, accepted=told.accepted)
    hub.settle(row)
    return ProposalTold(
        id=row.id, part=row.part, state=row.state, reason=row.reason, counters=row.counters, content=None
    )


def proposals_told(hub: Hub, work: Work, system: System, parts: Sequence[str]) -> list[ProposalTold]:
    """What its sender reads in its receipt: how each edit stands, why, and what is proposed in return."""
    rows = [row for row in work.proposals.of_parts(system.municipality, parts) if row.system == system.id]
    rows.sort(key=lambda row: (row.created_at, row.counters or ""))
    return [_told(hub, work, system, row, rows) for row in rows]


def _told(hub: Hub, work: Work, system: System, row: Proposal, rows: Sequence[Proposal]) -> ProposalTold:
    """Words and content only while the system may see the element (`hub.routing.told`)."""
    known = None if row.state == "open" and row.counters is None else _known(hub, work, system, row)
    first = next((each for each in rows if each.id == row.counters), None)
    knows = known is not None and known.element is not None
    waits = first is not None and row.state == "open"
    return ProposalTold(
        id=row.id,
        part=row.part,
        state=row.state,
        reason=row.reason if knows and row.state != "open" else None,
        counters=row.counters,
        content=dict(offer(known, first) or {}) if knows and known and first and waits else None,
    )


def _known(hub: Hub, work: Work, system: System, row: Proposal) -> Known | None:
    plan, facts = work.plans.current([row.plan]).get(row.plan), work.persons.facts([row.child]).get(row.child)
    if plan is None or facts is None:
        return None
    now = hub.clock.now()
    known = still_known(facts, now, timedelta(hours=hub.settings.register_hours))
    return known_of(look(as_if(plan, row), known, system, hub.registry, now), row)
