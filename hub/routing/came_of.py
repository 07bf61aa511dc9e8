"""What came of a directed message at its one receiver: a code on its part, which its sender reads or is told by letter.

It says that it did not come through and, where the sender's own claim was to blame, what to mend: never what is known
of the child, nor what the receiver said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from hub.model.codes import NOT_PASSED_ON
from hub.model.envelope import LETTERS
from hub.policy import Decision
from hub.ports import Delivery, Work
from hub.routing.letters import letters
from hub.routing.unheard import NOT_RECEIVED

NO_GROUND = "no_ground"
"""A report that names none of the statutory grounds returns to its sender at once (DUT-02)."""

CODES: Mapping[str, str | None] = {
    "delivered": None,
    "denied": NOT_PASSED_ON,
    "rejected": NOT_RECEIVED,
    "expired": NOT_RECEIVED,
    "set_aside": NOT_RECEIVED,
}


def blame(decision: Decision) -> str | None:
    """Why the sender's own claim keeps a denied message from its receiver; `None` where it does not."""
    return NO_GROUND if decision.outcome == "deny" and "DUT-02" in decision.rules else None


def code_of(row: Delivery) -> str | None:
    """What its sender is told of a row that has ended."""
    return NO_GROUND if (row.state, row.code) == ("denied", NO_GROUND) else CODES[row.state]


def came_of(work: Work, rows: Iterable[Delivery], now: datetime) -> list[Delivery]:
    """Keeps what came of each directed message among these on its part. Lays the letters to senders, and gives them:
    also that one which had been set aside came through after all. What comes of a letter itself is told nobody."""
    ended = (row for row in rows if row.plan is None and row.kind not in LETTERS and row.state in CODES)
    return keep(work, {row.part: code_of(row) for row in ended}, now)


def keep(work: Work, codes: Mapping[str, str | None], now: datetime) -> list[Delivery]:
    """Keeps these codes on the parts, by id, that went to one receiver, and lays the letters about what is new."""
    if not codes:
        return []
    passed = [part for part in work.ledger.find(sorted(codes)) if part.state == "passed"]
    told = [part._replace(code=codes[part.id]) for part in passed]
    work.ledger.end([part for part, before in zip(told, passed, strict=True) if part.code != before.code])
    laid = letters(work, told, now)
    work.deliveries.add(laid)
    return laid
