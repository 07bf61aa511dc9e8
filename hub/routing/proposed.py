"""What was proposed and what became of it: read for the deliveries that tell the proposer of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hub.model.envelope import PROPOSAL_ANSWER
from hub.ports import Delivery, Proposal, Work


class Proposed(NamedTuple):
    """A decided proposal; what was proposed in return, while that waits; the proposer's own message it stood in."""

    proposal: Proposal
    counter: Proposal | None
    message: str
    kind: str

    @property
    def plan(self) -> str:
        return self.proposal.plan


def proposed(work: Work, rows: Sequence[Delivery]) -> Mapping[str, Proposed]:
    """By delivery; a row names its proposal by its digest, which no retry changes."""
    found = {row.id: _one(work, row) for row in rows if row.kind == PROPOSAL_ANSWER}
    return {id: each for id, each in found.items() if each is not None}


def _one(work: Work, row: Delivery) -> Proposed | None:
    proposal = work.proposals.find(row.municipality, row.digest.hex())
    part = next(iter(work.ledger.of(row.municipality, row.part)), None)
    if proposal is None or part is None:
        return None
    made = work.proposals.of_parts(row.municipality, [row.part])
    counter = next((each for each in made if each.counters == proposal.id and each.state == "open"), None)
    receipt = work.inbox.receipt(row.municipality, row.system, part.message)
    return Proposed(proposal, counter, receipt.message_id if receipt else "", part.kind)
