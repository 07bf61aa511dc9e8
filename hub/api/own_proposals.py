"""What a sector system is told of its edits that others decide about; its answer to what is proposed in return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from hub.api.door import caller
from hub.api.needs import Hub, TheHub, desk
from hub.api.problems import documented
from hub.api.receipts import ProposalTold
from hub.api.shapes import Decided
from hub.model.service import System
from hub.model.wire import element_from_json
from hub.ops import proposals
from hub.ops.holds import Judgement
from hub.policy import still_known
from hub.ports import Proposal, Work
from hub.routing.look import look
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
    rows = work.proposals.of_parts(system.municipality, parts)
    return [
        ProposalTold(
            id=row.id,
            part=row.part,
            state=row.state,
            reason=None if row.state == "open" else row.reason,
            counters=row.counters,
            content=_content(hub, work, system, row) if row.counters else None,
        )
        for row in sorted(rows, key=lambda row: (row.created_at, row.counters or ""))
        if row.system == system.id
    ]


def _content(hub: Hub, work: Work, system: System, row: Proposal) -> dict[str, Any] | None:
    """What is proposed in return, while the system may see the element; one that is in no plan yet is its own word."""
    plan, facts = work.plans.current([row.plan]).get(row.plan), work.persons.facts([row.child]).get(row.child)
    if plan is None or facts is None or row.state != "open":
        return None
    element, now = element_from_json(dict(row.element)), hub.clock.now()
    known = still_known(facts, now, timedelta(hours=hub.settings.register_hours))
    opened = (
        look(plan, known, system, hub.registry, now).decision.opened if element.id in plan.elements else [element.id]
    )
    return dict(element.content) if element.id in opened else None
