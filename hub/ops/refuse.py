"""A message turned away before its body was read still gets its line in the ledger, when its sender is known."""

from __future__ import annotations

from uuid import uuid4

from hub.model.envelope import Arrival, PartReceipt, Receipt
from hub.ports import Clock, Keys, Part, Work


def turn_away(work: Work, keys: Keys, clock: Clock, arrival: Arrival, code: str) -> Receipt:
    """Files the message as refused. The same id again gets the same receipt: nothing is filed twice."""
    key = (arrival.system, arrival.message_id)
    if before := work.inbox.known([key]).get(key):
        return before[1]
    id, now = uuid4().hex, clock.now()
    part = Part(uuid4().hex, id, arrival.municipality, arrival.system, arrival.kind, "refused", now, code=code)
    receipt = Receipt(id, arrival.message_id, arrival.kind, now, (PartReceipt(part.id, "refused", code),))
    work.inbox.add([(arrival, receipt, keys.fingerprint("refused", code))])
    work.ledger.add([part])
    return receipt
