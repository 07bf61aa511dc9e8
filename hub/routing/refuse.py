"""A message turned away before its body was read still gets its line in the ledger, when its sender is known."""

from __future__ import annotations

from hub.errors import UnusableError
from hub.model.envelope import Arrival, PartReceipt, Receipt, fresh_id
from hub.ports import Clock, Keys, Part, Work


def turn_away(work: Work, keys: Keys, clock: Clock, arrival: Arrival, fault: UnusableError) -> Receipt:
    """Files the message as refused. The same id again gets the same receipt: nothing is filed twice."""
    key = (arrival.system, arrival.message_id)
    if before := work.inbox.known([key]).get(key):
        return before[1]
    id, now, code, place = fresh_id(), clock.now(), fault.code, fault.place
    part = Part(fresh_id(), id, arrival.municipality, arrival.system, arrival.kind, "refused", now)
    part = part._replace(code=code, place=place)
    receipt = Receipt(id, arrival.message_id, arrival.kind, now, (PartReceipt(part.id, "refused", code, place),))
    work.inbox.add([(arrival, receipt, keys.fingerprint("refused", code))])
    work.ledger.add([part])
    return receipt
