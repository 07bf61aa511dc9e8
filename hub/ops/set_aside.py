"""What could not be used and was set aside: list, show, put back in the queue, or discard with a reason. Never edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hub.errors import UnusableError
from hub.ops.enrol import Desk
from hub.ports import AsideRow, Part, Work


def list_aside(work: Work, desk: Desk) -> Sequence[AsideRow]:
    """Every row of the municipality that nobody has dealt with, oldest first."""
    rows = [row for row in work.set_aside.list(desk.municipality) if row.state == "open"]
    return sorted(rows, key=lambda row: row.created_at)


def show(work: Work, desk: Desk, id: str) -> AsideRow:
    """One row, open or not."""
    row = work.set_aside.find(desk.municipality, id)
    if row is None:
        raise UnusableError("not_found", "nothing of that id is set aside in this municipality", place="set_aside")
    return row


def replay(work: Work, desk: Desk, id: str) -> AsideRow:
    """Gives the part or delivery back to the hub, for the target it had; it is decided anew with today's facts.

    A delivery keeps its id, and has a whole lifetime again.
    """
    row = _open(work, desk, id)
    if row.subject == "part":
        _pend(work, desk, row)
    elif row.subject == "delivery":
        _wait(work, desk, row)
    else:
        raise UnusableError("no_replay", "a broker message carries only an id: the sweep has published it again")
    return _closed(work, desk, replace(row, state="replayed"))


def discard(work: Work, desk: Desk, id: str, person: str, reason: str) -> AsideRow:
    """Closes the row for good; the ledger line stays as it ended."""
    row = replace(_open(work, desk, id), state="discarded", reason=reason)
    return _closed(work, desk, row, person=person)


def _pend(work: Work, desk: Desk, row: AsideRow) -> None:
    part = next(iter(work.ledger.find([row.subject_id])), None)
    if part is None or part.municipality != desk.municipality or part.document is None:
        raise UnusableError("no_replay", "its document is no longer kept", way_out="ask the sender to send it again")
    if part.plan and any(_overtakes(each, part) for each in work.ledger.of(desk.municipality, part.plan)):
        raise UnusableError(
            "no_replay",
            "a later document of the same system has been taken in: replaying this one would undo it",
            way_out="ask the sender to send it again",
        )
    work.ledger.end([part._replace(state="pending", code=None, place=None)])


def _overtakes(other: Part, part: Part) -> bool:
    """Whether the other has told the hub what the same document of that system says later."""
    later = (other.number or 0) > (part.number or 0) and other.state in ("merged", "proposed", "unchanged", "held")
    return later and (other.system, other.kind) == (part.system, part.kind)


def _wait(work: Work, desk: Desk, row: AsideRow) -> None:
    delivery = next(iter(work.deliveries.of(desk.municipality, row.subject_id)), None)
    if delivery is None:
        raise UnusableError("no_replay", "its delivery is no longer kept")
    now = desk.clock.now()
    again = delivery._replace(state="waiting", code=None, attempts=0, next_at=now, receipt_at=None, revived_at=now)
    work.deliveries.revive([again])


def _open(work: Work, desk: Desk, id: str) -> AsideRow:
    row = show(work, desk, id)
    if row.state != "open":
        raise UnusableError("already_decided", f"it is {row.state}", way_out="read it again")
    return row


def _closed(work: Work, desk: Desk, row: AsideRow, **detail: object) -> AsideRow:
    work.set_aside.close(row)
    desk.note(work, f"aside.{row.state}", row.subject_id, aside=row.id, code=row.code, **detail)
    return row
