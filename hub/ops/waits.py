"""What waited for a hold that a person has decided, in the same commit."""

from __future__ import annotations

from hub.model.codes import NOT_PASSED_ON
from hub.model.envelope import DeliveryState
from hub.ops.enrol import Desk
from hub.ports import Hold, Work


def end_wait(work: Work, desk: Desk, hold: Hold) -> None:
    """A directed message goes back to waiting, or ends, and its sender's receipt says so; what belongs to a plan is
    settled by a look at it."""
    if hold.plan is not None:
        work.looks.ask([hold.plan])
        return
    if hold.state == "refused" and any(_same_wait(each, hold) for each in work.holds.open(desk.municipality)):
        return
    now = desk.clock.now()
    state: DeliveryState = "waiting" if hold.state == "released" else "denied"
    waiting = [
        row._replace(state=state, next_at=now, revived_at=now)
        for row in work.deliveries.of(desk.municipality, hold.part)
        if (row.state, row.system) == ("held", hold.receiver)
    ]
    work.deliveries.revive(waiting)
    if state == "denied":
        stopped = work.ledger.find([row.part for row in waiting])
        work.ledger.end([part._replace(code=NOT_PASSED_ON) for part in stopped])


def _same_wait(one: Hold, other: Hold) -> bool:
    return one.id != other.id and (one.part, one.receiver) == (other.part, other.receiver)
